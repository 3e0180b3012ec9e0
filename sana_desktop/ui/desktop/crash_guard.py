"""The net under the window: whatever nobody handled becomes a report and a calm dialog, and the window goes on."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from sana_desktop.errors import SanaError
from sana_desktop.system.crash import CrashReport, Private, make_report, now
from sana_desktop.system.last_run import BadEnd

if TYPE_CHECKING:
    from sana_desktop.ui.desktop.crash_dialog import CrashDialog

_log = logging.getLogger(__name__)


class CrashGuard(QObject):
    """Inside its `with` block, errors that reach Python's hooks on any thread, slots of Qt included, are reported.

    One dialog at a time: while it is open later mistakes are only counted, and one that was shown before is not
    shown again. `logs` is where reports are saved, `log` the file that the program writes. `facts` and `private`
    are asked for on the window's thread when something happens.
    """

    _noticed = Signal(str, str)

    def __init__(
        self,
        logs: Path,
        log: Path | None,
        facts: Callable[[], tuple[tuple[str, str], ...]],
        private: Callable[[], Private] = Private,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._logs = logs
        self._log_file = log
        self._facts = facts
        self._private = private
        self._window: QWidget | None = None
        self._dialog: CrashDialog | None = None
        self._shown: set[str] = set()
        self._busy = False
        # Always queued: the hooks run on any thread, and in the middle of whatever failed.
        self._noticed.connect(self._on_noticed, Qt.ConnectionType.QueuedConnection)

    @property
    def dialog(self) -> "CrashDialog | None":
        """The dialog that is open."""
        return self._dialog

    def watch(self, window: QWidget, private: Callable[[], Private]) -> None:
        """Show dialogs over `window`, and ask `private` from now on."""
        self._window = window
        self._private = private

    def report(self, error: SanaError) -> None:
        """Report a mistake that was caught, a `BugError` of a job for one; on any thread."""
        details = getattr(error, "details", "") or "".join(traceback.format_exception(error))
        self._noticed.emit(str(error), details)

    def show_bad_end(self, bad_end: BadEnd) -> None:
        """Show what is known of how the last run ended; window's thread only."""
        if self._dialog is not None:
            return
        error = f"The program that was started at {bad_end.began} UTC did not end by itself."
        if not bad_end.trace:
            error += " It had no time to write where it was: memory or power may have run out, or it was killed."
        report = make_report(error, bad_end.trace, self._facts(), self._log_file, self._private(), now())
        self._open(report, ended=True)

    def __enter__(self) -> "CrashGuard":
        self._hook_before = sys.excepthook
        self._thread_hook_before = threading.excepthook
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.excepthook = self._hook_before
        threading.excepthook = self._thread_hook_before
        if self._dialog is not None:
            self._dialog.close()

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._hook_before(kind, error, trace)
        self._notice(kind, error, trace)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        self._thread_hook_before(args)
        if args.exc_value is not None:
            self._notice(args.exc_type, args.exc_value, args.exc_traceback)

    def _notice(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            # Ctrl+C and the wish to leave are no mistakes.
            return
        # The message may quote a prompt, so the log gets the place alone until the report is scrubbed.
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
        _log.error("%s at %s", kind.__name__, place)
        if not self._busy:
            details = "".join(traceback.format_exception(kind, error, trace))
            self._noticed.emit(f"{kind.__name__}: {error}", details)

    @Slot(str, str)
    def _on_noticed(self, error: str, details: str) -> None:
        if self._dialog is not None:
            self._dialog.count_another()
            return
        # A mistake in here must not report itself for ever: it stays set then, and later ones go to the log alone.
        self._busy = True
        report = make_report(error, details, self._facts(), self._log_file, self._private(), now())
        if report.fingerprint not in self._shown:
            self._shown.add(report.fingerprint)
            _log.error("%s\n%s", report.error, report.trace)
            self._open(report)
        self._busy = False

    def _open(self, report: CrashReport, *, ended: bool = False) -> None:
        # Here, because most runs end without one, and the window opens sooner.
        from sana_desktop.ui.desktop.crash_dialog import CrashDialog

        self._dialog = dialog = CrashDialog(report, self._logs, self._window, ended=ended)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    @Slot()
    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
