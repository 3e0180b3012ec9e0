"""The pictures of this session and the newest of earlier ones, with a field to find one among them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from sana_desktop.domain.recipe import Recipe
from sana_desktop.gallery.trash import move_to_trash
from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.queue.board_glyphs import draw_search, glyph_icon
from sana_desktop.ui.strip.film_filter import FilmFilter
from sana_desktop.ui.strip.film_model import FilmModel, Frame
from sana_desktop.ui.strip.film_view import FilmView
from sana_desktop.ui.strip.picture_loader import PictureLoader
from sana_desktop.ui.strip.recent_frames import RecentFrames
from sana_desktop.ui.strip.trash_can import TrashCan

FIELD_WIDTH = 280


class FilmStrip(QWidget):
    """Shows saved pictures small. `close_files` has to be called before the program ends.

    `move` takes a file to the trash, on a thread, or raises `OutputError`.

    Signals:
        pictureChosen(object): the `Path` of the picture that the user wants to see.
        compareRequested(object): the `Path` of the picture to be compared with the one that is seen.
        recipeRequested(object): the `Recipe` to take over.
        trashed(object): the `Path` of a picture that is in the trash now.
        trashFailed(object): the `KnownError` that says why one is not.
    """

    pictureChosen = Signal(object)
    compareRequested = Signal(object)
    recipeRequested = Signal(object)
    trashed = Signal(object)
    trashFailed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, move: Callable[[Path], None] = move_to_trash) -> None:
        super().__init__(parent)
        self._film = FilmModel(self)
        self._pictures = FilmFilter(self._film, self)
        self._view = FilmView(self._pictures)
        self._field = CalmLineEdit()
        self._found = QLabel()
        self._search = QWidget()
        self._recent = RecentFrames(self)
        # Reads pictures for the clipboard.
        self._copier = PictureLoader(self)
        self._trash = TrashCan(self, move=move)
        self._build()
        self._view.pictureChosen.connect(self.pictureChosen)
        self._view.compareRequested.connect(self.compareRequested)
        self._view.trashRequested.connect(self._trash.throw)
        self._view.copyRequested.connect(self._copier.load)
        self._view.menuRequested.connect(self._on_menu)
        self._field.textChanged.connect(self._on_words)
        self._recent.found.connect(self._on_found)
        self._copier.loaded.connect(self._on_copied)
        self._trash.moved.connect(self._on_trashed)
        self._trash.failed.connect(self.trashFailed)

    def prepend(self, image: QImage, path: Path, recipe: Recipe | None) -> None:
        """Put a saved picture at the front and mark it; whoever prepends it shows it already."""
        self._film.prepend(image, path, recipe)
        # A filter may hide it; then what is marked stays.
        if self._pictures.rowCount() and self._pictures.frame(self._pictures.index(0, 0)).path == path:
            self._view.mark_newest()
        self._tell_found()

    def read_folder(self, folder: Path) -> None:
        """Append the newest pictures in this folder, as they are read."""
        self._recent.read(folder)

    def remove(self, path: Path) -> None:
        """Take a picture out whose file is gone."""
        self._film.remove(path)
        self._tell_found()

    def model(self) -> QAbstractItemModel:
        """All pictures that the words in the field let through."""
        return self._pictures

    def close_files(self) -> None:
        """Read nothing any more, and wait until that is so."""
        self._recent.close()
        self._copier.close()
        self._trash.close()

    @Slot()
    def show_filter(self) -> None:
        """Let the user type words to find pictures by."""
        self._search.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    @Slot()
    def hide_filter(self) -> None:
        """Show all pictures again."""
        self._field.clear()
        self._search.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def menu_for(self, frame: Frame) -> QMenu:
        """What can be done with a picture; actions that cannot be done say why."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        gone = "" if frame.path.is_file() else self.tr("The file is no longer there: {path}").format(path=frame.path)
        unknown = "" if frame.recipe is not None else self.tr("It is not known how it was drawn")
        empty = unknown or ("" if frame.prompt else self.tr("It was drawn without a prompt"))
        path = frame.path
        _add(menu, self.tr("Copy picture"), gone).triggered.connect(lambda: self._copier.load(path))
        copy = _add(menu, self.tr("Copy prompt"), empty)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(frame.prompt))
        use = _add(menu, self.tr("Use its settings"), unknown)
        use.triggered.connect(lambda: self.recipeRequested.emit(frame.recipe))
        compare = _add(menu, self.tr("Compare with the one shown"), gone)
        compare.triggered.connect(lambda: self.compareRequested.emit(path))
        menu.addSeparator()
        folder = _add(menu, self.tr("Show in folder"), gone)
        folder.triggered.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))))
        trash = _add(menu, self.tr("Move to trash"), gone)
        trash.triggered.connect(lambda: self._trash.throw(path))
        return menu

    def _tell_found(self) -> None:
        shown, all_of_them = self._pictures.rowCount(), self._film.rowCount()
        self._found.setText(self.tr("{n} of {all}").format(n=shown, all=all_of_them))
        if self._field.text().strip():
            self._view.set_empty_text(self.tr("No picture has these words"))
        else:
            self._view.set_empty_text(self.tr("Your pictures will appear here"))

    @Slot(object)
    def _on_found(self, frames: list[Frame]) -> None:
        self._film.append(frames)
        self._tell_found()

    @Slot(str)
    def _on_words(self, text: str) -> None:
        self._pictures.set_words(text)
        self._tell_found()

    @Slot(object, QImage, object)
    def _on_copied(self, path: Path, image: QImage, recipe: Recipe | None) -> None:
        QGuiApplication.clipboard().setImage(image)

    @Slot(object)
    def _on_trashed(self, path: Path) -> None:
        self.remove(path)
        self.trashed.emit(path)

    @Slot(object, object)
    def _on_menu(self, index: QModelIndex, place: QPoint) -> None:
        menu = self.menu_for(self._pictures.frame(index))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _build(self) -> None:
        self._field.setPlaceholderText(self.tr("Words of the prompt"))
        self._field.setAccessibleName(self.tr("Find pictures by words of their prompts"))
        self._field.setToolTip(self.tr("Shows pictures whose prompt has all these words; Esc shows all again"))
        sign = self._field.addAction(glyph_icon(draw_search), QLineEdit.ActionPosition.LeadingPosition)
        sign.setText(self.tr("Find"))
        self._field.setMaximumWidth(FIELD_WIDTH)
        self._found.setAccessibleName(self.tr("How many pictures are shown"))
        self._found.setForegroundRole(self._found.palette().ColorRole.PlaceholderText)
        # Only while the field has the focus: elsewhere Esc cancels.
        escape = QShortcut(QKeySequence("Esc"), self._field)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self.hide_filter)
        row = QHBoxLayout(self._search)
        row.setContentsMargins(16, 8, 16, 0)
        row.addWidget(self._field, 1)
        row.addWidget(self._found)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(RULE)
        column.addWidget(line)
        column.addWidget(self._search)
        # So that the first picture stands under the words above.
        around = QHBoxLayout()
        around.setContentsMargins(11, 0, 11, 2)
        around.addWidget(self._view)
        column.addLayout(around)
        self._search.hide()
        self._tell_found()


def _add(menu: QMenu, text: str, refusal: str) -> QAction:
    """An action, switched off if there is a reason, which it shows."""
    action = menu.addAction(text)
    action.setEnabled(not refusal)
    if refusal:
        action.setToolTip(refusal)
    return action
