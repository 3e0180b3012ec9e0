"""The window's composition root: makes the collaborators, shows the window, and takes everything down again."""

import os
import sys
from collections.abc import Callable, Generator, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from sana_desktop.domain.choices import PreviewWish
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.engine.prompt_measure import PromptMeasure
from sana_desktop.engine.text_tokenizer import MakeTokenizer
from sana_desktop.engine.token_server import TokenServer
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.shared_jobs import SharedJobs
from sana_desktop.services.forecast import FILE_NAME as SPEEDS
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.library import Library
from sana_desktop.services.memory_book import FILE_NAME as MEMORY
from sana_desktop.services.memory_book import MemoryBook
from sana_desktop.services.packs import Install
from sana_desktop.services.plan_control import wished_plan
from sana_desktop.services.preview_control import PreviewControl
from sana_desktop.services.prompt_history import FILE_NAME as PROMPTS
from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.services.queue_journal import FILE_NAME as QUEUE
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.services.saving import OutputPlan, PictureSaver
from sana_desktop.services.style_files import shipped_styles
from sana_desktop.services.styles import FILE_NAME as STYLES
from sana_desktop.services.styles import StyleBook
from sana_desktop.system.hardware import machine_facts
from sana_desktop.system.keep_awake import KeepAwake
from sana_desktop.system.last_run import BadEnd, RunMarker, catching_native
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import choose_pack
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.privacy import OfflineGuard
from sana_desktop.system.session_bus import SessionBus
from sana_desktop.system.settings import Settings
from sana_desktop.system.versions import program_versions
from sana_desktop.ui.basics.lasting_constants import make_constants_last
from sana_desktop.ui.basics.translation import FOLDER as TRANSLATIONS
from sana_desktop.ui.basics.translation import language_for, speak
from sana_desktop.ui.desktop.crash_guard import CrashGuard
from sana_desktop.ui.desktop.probe import StartProbe
from sana_desktop.ui.desktop.single_instance import SingleInstance
from sana_desktop.ui.desktop.stop_signals import StopSignals
from sana_desktop.ui.gallery.library_bridge import LibraryBridge
from sana_desktop.ui.queue.job_board import JobBoard
from sana_desktop.ui.window.bridge import EventBridge
from sana_desktop.ui.window.main_window import MainWindow
from sana_desktop.ui.window.window_parts import WindowParts
from sana_desktop.ui.window.window_state import FILE_NAME as STATE
from sana_desktop.ui.window.window_state import read_state

if TYPE_CHECKING:
    from sana_desktop.services.pack_hands import PackHands

# How long a thread may hold the interpreter while another waits. With Python's own 5 ms a busy engine
# delays the window three times as long.
SECONDS_PER_TURN = 0.0005
ICON = Path("icons", "sana-desktop.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOrder:
    """What the command that opens the window hands over.

    `choose_pack` is given the id of the pack that drew last (empty for none) and finds one to begin with;
    `make_engine` is called on the engine's thread, at the first job or before. `pictures` are files whose
    settings shall be shown. With `probe`, start-up times are written there and the window closes again.
    `on_shown` is called once the window is there.
    """

    paths: AppPaths
    resources: Path
    settings: Settings
    guard: OfflineGuard
    pack_folders: tuple[Path, ...]
    choose_pack: Callable[[str], PackManifest]
    make_engine: Callable[[Callable[[], PreviewWish], MakeTokenizer, Callable[[], MemoryPlan | None]], PictureEngine]
    install: Install
    make_hands: "Callable[[], PackHands]"
    random_seed: Callable[[], int]
    log: Path | None = None
    pictures: Sequence[Path] = ()
    probe: Path | None = None
    on_shown: Callable[[MainWindow], None] = lambda window: None


def run_window(order: WindowOrder) -> int:
    """Show the window until it is closed and return the exit code; no thread survives.

    Where the program runs already, its window comes forward instead, and this returns at once.
    """
    make_constants_last()
    leave_a_core_to_the_window(os.environ)
    sys.setswitchinterval(SECONDS_PER_TURN)
    start = None if order.probe is None else StartProbe(order.probe)
    if start is not None:
        start.mark("imports")
    app = _application()
    with ExitStack() as stack:
        instance = SingleInstance(order.paths.data)
        stack.callback(instance.release)
        bad_end = None
        # A measurement is its own program, beside one that may run.
        if start is None:
            if not instance.acquire([str(path.absolute()) for path in order.pictures]):
                return 0
            bad_end = stack.enter_context(_marking(order.paths.logs))
            stack.enter_context(catching_native(order.paths.logs))
        app.setWindowIcon(QIcon(str(order.resources / ICON)))
        _speak(app, order)
        state_path = order.paths.data / STATE
        state = read_state(state_path)
        parts, trouble = _make_parts(order, order.choose_pack(state.pack), stack)
        stop = stack.enter_context(StopSignals())
        window = MainWindow(parts, state, state_path)
        # The window goes before the application does, whatever Python's collector thinks of it.
        stack.callback(_delete, window)
        if start is not None:
            start.mark("window_made")
            start.written.connect(window.close)
            start.watch(window)
        stop.received.connect(window.close)
        instance.activated.connect(window.open_pictures)
        window.show()
        if bad_end is not None:
            window.show_bad_end(bad_end)
        window.begin(_notices(parts.journal, trouble))
        if order.pictures:
            window.open_pictures([str(path) for path in order.pictures])
        order.on_shown(window)
        return app.exec()


def leave_a_core_to_the_window(environment: MutableMapping[str, str]) -> None:
    """Let torch, which reads this when it is imported, use all cores but one; what the user has set stays."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    environment.setdefault("OMP_NUM_THREADS", str(max(1, cores - 1)))
    # Spinning threads would take the last core as well.
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _make_parts(order: WindowOrder, pack: PackManifest, stack: ExitStack) -> tuple[WindowParts, KnownError | None]:
    """Everything that the window works with; `stack` ends it. Also what could not be had, and why."""
    paths = order.paths
    facts = partial(_facts, order)
    crash = stack.enter_context(CrashGuard(paths.logs, order.log, facts))
    server = stack.enter_context(TokenServer())
    bus = SessionBus()
    stack.callback(bus.close)
    awake = KeepAwake()
    stack.callback(awake.close)
    previews = PreviewControl()
    bridge = EventBridge()
    speeds = SpeedBook(paths.data / SPEEDS)
    memory = MemoryBook(paths.data / MEMORY)
    history = PromptHistory(paths.data / PROMPTS)
    stack.callback(history.close)
    styles = StyleBook(shipped_styles(order.resources), paths.data / STYLES)
    stack.callback(styles.close)
    journal, trouble = _journal(paths.data / QUEUE)
    if journal is not None:
        stack.callback(journal.close)

    def tell(event: Event) -> None:
        speeds.listener(event)
        memory.listener(event, partial(choose_pack, folders=order.pack_folders))
        bridge.listener(event)

    library_bridge = LibraryBridge()
    pictures = order.settings.folder("files.pictures_folder") or paths.pictures
    library = stack.enter_context(Library(paths.data, paths.cache, pictures, library_bridge.listener))
    announce = None if journal is None else journal.announce
    saver = PictureSaver(OutputPlan(folder=paths.pictures), announce=announce, record=library.record)
    plan_wish = partial(wished_plan, order.settings)
    engine_factory = partial(_make_quietly, partial(order.make_engine, previews, server.tokenizer, plan_wish))
    list_jobs = SharedJobs(saver, tell)
    queue = stack.enter_context(GenerationQueue(engine_factory, list_jobs.save, list_jobs.hear, journal))
    list_jobs.use(queue)
    parts = WindowParts(
        paths=paths,
        resources=order.resources,
        settings=order.settings,
        queue=queue,
        list_jobs=list_jobs,
        journal=journal,
        bridge=bridge,
        board=JobBoard(queue, bridge, speeds),
        saver=saver,
        library=library,
        library_bridge=library_bridge,
        speeds=speeds,
        memory=memory,
        previews=previews,
        history=history,
        styles=styles,
        bus=bus,
        awake=awake,
        guard=order.guard,
        crash=crash,
        pack=pack,
        pack_folders=order.pack_folders,
        install=order.install,
        make_hands=order.make_hands,
        measure=PromptMeasure(server.tokenizer, paths.cache, order.resources),
        end_measuring=server.close,
        random_seed=order.random_seed,
    )
    return parts, trouble


def _journal(path: Path) -> tuple[QueueJournal | None, KnownError | None]:
    """The queue's memory; without one the window works all the same, and says so."""
    try:
        return QueueJournal(path), None
    except KnownError as error:
        return None, error


def _notices(journal: QueueJournal | None, trouble: KnownError | None) -> tuple[str, ...]:
    if trouble is not None:
        return (f"{trouble} {trouble.hint}".strip(),)
    return () if journal is None else (journal.notice,)


@contextmanager
def _marking(logs: Path) -> Generator[BadEnd | None]:
    """Mark that the program runs, and give how it ended last time; whatever else ends it is for the next start."""
    marker = RunMarker(logs)
    bad_end = marker.begin()
    try:
        yield bad_end
    except KnownError:
        # The user is told now, and that is no mistake.
        marker.end()
        raise
    marker.end()


def _speak(app: QApplication, order: WindowOrder) -> None:
    folder = order.resources / TRANSLATIONS
    desktop = tuple(QLocale.system().uiLanguages())
    speak(language_for(order.settings.choice("look.language"), folder, desktop), folder, app)


def _facts(order: WindowOrder) -> tuple[tuple[str, str], ...]:
    return (*program_versions(), *machine_facts())


def _make_quietly(make_engine: Callable[[], PictureEngine]) -> PictureEngine:
    # Importing torch makes a million lasting objects: collecting meanwhile would hold up the window.
    with gc_paused():
        return make_engine()


def _delete(window: MainWindow) -> None:
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["sana-desktop"])
    app.setApplicationName("sana-desktop")
    app.setApplicationDisplayName("Sana Desktop")
    app.setDesktopFileName("sana-desktop")
    return app
