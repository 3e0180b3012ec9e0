"""Pictures whose prompt has certain words."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from sana_desktop.ui.strip.film_model import FRAME_ROLE, FilmModel, Frame


class FilmFilter(QSortFilterProxyModel):
    """Lets those pictures through whose prompt, or file name, has every word that was asked for."""

    def __init__(self, film: FilmModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSourceModel(film)

    def set_words(self, text: str) -> None:
        """Ask for these words, wherever they stand and however they are spelled in large and small letters."""
        self._words = text.casefold().split()
        self.invalidate()

    def frame(self, index: QModelIndex | QPersistentModelIndex) -> Frame:
        """The frame of a row."""
        frame = index.data(FRAME_ROLE)
        assert isinstance(frame, Frame)
        return frame

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the picture of a row has all the words."""
        if not self._words:
            return True
        frame = self.sourceModel().index(source_row, 0, source_parent).data(FRAME_ROLE)
        assert isinstance(frame, Frame)
        text = f"{frame.prompt} {frame.path.stem}".casefold()
        return all(word in text for word in self._words)
