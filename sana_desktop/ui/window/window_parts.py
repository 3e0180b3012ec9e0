"""What the window is given to work with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.services.batch.shared_jobs import SharedJobs
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.library import Library
from sana_desktop.services.memory_book import MemoryBook
from sana_desktop.services.packs import Install
from sana_desktop.services.preview_control import PreviewControl
from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.services.saving import PictureSaver
from sana_desktop.services.styles import StyleBook
from sana_desktop.services.token_count import Measure
from sana_desktop.system.keep_awake import KeepAwake
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.privacy import OfflineGuard
from sana_desktop.system.session_bus import SessionBus
from sana_desktop.system.settings import Settings
from sana_desktop.ui.desktop.crash_guard import CrashGuard
from sana_desktop.ui.gallery.library_bridge import LibraryBridge
from sana_desktop.ui.queue.job_board import JobBoard
from sana_desktop.ui.window.bridge import EventBridge

if TYPE_CHECKING:
    from sana_desktop.services.pack_hands import PackHands


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowParts:
    """Made by the composition root, which also ends them when the window is gone.

    `pack` draws at first, `pack_folders` is where others are looked for. `measure` counts the tokens of a
    prompt, on a thread; after `end_measuring` it answers at once, with an error. `resources` is the folder of
    what ships. `journal` remembers the queue; None where it could not be opened. `library` tells its news to
    `library_bridge`. `list_jobs` is a prompt list's way into the queue.
    """

    paths: AppPaths
    resources: Path
    settings: Settings
    queue: GenerationQueue
    list_jobs: SharedJobs
    journal: QueueJournal | None
    bridge: EventBridge
    board: JobBoard
    saver: PictureSaver
    library: Library
    library_bridge: LibraryBridge
    speeds: SpeedBook
    memory: MemoryBook
    previews: PreviewControl
    history: PromptHistory
    styles: StyleBook
    bus: SessionBus
    awake: KeepAwake
    guard: OfflineGuard
    crash: CrashGuard
    pack: PackManifest
    pack_folders: tuple[Path, ...]
    install: Install
    make_hands: "Callable[[], PackHands]"
    measure: Measure
    end_measuring: Callable[[], None]
    random_seed: Callable[[], int]
