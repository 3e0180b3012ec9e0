import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from sana_desktop.errors import OutputError
from sana_desktop.ui.strip.trash_can import TrashCan


def test_files_are_moved_on_another_thread_in_order(qtbot: QtBot):
    moved: list[tuple[str, bool]] = []

    def move(path: Path) -> None:
        moved.append((path.name, threading.current_thread() is threading.main_thread()))

    can = TrashCan(move=move)
    with qtbot.waitSignals([can.moved, can.moved]):
        can.throw(Path("a.png"))
        can.throw(Path("b.png"))
    can.close()

    assert moved == [("a.png", False), ("b.png", False)]


def test_a_file_that_stays_is_told_of_and_the_next_one_goes(qtbot: QtBot):
    def move(path: Path) -> None:
        if path.name == "a.png":
            raise OutputError("a.png stays.")

    can = TrashCan(move=move)
    with qtbot.waitSignals([can.failed, can.moved], order="strict"):
        can.throw(Path("a.png"))
        can.throw(Path("b.png"))
    can.close()


def test_closing_waits_for_what_is_on_its_way(qtbot: QtBot):
    moved: list[Path] = []
    can = TrashCan(move=moved.append)
    for number in range(20):
        can.throw(Path(f"{number}.png"))
    can.close()
    can.close()

    assert len(moved) == 20
