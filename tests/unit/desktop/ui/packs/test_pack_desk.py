from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError, MachineError, WeightsError
from sana_desktop.services.packs import PackEvent, PackShelf, SurveyFailed
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.packs.pack_desk import PackDesk
from sana_desktop.ui.packs.pack_dialog import PackDialog
from support.pack_surveys import processor_machine
from support.packs import manifest, write_pack_file


class World:
    """A desk over a window, a folder of packs, and imports that end as the test wants."""

    def __init__(self, folder: Path, window: QWidget) -> None:
        self.folder = folder
        self.failure: Exception | None = None
        self.look: Callable[[], Hardware] = processor_machine
        self.desk = PackDesk(self.make_shelf, "toy", window, ask=lambda *_: str(folder / "new"))

    def make_shelf(self, listener: Callable[[PackEvent], None]) -> PackShelf:
        return PackShelf((self.folder,), self.folder, self.install, listener, look=lambda: self.look())

    def install(self, source: Path, packs_folder: Path, **_: object) -> PackManifest:
        if self.failure is not None:
            raise self.failure
        pack = replace(manifest(write_pack_file(packs_folder / "new", "new"), "new"), name="New")
        return pack

    @property
    def dialog(self) -> PackDialog:
        dialog = self.desk.dialog
        assert dialog is not None
        return dialog

    def names(self) -> list[str]:
        return [card.facts.key for card in self.dialog.packs.cards if not card.facts.steps]


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    window = QWidget()
    qtbot.addWidget(window)
    write_pack_file(tmp_path / "packs" / "toy", "toy")
    world = World(tmp_path / "packs", window)
    yield world
    world.desk.close()


def test_opening_shows_what_is_installed(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    assert world.dialog.isVisible()
    qtbot.waitUntil(lambda: world.names() == ["toy"])
    assert world.dialog.packs.cards[0].facts.current


def test_it_opens_at_the_offers_when_they_are_wanted(qtbot: QtBot, world: World) -> None:
    world.desk.open(offers=True)
    qtbot.waitUntil(lambda: world.dialog.packs.verticalScrollBar().value() > 0)


def test_a_pack_that_was_brought_in_appears_in_the_list(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    world.dialog._on_from_folder()
    qtbot.waitUntil(lambda: world.names() == ["new", "toy"])
    assert world.dialog.message.startswith("“New” is installed")


def test_what_went_wrong_is_said_in_the_dialog(qtbot: QtBot, world: World) -> None:
    world.failure = WeightsError("It would run code.", hint="Get another.")
    world.desk.open()
    world.dialog._on_from_folder()
    qtbot.waitUntil(lambda: world.dialog.message == "It would run code. Get another.")


def test_a_mistake_of_ours_is_written_down(qtbot: QtBot, world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.failure = BugError("KeyError: 'x'", details="Traceback of it")
    world.desk.open()
    world.dialog._on_from_folder()
    qtbot.waitUntil(lambda: "made a mistake" in world.dialog.message)
    assert "Traceback of it" in caplog.text


def test_packs_that_cannot_be_listed_are_said_to_be(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    world.desk._heard.emit(SurveyFailed(MachineError("The disk is away.")))
    qtbot.waitUntil(lambda: world.dialog.message == "The disk is away.")


def test_the_choice_is_told_with_all_that_is_known_of_the_pack(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    qtbot.waitUntil(lambda: world.names() == ["toy"])
    with qtbot.waitSignal(world.desk.packChosen) as chosen:
        world.dialog.packs.packChosen.emit("toy")
    assert isinstance(chosen.args[0], PackManifest)  # pyright: ignore[reportOptionalSubscript]
    assert chosen.args[0].folder == world.folder / "toy"  # pyright: ignore[reportOptionalSubscript]


def test_the_pack_that_draws_now_is_marked(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    qtbot.waitUntil(lambda: world.names() == ["toy"])
    world.desk.set_current("another")
    assert not world.dialog.packs.cards[0].facts.current
