import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.app import SECONDS_PER_TURN, leave_a_core_to_the_window, run_window
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.system.paths import AppPaths
from sana_desktop.ui.main_window import MainWindow
from support.fake_engine import FakeEngine
from support.packs import manifest


@pytest.fixture
def process_as_before(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take back what a composition root may do to its process."""
    turn, colours, sheet = sys.getswitchinterval(), QPalette(qapp.palette()), qapp.styleSheet()
    yield
    sys.setswitchinterval(turn)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(colours)


def refuse() -> PictureEngine:
    """An engine that nobody should ask for."""
    raise AssertionError("the engine was made before a job needed it")


def windows() -> list[MainWindow]:
    """The main windows that exist."""
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]


@pytest.mark.usefixtures("process_as_before")
def test_a_window_that_nobody_draws_in_makes_no_engine(qtbot: QtBot, tmp_path: Path) -> None:
    probe = tmp_path / "probe.json"
    code = run_window(
        paths=AppPaths.below(tmp_path),
        pack=manifest(tmp_path),
        make_engine=refuse,
        random_seed=lambda: 7,
        probe=probe,
    )
    assert code == 0
    assert probe.exists()
    assert windows() == []
    assert sys.getswitchinterval() == pytest.approx(SECONDS_PER_TURN)


@pytest.mark.usefixtures("process_as_before")
def test_a_picture_goes_to_the_folder_of_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    engine, paths = FakeEngine(), AppPaths.below(tmp_path)

    class Visitor:
        """Draws a picture as soon as the window is there, and closes it when the picture is."""

        def come(self) -> None:
            (window,) = windows()
            window._panel.set_draft({"prompt": "a red apple"})
            window._panel.generate()
            self.look()

        def look(self) -> None:
            if paths.pictures.exists() and any(paths.pictures.glob("*.png")):
                windows()[0].close()
            else:
                QTimer.singleShot(1, self.look)

    # Kept: a timer does not keep whom it calls.
    visitor = Visitor()
    QTimer.singleShot(0, visitor.come)
    code = run_window(paths=paths, pack=manifest(tmp_path), make_engine=lambda: engine, random_seed=lambda: 7)
    assert code == 0
    assert engine.closed
    assert len(list(paths.pictures.glob("*.png"))) == 1


def test_the_window_keeps_a_core_for_itself() -> None:
    environment: dict[str, str] = {}
    leave_a_core_to_the_window(environment)
    assert int(environment["OMP_NUM_THREADS"]) >= 1
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"


def test_what_the_user_has_set_stays() -> None:
    environment = {"OMP_NUM_THREADS": "12", "OMP_WAIT_POLICY": "ACTIVE"}
    leave_a_core_to_the_window(environment)
    assert environment == {"OMP_NUM_THREADS": "12", "OMP_WAIT_POLICY": "ACTIVE"}
