import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError, MachineError, WeightsError
from sana_desktop.services.pack_errands import PackErrands
from sana_desktop.services.packs import PackEvent, PackShelf, SurveyFailed
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.packs.pack_card import PackCard, Verb
from sana_desktop.ui.packs.pack_desk import PackDesk
from sana_desktop.ui.packs.pack_dialog import PackDialog
from support.fetches import FETCHED_BYTES, MODEL, Fetches, fetches, no_hands
from support.pack_surveys import processor_machine
from support.packs import manifest, write_pack_file


class World:
    """A desk over a window, a folder of packs, and imports that end as the test wants."""

    def __init__(self, folder: Path, window: QWidget) -> None:
        self.folder = folder
        self.failure: Exception | None = None
        self.look: Callable[[], Hardware] = processor_machine
        self.asked: list[object] = []
        self.accepts = True
        self.desk = PackDesk(
            self.make_shelf,
            lambda listener: PackErrands(lambda: no_hands(folder), listener),
            "toy",
            window,
            host=lambda: "https://hub.test",
            ask=lambda *_: str(folder / "new"),
            ask_terms=self.ask,
            confirm=self.ask,
        )

    def ask(self, parent: QWidget, *what: object) -> bool:
        self.asked.append(what)
        return self.accepts

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
        world.dialog.packs.actionRequested.emit("toy", "use")
    assert isinstance(chosen.args[0], PackManifest)  # pyright: ignore[reportOptionalSubscript]
    assert chosen.args[0].folder == world.folder / "toy"  # pyright: ignore[reportOptionalSubscript]


def test_the_pack_that_draws_now_is_marked(qtbot: QtBot, world: World) -> None:
    world.desk.open()
    qtbot.waitUntil(lambda: world.names() == ["toy"])
    world.desk.set_current("another")
    assert not world.dialog.packs.cards[0].facts.current


@pytest.fixture
def online(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[World, Fetches]]:
    """A desk whose errands reach a hub."""
    window = QWidget()
    qtbot.addWidget(window)
    with fetches(tmp_path) as ready:
        write_pack_file(ready.packs / "toy", "toy")
        world = World(ready.packs, window)
        world.desk.close()
        world.desk = PackDesk(
            lambda listener: PackShelf(
                (ready.packs,),
                ready.packs,
                world.install,
                listener,
                look=processor_machine,
                unfinished=ready.fetching().unfinished,
            ),
            lambda listener: PackErrands(ready.hands, listener),
            "toy",
            window,
            host=lambda: "http://hub.test",
            ask_terms=world.ask,
            confirm=world.ask,
        )
        world.desk.open()
        qtbot.waitUntil(lambda: bool(world.dialog.packs.cards))
        yield world, ready
        world.desk.close()


def cards_of(world: World, key: str) -> list[PackCard]:
    return [card for card in world.dialog.packs.cards if card.facts.key == key]


def verbs(card: PackCard) -> list[Verb]:
    return [action.verb for action in card.facts.actions]


def wish(world: World, key: str, verb: Verb) -> None:
    world.dialog.packs.actionRequested.emit(key, str(verb))


def test_a_model_is_fetched_checked_repaired_and_removed(qtbot: QtBot, online: tuple[World, Fetches]) -> None:
    world, ready = online
    wish(world, MODEL, Verb.FETCH)
    qtbot.waitUntil(lambda: world.dialog.message == "“Toy” is installed.")
    assert len(world.asked) == 1
    qtbot.waitUntil(lambda: MODEL in world.names())
    (ready.packs / MODEL / "vae" / "config.json").write_bytes(b"?")
    wish(world, MODEL, Verb.VERIFY)
    qtbot.waitUntil(lambda: "1 of its files are not what was fetched (vae/config.json)" in world.dialog.message)
    wish(world, MODEL, Verb.REPAIR)
    qtbot.waitUntil(lambda: world.dialog.message == "“Toy” is sound: every file is what was fetched.")
    wish(world, MODEL, Verb.REMOVE)
    qtbot.waitUntil(lambda: world.dialog.message == "“Toy” is removed.")
    qtbot.waitUntil(lambda: MODEL not in world.names())


def test_nothing_is_fetched_or_removed_without_consent(qtbot: QtBot, online: tuple[World, Fetches]) -> None:
    world, ready = online
    world.accepts = False
    wish(world, MODEL, Verb.FETCH)
    wish(world, "toy", Verb.REMOVE)
    assert len(world.asked) == 2
    assert ready.hub.requests == []
    assert (ready.packs / "toy").is_dir()


def test_a_pause_can_be_gone_on_with_and_a_cancel_throws_away(qtbot: QtBot, online: tuple[World, Fetches]) -> None:
    world, ready = online
    go_on = threading.Event()

    def hold() -> None:
        if ready.hub.sent >= FETCHED_BYTES // 2:
            go_on.wait(30)

    ready.hub.pause = hold
    try:
        for button, told in (("_on_pause", "Paused."), ("_on_cancel", "What had arrived is gone.")):
            go_on.clear()
            wish(world, MODEL, Verb.FETCH)
            qtbot.waitUntil(lambda: ready.hub.sent >= FETCHED_BYTES // 2)
            getattr(world.dialog, button)()
            go_on.set()
            qtbot.waitUntil(lambda told=told: world.dialog.message.startswith(told))
            begun = Verb.DISCARD if button == "_on_pause" else Verb.EXPLAIN
            qtbot.waitUntil(lambda begun=begun: any(verbs(card)[1:] == [begun] for card in cards_of(world, MODEL)))
    finally:
        go_on.set()
    # Its terms were accepted when it began.
    assert len(world.asked) == 1
    assert ready.fetching().unfinished() == ()


def test_an_error_of_an_errand_is_a_message(qtbot: QtBot, online: tuple[World, Fetches]) -> None:
    world, ready = online
    ready.hub.vices.code = 404
    wish(world, MODEL, Verb.FETCH)
    qtbot.waitUntil(lambda: "hub.test has no" in world.dialog.message)
