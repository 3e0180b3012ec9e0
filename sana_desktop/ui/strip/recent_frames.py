"""The pictures of earlier sessions for the film strip, read a few at a time."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from sana_desktop.gallery.recent import recent_pictures
from sana_desktop.ui.basics.path_worker import PathWorker, Tell
from sana_desktop.ui.basics.picture_files import read_image
from sana_desktop.ui.strip.film_model import THUMBNAIL_SIDE, Frame
from sana_desktop.ui.strip.picture_loader import recipe_in

MOST_RECENT = 60
# The first ones fill the strip; more at once would let it wait.
AT_ONCE = 6


class RecentFrames(QObject):
    """Finds the newest pictures of a folder. `close` has to be called before the program ends.

    Signals:
        found(object): a list of a few `Frame`s, older than those before.
    """

    found = Signal(object)

    def __init__(self, parent: QObject | None = None, *, most: int = MOST_RECENT) -> None:
        super().__init__(parent)
        self._worker = PathWorker(partial(_read, most), self)
        self._worker.told.connect(self._on_told)

    def read(self, folder: Path) -> None:
        """Look through this folder; its pictures come later, the newest first."""
        self._worker.ask(folder)

    def close(self) -> None:
        """Stop, and wait until it has."""
        self._worker.close()

    @Slot(object)
    def _on_told(self, frames: list[Frame]) -> None:
        self.found.emit(frames)


def _read(most: int, folder: Path, tell: Tell) -> None:
    frames: list[Frame] = []
    for path in recent_pictures(folder, most):
        frame = read_frame(path)
        if frame is not None:
            frames.append(frame)
        if len(frames) == AT_ONCE:
            if not tell(frames):
                return
            frames = []
    tell(frames)


def read_frame(path: Path) -> Frame | None:
    """A picture small, with its recipe if it carries one; None for a file that holds no picture."""
    image, problem = read_image(path, THUMBNAIL_SIDE)
    return None if problem else Frame(image, path, recipe_in(path))
