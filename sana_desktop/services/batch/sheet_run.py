"""A list of the window being drawn, on a thread of its own."""

import logging
import shutil
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sana_desktop import __version__
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import BugError, KnownError, SanaError
from sana_desktop.gallery.files import check_folder
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.services.batch.jobs import OpenJobs
from sana_desktop.services.batch.manifest import Manifest, RunHead
from sana_desktop.services.batch.prompt_list import PromptList
from sana_desktop.services.batch.running import BatchRun, RunEvent, Tally
from sana_desktop.services.batch.stream import pictures

MANIFEST = "manifest.jsonl"
LIST = "list.csv"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SheetEnded:
    """The run is over, or paused; `error` says why where it could not go on."""

    tally: Tally
    error: SanaError | None = None


SheetEvent = RunEvent | SheetEnded


class SheetRun:
    """Draws lists one after the other; `tell` hears what happens on other threads. Close it after its queue."""

    def __init__(
        self,
        open_jobs: OpenJobs,
        record: Callable[[Path, Picture], None],
        tell: Callable[[SheetEvent], None],
    ) -> None:
        self._open_jobs = open_jobs
        self._record = record
        self._tell = tell
        self._run: BatchRun | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether a list is being drawn."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, listed: PromptList, folder: Path, seed: int, batch: int, kind: PictureKind, suffix: str) -> None:
        """Draw a list into `folder`, or what is missing there; a list that is being drawn goes on alone."""
        if self.running:
            return
        path = folder / MANIFEST
        # Here, so that a folder that cannot be written is told of at once.
        check_folder(folder)
        head = RunHead(base_seed=seed, app_version=__version__, list_name=LIST)
        book = Manifest.go_on(path) if path.exists() else Manifest.begin(path, head)
        run = self._run = BatchRun(
            self._open_jobs,
            book,
            folder,
            kind,
            suffix,
            self._tell,
            free_bytes=lambda place: shutil.disk_usage(place).free,
            batch=batch,
            record=self._record,
        )
        self._thread = threading.Thread(target=self._draw, args=(run, book, listed), name="prompt list")
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is being drawn is finished."""
        if self._run is not None:
            self._run.stop()

    def close(self) -> None:
        """Stop, and wait for the thread; the queue is closed, or what is drawn is waited for."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def _draw(self, run: BatchRun, book: Manifest, listed: PromptList) -> None:
        error: SanaError | None = None
        tally = Tally()
        try:
            # Bad rows are known from the look at the table.
            tally = run.draw(pictures(listed, lambda problem: None))
        except (KnownError, BugError) as known:
            error = known
        except Exception as bug:  # noqa: BLE001 - the outer edge of the thread
            error = BugError(f"{type(bug).__name__}: {bug}", details="".join(traceback.format_exception(bug)))
            _log.exception("a list could not be drawn")
        finally:
            book.close()
        self._tell(SheetEnded(tally, error))
