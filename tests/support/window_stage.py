"""The whole window with a fake engine, a real queue with its journal and a home of its own; what people do with it."""

import itertools
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.services.batch.shared_jobs import SharedJobs
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.library import Library
from sana_desktop.services.memory_book import MemoryBook
from sana_desktop.services.preview_control import PreviewControl
from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.services.saving import OutputPlan, PictureSaver
from sana_desktop.services.styles import StyleBook
from sana_desktop.system.keep_awake import KeepAwake
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.privacy import OfflineGuard
from sana_desktop.system.resources import resources_folder
from sana_desktop.ui.desktop.crash_guard import CrashGuard
from sana_desktop.ui.gallery.library_bridge import LibraryBridge
from sana_desktop.ui.queue.job_board import JobBoard
from sana_desktop.ui.window.bridge import EventBridge
from sana_desktop.ui.window.main_window import MainWindow
from sana_desktop.ui.window.window_parts import WindowParts
from sana_desktop.ui.window.window_state import read_state
from support.fake_bus import FakeBus
from support.fake_engine import FakeEngine
from support.fetches import no_hands
from support.pack_surveys import processor_machine
from support.packs import manifest, write_pack_file
from support.settings import settings_in
from support.terminal import refuse_import

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key
FIRST_SEED = 100
MOST_TOKENS = 300


class FakeLock:
    """Holds off no machine's sleep; remembers in `told` what it was asked."""

    active = True

    def __init__(self) -> None:
        self.told: list[str] = []

    def __enter__(self) -> "FakeLock":
        self.told.append("awake")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.told.append("asleep")


def count_words(text: str, pack: PackManifest, conditioning: Conditioning, emphasis: Emphasis) -> TokenCount | None:
    """A measure for which every word is a token."""
    return TokenCount(len(text.split()), MOST_TOKENS, None)


class WindowStage:
    """The parts of a window, and the window when `open` was called; `close` ends them all.

    The folder `home` stays: another stage there is the program's next start. `settings` is the text of the
    preferences' file, `notice` and `examples` what the pack says of itself. Seeds are 100, 101, 102, ...; `lock` and
    `bus` remember what the desktop was told.
    """

    def __init__(
        self,
        qtbot: QtBot,
        home: Path,
        engine: PictureEngine | None = None,
        *,
        settings: str | None = None,
        notice: str = "",
        examples: tuple[str, ...] = (),
    ) -> None:
        self.qtbot = qtbot
        self.paths = AppPaths.below(home)
        self.engine: Any = FakeEngine() if engine is None else engine
        self.lock = FakeLock()
        self.bus = FakeBus()
        self._stack = ExitStack()
        folder = write_pack_file(self.paths.packs / "toy")
        self.pack = replace(manifest(folder), notice=notice, examples=examples)
        self.parts = self._make_parts(settings)
        self.state_path = self.paths.data / "window.json"
        self.made: MainWindow | None = None

    @property
    def window(self) -> MainWindow:
        """The window that `open` made."""
        assert self.made is not None
        return self.made

    def open(self) -> "WindowStage":
        """Make the window as the program does, and let it have the keyboard."""
        self.made = MainWindow(self.parts, read_state(self.state_path), self.state_path)
        self.made.show()
        self.made.activateWindow()
        self.qtbot.waitUntil(self.made.isActiveWindow)
        self.made.begin()
        return self

    def close(self) -> None:
        """End everything. Safe to call twice."""
        if self.made is not None:
            self.made.close()
        self._stack.close()
        if self.made is not None:
            self.made.deleteLater()
            QApplication.sendPostedEvents(self.made, QEvent.Type.DeferredDelete.value)
            self.made = None

    def pictures(self) -> list[Path]:
        """The files in the folder of pictures."""
        return sorted(path for path in self.paths.pictures.rglob("*") if path.is_file())

    def focus(self) -> QWidget:
        """The widget that has the keyboard."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the keyboard"
        return widget

    def type(self, text: str) -> None:
        """Type where the cursor is."""
        self.qtbot.keyClicks(self.focus(), text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the cursor is."""
        self.qtbot.keyClick(self.focus(), key, modifiers)

    def order(self, prompt: str = "a red apple") -> None:
        """Write a prompt in place of the last, and ask for its picture."""
        self.press(Key.Key_L, CONTROL)
        self.press(Key.Key_A, CONTROL)
        self.type(prompt)
        self.press(Key.Key_Return, CONTROL)

    def draw(self, prompt: str = "a red apple") -> None:
        """As `order`, and wait for the picture."""
        with self.qtbot.waitSignal(self.parts.bridge.jobFinished):
            self.order(prompt)

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is true."""
        self.qtbot.waitUntil(lambda: bool(condition()))

    def _make_parts(self, settings: str | None) -> WindowParts:
        paths, stack = self.paths, self._stack
        bridge, speeds, previews = EventBridge(), SpeedBook(paths.data / "speeds.json"), PreviewControl()
        history = PromptHistory(paths.data / "prompts.json")
        stack.callback(history.close)
        styles = StyleBook((), paths.data / "styles.json")
        stack.callback(styles.close)
        journal = stack.enter_context(QueueJournal(paths.data / "queue.sqlite"))
        awake = stack.enter_context(KeepAwake(lambda: self.lock))

        def tell(event: Event) -> None:
            speeds.listener(event)
            bridge.listener(event)

        library_bridge = LibraryBridge()
        library = stack.enter_context(Library(paths.data, paths.cache, paths.pictures, library_bridge.listener))
        plan = OutputPlan(folder=paths.pictures)
        saver = PictureSaver(plan, announce=journal.announce, record=library.record)
        list_jobs = SharedJobs(saver, tell)
        queue = stack.enter_context(GenerationQueue(lambda: self.engine, list_jobs.save, list_jobs.hear, journal))
        list_jobs.use(queue)
        return WindowParts(
            paths=paths,
            resources=resources_folder(),
            settings=settings_in(paths.config, settings),
            queue=queue,
            list_jobs=list_jobs,
            journal=journal,
            bridge=bridge,
            board=JobBoard(queue, bridge, speeds),
            saver=saver,
            library=library,
            library_bridge=library_bridge,
            speeds=speeds,
            memory=MemoryBook(read=processor_machine),
            previews=previews,
            history=history,
            styles=styles,
            bus=self.bus,
            awake=awake,
            guard=OfflineGuard(),
            crash=CrashGuard(paths.logs, None, tuple),
            pack=self.pack,
            pack_folders=(paths.packs,),
            install=refuse_import,
            make_hands=lambda: no_hands(paths.packs),
            measure=count_words,
            end_measuring=lambda: None,
            random_seed=itertools.count(FIRST_SEED).__next__,
        )


OpenStage = Callable[..., WindowStage]


@contextmanager
def opening_stages(qtbot: QtBot, home: Path) -> Generator[OpenStage]:
    """Gives what opens windows in one home; takes `WindowStage`'s values. Ends them, and takes their colours back."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with program_as_before(app):
        stages: list[WindowStage] = []

        def open_one(
            engine: PictureEngine | None = None,
            *,
            settings: str | None = None,
            notice: str = "",
            examples: tuple[str, ...] = (),
        ):
            stages.append(WindowStage(qtbot, home, engine, settings=settings, notice=notice, examples=examples))
            return stages[-1].open()

        try:
            yield open_one
        finally:
            for stage in stages:
                stage.close()


@contextmanager
def program_as_before(app: QApplication) -> Generator[None]:
    """Take back which look a window gave the program."""
    colours, sheet, style = QPalette(app.palette()), app.styleSheet(), app.style().objectName()
    yield
    app.setStyleSheet(sheet)
    app.setStyle(style)
    app.setPalette(colours)


def heard(signal_owner: QObject, name: str) -> list[tuple[Any, ...]]:
    """What a signal carries, each time, from now on."""
    told: list[tuple[Any, ...]] = []
    getattr(signal_owner, name).connect(lambda *values: told.append(values))
    return told
