"""The pictures of this session in a row, the newest first."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.film_model import FilmModel, Frame, Index
from sana_desktop.ui.frame_delegate import SIDE, FrameDelegate


class FilmStrip(QListView):
    """Shows saved pictures small; they can be dragged to other programs as files.

    Signals:
        pictureChosen(object): the `Path` of the picture that the user wants to see.
    """

    pictureChosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = FilmModel(self)
        self.setModel(self._film)
        self.setItemDelegate(FrameDelegate(self))
        self.setAccessibleName(self.tr("Film strip"))
        self.setAccessibleDescription(self.tr("The pictures of this session, the newest first"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # With room for the scroll bar, so that nothing jumps when the row becomes too long.
        self.setFixedHeight(SIDE + 2 * self.frameWidth() + self.horizontalScrollBar().sizeHint().height())
        # Whether a change of the current picture comes from the program, and what was current before the mouse.
        self._prepending = False
        self._before_press = QPersistentModelIndex()
        self.clicked.connect(self._on_clicked)

    def prepend(self, image: QImage, path: Path, recipe: Recipe) -> None:
        """Put a saved picture at the front and mark it; whoever prepends it shows it already."""
        self._film.prepend(image, path, recipe)
        self._prepending = True
        self.setCurrentIndex(self._film.index(0))
        self._prepending = False
        self.scrollToTop()

    def menu_for(self, index: QModelIndex) -> QMenu:
        """What can be done with a picture; actions that need a file which is gone say so."""
        frame = self._film.frame(index)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        gone = "" if frame.path.is_file() else self.tr("The file is no longer there: {path}").format(path=frame.path)
        empty = "" if frame.recipe.prompt else self.tr("It was drawn without a prompt")
        picture = menu.addAction(self.tr("Copy picture"))
        picture.triggered.connect(self._on_copy_picture)
        prompt = menu.addAction(self.tr("Copy prompt"))
        prompt.triggered.connect(self._on_copy_prompt)
        folder = menu.addAction(self.tr("Show in folder"))
        folder.triggered.connect(self._on_show_folder)
        _refuse(picture, gone)
        _refuse(prompt, empty)
        _refuse(folder, gone)
        return menu

    def _current(self) -> Frame | None:
        index = self.currentIndex()
        return self._film.frame(index) if index.isValid() else None

    def _choose(self, index: Index) -> None:
        self.pictureChosen.emit(self._film.frame(index).path)

    def _on_clicked(self, index: QModelIndex) -> None:
        # A click on another picture has chosen it already, when the mouse went down.
        if self._before_press == index:
            self._choose(index)

    def _on_copy_picture(self) -> None:
        frame = self._current()
        image = QImage() if frame is None else QImage(str(frame.path))
        # A file that is gone must not empty the clipboard.
        if not image.isNull():
            QGuiApplication.clipboard().setImage(image)

    def _on_copy_prompt(self) -> None:
        frame = self._current()
        if frame is not None:
            QGuiApplication.clipboard().setText(frame.recipe.prompt)

    def _on_show_folder(self) -> None:
        frame = self._current()
        if frame is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(frame.path.parent)))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Choose where the keyboard goes."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._prepending:
            self._choose(current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was current, to tell a click on it from one on another picture."""
        self._before_press = QPersistentModelIndex(self.currentIndex())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the picture, and show the current one again on Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy_picture()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the picture under the pointer, or the current one for the keyboard."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = self.menu_for(index)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.viewport().mapToGlobal(self.visualRect(index).center())
        menu.popup(event.globalPos() if by_mouse else corner)


def _refuse(action: QAction, reason: str) -> None:
    """Switch an action off if there is a reason, and show it."""
    action.setEnabled(not reason)
    if reason:
        action.setToolTip(reason)
