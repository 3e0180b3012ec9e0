"""Looking at pictures: chosen in the strip, compared, dropped in, and used again."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from sana_desktop.domain.adoption import Adoption, Part
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError, SanaError
from sana_desktop.system.packs import installed_packs
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.canvas.canvas_stage import CanvasStage
from sana_desktop.ui.canvas.shown import Shown
from sana_desktop.ui.inspect.inspector import Inspector
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from sana_desktop.ui.prompt.recipe_parts import RecipePart
from sana_desktop.ui.strip.film_strip import FilmStrip
from sana_desktop.ui.strip.picture_loader import PictureLoader
from sana_desktop.ui.window.window_parts import WindowParts


class PictureDesk(QObject):
    """Brings pictures from files to the stage of `window`, and their settings to the panel.

    Signals:
        used(): the panel has other values now.
    """

    used = Signal()

    def __init__(
        self,
        parts: WindowParts,
        window: QWidget,
        panel: PromptPanel,
        stage: CanvasStage,
        strip: FilmStrip,
        messages: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._stage = stage
        self._strip = strip
        self._messages = messages
        self._loader = PictureLoader(self)
        # Two pictures that shall be compared, until the first of them is read.
        self._to_compare: tuple[Path, Path] | None = None
        # Reads the second picture of a comparison.
        self._second = PictureLoader(self)
        self._inspector = Inspector(window, partial(_ids_of_packs, parts.pack_folders))
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)
        self._second.loaded.connect(self._on_second)
        self._second.failed.connect(self._on_failed)
        strip.pictureChosen.connect(self.look_at)
        strip.compareRequested.connect(self._on_compare)
        strip.recipeRequested.connect(self.use)
        strip.trashed.connect(self._on_trashed)
        strip.trashFailed.connect(messages.show_error)
        stage.useRequested.connect(self.use)
        stage.copySaved.connect(self._on_copy_saved)
        stage.failed.connect(messages.show_error)
        stage.exampleChosen.connect(panel.write_prompt)
        self._inspector.useRequested.connect(self._on_adopt)
        self._inspector.failed.connect(self._on_error)
        self._inspector.noticed.connect(messages.show_passing)

    @Slot(object)
    def look_at(self, path: Path) -> None:
        """Show a picture's file, as soon as it is read."""
        self._loader.load(path)

    @Slot()
    def forget(self) -> None:
        """A newer picture is shown: one that is still being read must not take its place."""
        self._loader.forget()

    @Slot(object)
    def use(self, recipe: Recipe) -> None:
        """Take over everything that a picture was drawn with."""
        self._panel.use_recipe(recipe, RecipePart.ALL)
        if recipe.pack != self._panel.pack.id:
            text = self.tr("The picture was drawn with pack “{pack}”; the pack stays “{now}”.")
            self._messages.show_passing(text.format(pack=recipe.pack, now=self._panel.pack.id))
        self.used.emit()

    @Slot(object)
    def adopt(self, adoption: Adoption) -> None:
        """Take over settings of a picture that any program may have made."""
        self._panel.adopt(adoption)
        self.used.emit()

    @Slot(object, object)
    def compare(self, first: Path, second: Path) -> None:
        """Show two pictures beside each other, as soon as both are read."""
        self._loader.load(first)
        # The second one comes when the first one is shown.
        self._to_compare = (first, second)

    def inspect(self, path: Path) -> None:
        """Show the settings inside a picture that any program may have made."""
        self._inspector.inspect(path)

    @Slot()
    def ask_for_picture(self) -> None:
        """Let the user choose a picture to read the settings of: what dropping one does, for the keyboard."""
        pictures = self.tr("Pictures ({endings})").format(endings="*.png *.jpg *.jpeg *.webp *.avif")
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Read the settings of a picture"), "", pictures)
        if chosen:
            self.inspect(Path(chosen))

    def close(self) -> None:
        """Read nothing more; before the window goes."""
        self._loader.close()
        self._second.close()
        self._inspector.close()

    @Slot(object, QImage, object)
    def _on_loaded(self, path: Path, image: QImage, recipe: Recipe | None) -> None:
        self._stage.show_picture(None, image, path, recipe)
        first, second = self._to_compare or (None, None)
        self._to_compare = None
        if path == first and second is not None:
            self._second.load(second)

    @Slot(object, str)
    def _on_failed(self, path: Path, problem: str) -> None:
        hint = self.tr("It may have been moved or deleted.")
        self._messages.show_error(OutputError(f"{path.name}: {problem}", hint=hint))

    @Slot(object)
    def _on_compare(self, path: Path) -> None:
        shown = self._stage.shown
        if shown is None or shown.path == path:
            self._messages.show_passing(self.tr("Choose another picture to compare with the one that is shown."))
        else:
            self._second.load(path)

    @Slot(object, QImage, object)
    def _on_second(self, path: Path, image: QImage, recipe: Recipe | None) -> None:
        if self._stage.shown is not None:
            self._stage.compare(self._stage.shown, Shown(image, path, recipe))

    @Slot(object)
    def _on_trashed(self, path: Path) -> None:
        self._messages.show_passing(self.tr("{name} is in the trash.").format(name=path.name))
        if self._stage.shown is not None and self._stage.shown.path == path:
            self._stage.show_hint(self.tr("Describe a picture on the left and press Ctrl+Enter."))

    @Slot(object)
    def _on_copy_saved(self, path: Path) -> None:
        self._messages.show_passing(self.tr("Saved a copy as {name}").format(name=path.name))

    @Slot(object)
    def _on_error(self, error: SanaError) -> None:
        self._messages.show_error(error)

    @Slot(object, object)
    def _on_adopt(self, adoption: Adoption, part: Part) -> None:
        self.adopt(adoption)


def _ids_of_packs(folders: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(pack.id for pack in installed_packs(folders))
