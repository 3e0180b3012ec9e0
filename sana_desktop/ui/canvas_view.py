"""The picture in the middle of the window: forming, then finished."""

from pathlib import Path

from PySide6.QtCore import QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.ui.enlarge import smooth_enlarged
from sana_desktop.ui.viewport import MARGIN, Viewport

ZOOM_STEP = 1.25
# A wheel reports an eighth of a degree; one notch is 15 degrees.
WHEEL_NOTCH = 120.0
KEYBOARD_MOVE = 48.0
# From here on a person zooms to see pixels, not a soft picture.
PIXEL_SCALE = 4.0
HINT_WIDTH = 420


class CanvasView(QWidget):
    """Shows one picture, or words where there is none.

    A preview takes the place that the finished picture will have, and always fits the view. The wheel zooms around
    the pointer, dragging moves, a double click changes between fitting and actual size.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 200)
        self.setAccessibleName(self.tr("Canvas"))
        self._viewport = Viewport()
        self._image = QImage()
        # The image at the size in which it is shown, if that is smaller: painters make poor small pictures.
        self._reduced = QImage()
        self._path: Path | None = None
        self._hint = ""
        self._grabbed: QPointF | None = None

    @property
    def path(self) -> Path | None:
        """The file of the finished picture that is shown; None for a preview and for no picture."""
        return self._path

    @property
    def image(self) -> QImage:
        """What is shown, null for nothing."""
        return self._image

    @property
    def viewport_now(self) -> Viewport:
        """Where the picture lies."""
        return self._viewport

    def show_preview(self, image: QImage) -> None:
        """Show the picture as it would be finished now."""
        self._show(smooth_enlarged(image), None)
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

    def fit(self) -> None:
        """Show all of the picture."""
        self._viewport.fit()
        self.update()

    def actual_size(self) -> None:
        """Show one pixel of the picture on one pixel of the screen."""
        self._viewport.zoom_to(1 / self.devicePixelRatioF())
        self.update()

    def zoom_in(self) -> None:
        """Enlarge around the middle."""
        self._zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more of the picture."""
        self._zoom(1 / ZOOM_STEP)

    def _show(self, image: QImage, path: Path | None) -> None:
        self._image, self._path = image, path
        self._reduced = QImage()
        if not image.isNull():
            self._viewport.set_picture(QSizeF(image.size()))
        self.update()

    def _zoom(self, factor: float, around: QPointF | None = None) -> None:
        if not self._image.isNull():
            self._viewport.zoom_by(factor, around)
            self.update()

    def _move(self, distance: QPointF) -> None:
        self._viewport.move(distance)
        self.update()

    def _paint_picture(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        rect, scale = self._viewport.rect, self._viewport.scale * ratio
        soft = self._viewport.fits or scale < PIXEL_SCALE
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, soft)
        painter.drawImage(rect, self._image if scale >= 1 else self._reduced_to((rect.size() * ratio).toSize()))

    def _reduced_to(self, size: QSize) -> QImage:
        size = size.expandedTo(QSize(1, 1))
        if self._reduced.size() != size:
            self._reduced = self._image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return self._reduced

    def _paint_hint(self, painter: QPainter) -> None:
        width = min(HINT_WIDTH, self.width() - 2 * int(MARGIN))
        box = self.rect().adjusted((self.width() - width) // 2, 0, -((self.width() - width) // 2), 0)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture or the words, and show where the keyboard is."""
        painter = QPainter(self)
        if self._image.isNull():
            self._paint_hint(painter)
        else:
            self._paint_picture(painter)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or what is in the middle in the middle."""
        self._viewport.set_view(QSizeF(event.size()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self._zoom(ZOOM_STEP ** (event.angleDelta().y() / WHEEL_NOTCH), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()
            if not self._viewport.fits:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the pointer."""
        if self._grabbed is not None:
            self._move(event.position() - self._grabbed)
            self._grabbed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between all of the picture and its actual size."""
        if self._viewport.fits:
            self.actual_size()
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and move from the keyboard."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_0 if control:
                self.fit()
            case Qt.Key.Key_1 if control:
                self.actual_size()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case Qt.Key.Key_Left:
                self._move(QPointF(KEYBOARD_MOVE, 0))
            case Qt.Key.Key_Right:
                self._move(QPointF(-KEYBOARD_MOVE, 0))
            case Qt.Key.Key_Up:
                self._move(QPointF(0, KEYBOARD_MOVE))
            case Qt.Key.Key_Down:
                self._move(QPointF(0, -KEYBOARD_MOVE))
            case _:
                super().keyPressEvent(event)
