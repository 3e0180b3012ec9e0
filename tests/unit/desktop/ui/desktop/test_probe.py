import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.probe import StartProbe


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
