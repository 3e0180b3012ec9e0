"""Saving the shown picture a second time, where the user says."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sana_desktop.errors import KnownError
from sana_desktop.services.copying import copy_picture_file
from sana_desktop.ui.basics.background import Background


class SaveCopy(QObject):
    """Asks for a place and copies there without holding up the window.

    Signals:
        saved(object): the `Path` of the copy.
        failed(object): the `KnownError` that says why there is none.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._work: Background | None = None

    def ask(self, source: Path) -> None:
        """Let the user choose; the same ending is kept, because the bytes are."""
        kind = self.tr("Pictures ({pattern})").format(pattern=f"*{source.suffix}")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save a copy"), str(source.with_stem(f"{source.stem}-copy")), kind
        )
        if chosen:
            target = Path(chosen)
            self.copy(source, target if target.suffix else target.with_suffix(source.suffix))

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file; the answer comes as a signal."""
        self.wait()

        def work() -> Path | KnownError:
            try:
                return copy_picture_file(source, target)
            except KnownError as error:
                return error

        self._work = Background(work)
        self._work.done.connect(self._on_done)
        self._work.start()

    def wait(self) -> None:
        """Return when nothing is being copied; the answer may still be on its way."""
        if self._work is not None:
            self._work.wait()

    def _on_done(self, answer: Path | KnownError) -> None:
        if isinstance(answer, KnownError):
            self.failed.emit(answer)
        else:
            self.saved.emit(answer)
