import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.app import SECONDS_PER_TURN, WindowOrder, leave_a_core_to_the_window, run_window
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.privacy import OfflineGuard
from sana_desktop.system.resources import resources_folder
from sana_desktop.ui.window.main_window import MainWindow
from support.fake_engine import FakeEngine
from support.fetches import no_hands
from support.packs import manifest
from support.settings import settings_in
from support.terminal import refuse_import
from support.window_stage import program_as_before

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.usefixtures("process_as_before"),
]


@pytest.fixture
def process_as_before(qapp: QApplication) -> Iterator[None]:
    """Take back what a composition root may do to its process."""
    turn = sys.getswitchinterval()
    with program_as_before(qapp):
        yield
    sys.setswitchinterval(turn)


def refuse() -> PictureEngine:
    """An engine that nobody should ask for."""
    raise AssertionError("the engine was made before a job needed it")


def order(home: Path, engine: FakeEngine | None = None, settings: str = "", **values: object) -> WindowOrder:
    """A window in `home` that is closed as soon as it is there, unless `on_shown` is among the values."""
    paths = AppPaths.below(home)
    pack = manifest(home / "packs" / "toy")

    def choose(last: str) -> PackManifest:
        return pack

    usual: dict[str, object] = {
        "paths": paths,
        "resources": resources_folder(),
        "settings": settings_in(paths.config, settings or None),
        "guard": OfflineGuard(),
        "pack_folders": (paths.packs,),
        "choose_pack": choose,
        "make_engine": lambda wish, tokenizer, plan: engine or refuse(),
        "install": refuse_import,
        "make_hands": lambda: no_hands(paths.packs),
        "random_seed": lambda: 7,
        "on_shown": close_soon,
    }
    return WindowOrder(**(usual | values))  # pyright: ignore[reportArgumentType]


def close_soon(window: MainWindow) -> None:
    QTimer.singleShot(0, window, window.close)


NO_WARM_UP = "[drawing]\nwarm_up = false\n"


def test_a_window_that_nobody_draws_in_makes_no_engine(qtbot: QtBot, tmp_path: Path) -> None:
    probe = tmp_path / "probe.json"
    nobody = order(tmp_path, settings=NO_WARM_UP, probe=probe, on_shown=lambda window: None)
    assert run_window(nobody) == 0
    assert probe.exists()
    assert [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)] == []
    assert sys.getswitchinterval() == pytest.approx(SECONDS_PER_TURN)


def test_a_picture_goes_to_the_folder_of_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    engine = FakeEngine()

    def draw(window: MainWindow) -> None:
        window.parts.bridge.jobFinished.connect(window.close)
        window.panel.set_draft({"prompt": "a red apple"})
        window.panel.generate()

    assert run_window(order(tmp_path, engine, on_shown=draw)) == 0
    assert engine.closed
    assert len(list(AppPaths.below(tmp_path).pictures.rglob("*.png"))) == 1


def test_the_next_start_knows_how_the_last_one_ended(qtbot: QtBot, tmp_path: Path) -> None:
    told: list[str] = []

    def look(window: MainWindow) -> None:
        told.append(window._messages.text)
        close_soon(window)

    assert run_window(order(tmp_path, settings=NO_WARM_UP, on_shown=look)) == 0
    (AppPaths.below(tmp_path).logs / "running.txt").write_text("2026-11-24 10:00:00")
    assert run_window(order(tmp_path, settings=NO_WARM_UP, on_shown=look)) == 0
    assert run_window(order(tmp_path, settings=NO_WARM_UP, on_shown=look)) == 0
    assert ["unexpectedly" in text for text in told] == [False, True, False]


def test_a_queue_of_a_newer_program_is_left_alone_and_told_of(qtbot: QtBot, tmp_path: Path) -> None:
    file = AppPaths.below(tmp_path).data / "queue.sqlite"
    file.mkdir(parents=True)
    told: list[str] = []

    def look(window: MainWindow) -> None:
        told.append(window._messages.text)
        close_soon(window)

    assert run_window(order(tmp_path, settings=NO_WARM_UP, on_shown=look)) == 0
    assert told != [""]
    assert file.is_dir()


def test_the_window_keeps_a_core_for_itself() -> None:
    environment: dict[str, str] = {}
    leave_a_core_to_the_window(environment)
    assert int(environment["OMP_NUM_THREADS"]) >= 1
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"


def test_what_the_user_has_set_stays() -> None:
    environment = {"OMP_NUM_THREADS": "12", "OMP_WAIT_POLICY": "ACTIVE"}
    leave_a_core_to_the_window(environment)
    assert environment == {"OMP_NUM_THREADS": "12", "OMP_WAIT_POLICY": "ACTIVE"}
