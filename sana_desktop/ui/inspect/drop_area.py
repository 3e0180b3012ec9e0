"""Dropping pictures anywhere on the window to read their settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWindow,
)
from PySide6.QtWidgets import QWidget

from sana_desktop.errors import KnownError

# Pixels without a file, as browsers hand them over; the others of their forms carry no settings.
PICTURE_FORMATS = ("image/png", "image/jpeg", "image/webp")
LARGEST_BYTES = 256 * 2**20

MARGIN = 14
CORNER = 12.0
VEIL = 0.86


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped first, a file or the bytes of one, and how many other things came with it."""

    source: Path | bytes
    name: str
    others: int


class DropArea(QWidget):
    """A veil over `window` that appears while a picture is dragged over it, and takes the drop.

    It lies over everything, so no field below can take the file's name for text. Drags that begin in the program
    itself and drags of words go on to the fields.

    Signals:
        dropped(object): a `Dropped`.
        refused(object): a `KnownError` about what cannot be read.
    """

    dropped = Signal(object)
    refused = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Drop to read its settings"))
        self.hide()
        window.installEventFilter(self)
        self._watch_handle(window)

    def _watch_handle(self, window: QWidget) -> None:
        # The platform's window hears of a drag before any widget does; it is there once the widget was shown.
        handle = cast("QWindow | None", window.windowHandle())
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Appear in time: the window looks for the widget below the pointer only afterwards."""
        window = self.parentWidget()
        if window is None:
            return False
        if watched is window:
            if event.type() is QEvent.Type.Show:
                self._watch_handle(window)
            elif event.type() is QEvent.Type.Resize:
                self.setGeometry(window.rect())
        elif isinstance(event, QDragEnterEvent) and _is_wanted(event):
            self.setGeometry(window.rect())
            self.raise_()
            self.show()
        elif event.type() is QEvent.Type.DragLeave:
            self.hide()
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what may be a picture; never the file itself away."""
        if may_be_picture(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere is right."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Disappear."""
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped; reading it is somebody else's work."""
        self.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        try:
            found = self._first(event.mimeData())
        except KnownError as error:
            self.refused.emit(error)
            return
        self.dropped.emit(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil, a dashed frame, and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self.palette().color(QPalette.ColorRole.Window))
        veil.setAlphaF(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), CORNER, CORNER)
        font = self.font()
        font.setPointSizeF(1.5 * font.pointSizeF())
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())

    def _first(self, data: QMimeData) -> Dropped:
        urls = data.urls()
        files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if files:
            return Dropped(files[0], files[0].name, len(files) - 1)
        for name in PICTURE_FORMATS:
            if data.hasFormat(name):
                content = data.data(name)
                if content.size() > LARGEST_BYTES:
                    break
                return Dropped(bytes(content.data()), self.tr("The dropped picture"), 0)
        if any(not url.isLocalFile() for url in urls):
            raise KnownError(
                self.tr("That picture is on the web, and nothing is fetched from there."),
                hint=self.tr("Save it on this computer first, then drop the file."),
            )
        raise KnownError(
            self.tr("What was dropped is no file and carries no settings."),
            hint=self.tr("Save the picture on this computer first, then drop the file."),
        )


def _is_wanted(event: QDragEnterEvent) -> bool:
    from_outside = cast("QObject | None", event.source()) is None
    return from_outside and may_be_picture(event.mimeData())


def may_be_picture(data: QMimeData) -> bool:
    """Whether dropped data may be a picture; words and colours are not."""
    return data.hasUrls() or data.hasImage() or any(data.hasFormat(name) for name in PICTURE_FORMATS)
