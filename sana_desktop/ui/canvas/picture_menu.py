"""What can be done with the picture on the canvas."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sana_desktop.ui.canvas.shown import Shown


class PictureMenu(QMenu):
    """Offers everything and says why something is not possible.

    Signals:
        copyRequested(), copyPromptRequested(): to the clipboard.
        folderRequested(): show where the file is.
        saveCopyRequested(): write the file somewhere else too.
        useRequested(): take the settings over.
        compareRequested(): show the picture beside the one before.
    """

    copyRequested = Signal()
    copyPromptRequested = Signal()
    folderRequested = Signal()
    saveCopyRequested = Signal()
    useRequested = Signal()
    compareRequested = Signal()

    def __init__(self, shown: Shown, *, has_other: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        gone = "" if shown.path.is_file() else self.tr("The file is no longer there: {path}").format(path=shown.path)
        unknown = "" if shown.recipe is not None else self.tr("It is not known how it was drawn")
        empty = unknown or ("" if shown.recipe and shown.recipe.prompt else self.tr("It was drawn without a prompt"))
        alone = "" if has_other else self.tr("There is no other picture yet")
        self._add(self.tr("&Copy picture"), self.copyRequested, "")
        self._add(self.tr("Copy &prompt"), self.copyPromptRequested, empty)
        self.addSeparator()
        self._add(self.tr("&Use settings"), self.useRequested, unknown)
        self._add(self.tr("Compare with the one &before"), self.compareRequested, alone)
        self.addSeparator()
        self._add(self.tr("&Save a copy as…"), self.saveCopyRequested, gone)
        self._add(self.tr("Show in &folder"), self.folderRequested, gone)

    def _add(self, text: str, signal: object, reason: str) -> QAction:
        """An action that sends `signal`; switched off if there is a reason."""
        action = self.addAction(text)
        action.triggered.connect(signal)
        action.setEnabled(not reason)
        if reason:
            action.setToolTip(reason)
        return action
