"""Pictures from files, without making the window wait."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.ui.basics.path_worker import PathWorker, Tell
from sana_desktop.ui.basics.picture_files import read_image


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPicture:
    """What a picture file holds; `problem` says why there is no image."""

    path: Path
    image: QImage
    recipe: Recipe | None
    problem: str = ""


class PictureLoader(QObject):
    """Reads the picture that was asked for last; those asked for before are not heard of.

    `close` has to be called before the program ends.

    Signals:
        loaded(Path, QImage, Recipe | None): the picture, and its recipe if it carries one.
        failed(Path, str): it cannot be shown, and why.
    """

    loaded = Signal(object, QImage, object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = PathWorker(_load, self)
        self._worker.told.connect(self._on_told)

    def load(self, path: Path) -> None:
        """Read this picture; its signal comes later."""
        self._worker.ask(path)

    def forget(self) -> None:
        """The picture that was asked for is not wanted any more: something newer is shown."""
        self._worker.forget()

    def close(self) -> None:
        """Wait for what is being read, and show nothing of it."""
        self._worker.close()

    @Slot(object)
    def _on_told(self, picture: LoadedPicture) -> None:
        if picture.problem:
            self.failed.emit(picture.path, picture.problem)
        else:
            self.loaded.emit(picture.path, picture.image, picture.recipe)


def recipe_in(path: Path) -> Recipe | None:
    """The recipe that a picture carries, if it does and can be read."""
    try:
        return read_recipe(path)
    except RecipeError:
        return None


def _load(path: Path, tell: Tell) -> None:
    # A named pipe would wait forever for somebody to write.
    if not path.is_file():
        problem = QCoreApplication.translate("PictureLoader", "The file is no longer there")
        tell(LoadedPicture(path, QImage(), None, problem))
        return
    image, problem = read_image(path)
    tell(LoadedPicture(path, image, None if problem else recipe_in(path), problem))
