"""The picture in the middle of the window: forming, then finished."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.basics.theme import GROUND
from sana_desktop.ui.canvas.cross_fade import CrossFade
from sana_desktop.ui.canvas.enlarge import smooth_enlarged
from sana_desktop.ui.canvas.picture_painter import PicturePainter
from sana_desktop.ui.canvas.viewport import MARGIN
from sana_desktop.ui.canvas.zoomable_view import ZoomableView

HINT_WIDTH = 420


class CanvasView(ZoomableView):
    """Shows one picture, or words where there is none.

    A preview takes the place that the finished picture will have, always fits the view, and passes softly into the
    next preview or the finished picture unless `animated` is False. A finished picture that is shown whole can be
    dragged to other programs.

    Signals:
        copyRequested(): the user wants the picture on the clipboard.
        dragRequested(): the user drags the picture away.
        menuRequested(QPoint): the user asks what can be done; where, on the screen.
    """

    copyRequested = Signal()
    dragRequested = Signal()
    menuRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, animated: bool | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Canvas"))
        self._picture = PicturePainter()
        self._fade = CrossFade(self, animated)
        self._fade.changed.connect(self.update)
        self._path: Path | None = None
        self._is_preview = False
        self._hint = ""

    def set_animated(self, animated: bool | None) -> None:
        """Let pictures change softly or at once; None: as the desktop likes it."""
        self._fade.set_animated(animated)

    @property
    def path(self) -> Path | None:
        """The file of the finished picture that is shown; None for a preview and for no picture."""
        return self._path

    @property
    def image(self) -> QImage:
        """What is shown, null for nothing."""
        return self._picture.image

    @property
    def has_picture(self) -> bool:
        """Whether there is something to zoom."""
        return not self._picture.image.isNull()

    @property
    def is_fading(self) -> bool:
        """Whether something of the picture before is still to be seen."""
        return self._fade.is_running

    def show_preview(self, image: QImage) -> None:
        """Show the picture as it would be finished now."""
        self._show(smooth_enlarged(image), None, preview=True)
        self._viewport.fit()
        self.setAccessibleDescription(self.tr("A picture that is being drawn."))

    def show_picture(self, image: QImage, path: Path) -> None:
        """Show a finished picture and the file that it is in."""
        self._show(image, path)
        size = f"{image.width()} × {image.height()}"
        self.setAccessibleDescription(self.tr("A picture of {size} pixels.").format(size=size))

    def show_hint(self, text: str) -> None:
        """Take the picture away and show words in its place."""
        self._hint = text
        self._show(QImage(), None)
        self.setAccessibleDescription(text)

    def clear(self) -> None:
        """Show nothing."""
        self.show_hint("")

    def _show(self, image: QImage, path: Path | None, *, preview: bool = False) -> None:
        # Only from a preview: between pictures that have nothing to do with each other a fade is a lie.
        old = self._seen() if self._is_preview and self._fade.is_wanted and self.isVisible() else QImage()
        before = self._viewport.rect
        self._fade.stop()
        self._picture.set_image(image)
        self._path = path
        self._is_preview = preview
        if not image.isNull():
            self._viewport.set_picture(QSizeF(image.size()))
            if not old.isNull() and _is_same_place(before, self._viewport.rect):
                self._fade.begin(old)
        self.update()

    def _seen(self) -> QImage:
        """What is seen of the picture now, in the middle of a fade too."""
        ratio, rect = self.devicePixelRatioF(), self._viewport.rect
        seen = QImage((rect.size() * ratio).toSize(), QImage.Format.Format_RGB32)
        seen.setDevicePixelRatio(ratio)
        # The rounded size may be a little larger than the picture.
        seen.fill(self.palette().color(GROUND))
        painter = QPainter(seen)
        painter.translate(-rect.topLeft())
        self._paint_picture(painter)
        painter.end()
        return seen

    def _paint_picture(self, painter: QPainter) -> None:
        rect = self._viewport.rect
        self._picture.paint(painter, rect, self.devicePixelRatioF(), soft=self._viewport.fits)
        self._fade.paint(painter, rect.x(), rect.y())

    def _paint_hint(self, painter: QPainter) -> None:
        width = min(HINT_WIDTH, self.width() - 2 * int(MARGIN))
        box = self.rect().adjusted((self.width() - width) // 2, 0, -((self.width() - width) // 2), 0)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)

    def _may_be_dragged(self, position: QPointF) -> bool:
        return self._path is not None and self._viewport.fits and self._viewport.rect.contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture or the words, and show where the keyboard is."""
        painter = QPainter(self)
        if self.has_picture:
            self._paint_picture(painter)
        else:
            self._paint_hint(painter)
        self.paint_frame(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fade no longer: what was seen had another size."""
        self._fade.stop()
        super().resizeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a picture away that is shown whole, move one that is not."""
        grabbed = self._grabbed
        left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if grabbed is None or not left or not self._may_be_dragged(grabbed):
            super().mouseMoveEvent(event)
            return
        distance = (event.position() - grabbed).manhattanLength()
        if distance >= QGuiApplication.styleHints().startDragDistance():
            self._grabbed = None
            self.dragRequested.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the picture."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.menuRequested.emit(event.globalPos() if by_mouse else self.mapToGlobal(self.rect().center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the picture."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copyRequested.emit()
        else:
            super().keyPressEvent(event)


def _is_same_place(a: QRectF, b: QRectF) -> bool:
    """Equal to half a pixel: a preview's sides are rounded to few pixels."""
    return max(abs(a.x() - b.x()), abs(a.y() - b.y()), abs(a.right() - b.right()), abs(a.bottom() - b.bottom())) < 0.5
