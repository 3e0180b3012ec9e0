import json
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.probe import StartProbe, process_age

REPOSITORY = Path(__file__).resolve().parents[5]


def test_it_reports_when_the_window_is_painted(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "probe.json"
    window = QWidget()
    qtbot.addWidget(window)
    probe = StartProbe(path)
    probe.mark("imports")
    probe.watch(window)
    assert not path.exists()
    with qtbot.waitSignal(probe.written):
        window.show()
    report = json.loads(path.read_text())
    assert 0 < report["imports_s"] <= report["window_ready_s"]
    assert report["torch_loaded"] is ("torch" in sys.modules)
    assert set(report) == {
        "imports_s", "window_ready_s", "torch_loaded", "transformers_loaded", "tokenizers_loaded",
    }  # fmt: skip


def test_it_reports_once(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "probe.json"
    window = QPushButton()
    qtbot.addWidget(window)
    probe = StartProbe(path)
    probe.watch(window)
    with qtbot.waitSignal(probe.written):
        window.show()
    with qtbot.assertNotEmitted(probe.written):
        window.hide()
        window.show()
        window.repaint()


def test_a_process_is_as_old_as_it_is() -> None:
    command = [sys.executable, "-c", "from sana_desktop.ui.desktop.probe import process_age; print(process_age())"]
    before = time.monotonic()
    told = float(subprocess.run(command, capture_output=True, check=True, text=True, cwd=REPOSITORY).stdout)
    # A tick of the kernel's clock is a hundredth of a second.
    assert 0 <= told <= time.monotonic() - before + 0.02
    assert process_age() >= told
