"""What is done with a finished picture outside of the window."""

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.canvas.picture_clipboard import copy_picture, picture_drag
from sana_desktop.ui.canvas.picture_menu import PictureMenu
from sana_desktop.ui.canvas.save_copy import SaveCopy
from sana_desktop.ui.canvas.shown import Shown


class PictureActions(QObject):
    """Copies, drags, shows and saves the picture that it was given last.

    Signals:
        useRequested(object): the `Recipe` whose settings the user wants.
        compareRequested(): the user wants to see it beside the one before.
        saved(object), failed(object): the `Path` of a saved copy, or the `KnownError` that says why there is none.
    """

    useRequested = Signal(object)
    compareRequested = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._shown: Shown | None = None
        self._save_copy = SaveCopy(view)
        self._save_copy.saved.connect(self.saved)
        self._save_copy.failed.connect(self.failed)

    def set_picture(self, shown: Shown | None) -> None:
        """From now on it is about this picture, or about none."""
        self._shown = shown

    def menu(self, *, has_other: bool) -> PictureMenu | None:
        """What can be done; None without a picture."""
        if self._shown is None:
            return None
        menu = PictureMenu(self._shown, has_other=has_other, parent=self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.copyRequested.connect(self.copy)
        menu.copyPromptRequested.connect(self.copy_prompt)
        menu.folderRequested.connect(self.show_folder)
        menu.saveCopyRequested.connect(self.save_copy)
        menu.useRequested.connect(self.use)
        menu.compareRequested.connect(self.compareRequested)
        return menu

    def copy(self) -> None:
        """Put the picture on the clipboard, as pixels and as a file."""
        if self._shown is not None:
            copy_picture(self._shown)

    def copy_prompt(self) -> None:
        """Put the prompt on the clipboard."""
        if self._shown is not None and self._shown.recipe is not None:
            QGuiApplication.clipboard().setText(self._shown.recipe.prompt)

    def drag(self) -> None:
        """Let the user drag the picture to another program; returns when it is dropped."""
        if self._shown is not None:
            picture_drag(self._view, self._shown).exec(Qt.DropAction.CopyAction)

    def show_folder(self) -> None:
        """Open the folder of the file."""
        if self._shown is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._shown.path.parent)))

    def save_copy(self) -> None:
        """Ask for a place, and copy the file there."""
        if self._shown is not None:
            self._save_copy.ask(self._shown.path)

    def use(self) -> None:
        """Offer the settings to whoever can use them."""
        if self._shown is not None and self._shown.recipe is not None:
            self.useRequested.emit(self._shown.recipe)

    def wait(self) -> None:
        """Return when no copy is being written any more."""
        self._save_copy.wait()
