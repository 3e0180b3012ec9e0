"""Two pictures at one place: side by side, or one over the other with a line that can be dragged."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.canvas.picture_painter import PicturePainter
from sana_desktop.ui.canvas.pill import paint_pill
from sana_desktop.ui.canvas.zoomable_view import ZoomableView

GAP = 8.0
# How near to the line the pointer takes hold of it.
REACH = 8.0
HANDLE_RADIUS = 9.0
KEYBOARD_STEP = 0.02
LABEL_MARGIN = 10.0


class CompareMode(StrEnum):
    """How two pictures are compared."""

    SIDE_BY_SIDE = "side by side"
    SLIDER = "slider"


class CompareView(ZoomableView):
    """Shows two pictures with the same zoom and the same place in the middle.

    The second picture is brought to the size of the first one, so that what belongs together lies together. Keys
    beside those of every view: C swaps, M changes the mode, Esc leaves; with the slider the arrows left and right,
    Home and End move the line (with Ctrl the arrows move the picture).

    Signals:
        swapRequested(), modeRequested(), closeRequested(): what the keys ask for.
        dividerMoved(): the line stands elsewhere.
    """

    swapRequested = Signal()
    modeRequested = Signal()
    closeRequested = Signal()
    dividerMoved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Comparison of two pictures"))
        self._first, self._second = PicturePainter(), PicturePainter()
        self._labels = ("", "")
        self._mode = CompareMode.SLIDER
        self._divider = 0.5
        self._dragging = False

    @property
    def has_picture(self) -> bool:
        """Whether there is something to zoom."""
        return not self._first.image.isNull()

    @property
    def mode(self) -> CompareMode:
        """How the pictures are compared."""
        return self._mode

    @property
    def divider(self) -> float:
        """Where the line stands: 0 shows only the second picture, 1 only the first."""
        return self._divider

    def set_pictures(self, first: QImage, second: QImage, labels: tuple[str, str]) -> None:
        """Compare two pictures, which `labels` name in their corners; the zoom stays if the first has the same size."""
        self._first.set_image(first)
        self._second.set_image(second)
        self._labels = labels
        self._viewport.set_picture(QSizeF(first.size()))
        self.update()

    def set_mode(self, mode: CompareMode) -> None:
        """Compare in another way."""
        self._mode = mode
        self._place()
        self.update()

    def set_divider(self, share: float) -> None:
        """Put the line at a share of the width."""
        self._divider = min(max(share, 0.0), 1.0)
        self.dividerMoved.emit()
        self.update()

    def place_in_viewport(self, position: QPointF) -> QPointF:
        """A point of the widget in the half that it lies in."""
        right = self._right_half()
        if self._mode is CompareMode.SIDE_BY_SIDE and position.x() >= right:
            return position - QPointF(right, 0)
        return position

    def _right_half(self) -> float:
        return (self.width() + GAP) / 2

    def _place(self) -> None:
        half = (self.width() - GAP) / 2
        width = half if self._mode is CompareMode.SIDE_BY_SIDE else self.width()
        self._viewport.set_view(QSizeF(max(1.0, width), self.height()))

    def _second_rect(self) -> QRectF:
        """Where the second picture lies: whole and undistorted in the place of the first."""
        place = self._viewport.rect
        size = QSizeF(self._second.image.size()).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        rect = QRectF(QPointF(), size)
        rect.moveCenter(place.center())
        return rect

    def _line(self) -> float:
        return self._divider * self.width()

    def _is_on_line(self, position: QPointF) -> bool:
        return self._mode is CompareMode.SLIDER and abs(position.x() - self._line()) <= REACH

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both pictures, each in its part of the view."""
        painter = QPainter(self)
        if self._mode is CompareMode.SIDE_BY_SIDE:
            half = (self.width() - GAP) / 2
            self._paint_part(painter, self._first, self._viewport.rect, QRectF(0, 0, half, self.height()))
            right = QRectF(self._right_half(), 0, half, self.height())
            self._paint_part(painter, self._second, self._second_rect().translated(right.left(), 0), right)
            ends = (LABEL_MARGIN, right.left() + LABEL_MARGIN, False)
        else:
            line = self._line()
            self._paint_part(painter, self._first, self._viewport.rect, QRectF(0, 0, line, self.height()))
            rest = QRectF(line, 0, self.width() - line, self.height())
            self._paint_part(painter, self._second, self._second_rect(), rest)
            self._paint_line(painter, line)
            ends = (LABEL_MARGIN, self.width() - LABEL_MARGIN, True)
        first, second, at_right = ends
        paint_pill(painter, self.palette(), QPointF(first, LABEL_MARGIN), self._labels[0])
        paint_pill(painter, self.palette(), QPointF(second, LABEL_MARGIN), self._labels[1], right=at_right)
        self.paint_frame(painter)

    def _paint_part(self, painter: QPainter, picture: PicturePainter, rect: QRectF, part: QRectF) -> None:
        painter.save()
        painter.setClipRect(part)
        picture.paint(painter, rect, self.devicePixelRatioF(), soft=self._viewport.fits)
        painter.restore()

    def _paint_line(self, painter: QPainter, x: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Light with dark edges: seen on every picture.
        light, dark = self.palette().color(QPalette.ColorRole.BrightText), self.palette().color(QPalette.ColorRole.Dark)
        painter.setPen(QPen(dark, 3.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(light, 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        middle = QPointF(x, self.height() / 2)
        painter.setPen(QPen(dark, 1))
        painter.setBrush(light)
        painter.drawEllipse(middle, HANDLE_RADIUS, HANDLE_RADIUS)
        painter.setPen(QPen(dark, 1.5))
        for side in (-1, 1):
            tip = middle + QPointF(side * 6, 0)
            for up in (-3, 3):
                painter.drawLine(tip, tip + QPointF(-side * 3, up))
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each picture its part of the new size."""
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the line or of the pictures."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_on_line(event.position()):
            self._dragging = True
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what was taken hold of; show what could be."""
        if self._dragging:
            self.set_divider(event.position().x() / max(1, self.width()))
            return
        super().mouseMoveEvent(event)
        if self._grabbed is None:
            on_line = self._is_on_line(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_line else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put the line back into the middle; elsewhere change between all and actual size."""
        if self._is_on_line(event.position()):
            self.set_divider(0.5)
        else:
            super().mouseDoubleClickEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, where it stops what is being drawn."""
        if isinstance(event, QKeyEvent) and _is_escape_override(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Swap, change the mode, leave, and move the line."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        slider = self._mode is CompareMode.SLIDER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        match event.key():
            case Qt.Key.Key_C if plain:
                self.swapRequested.emit()
            case Qt.Key.Key_M if plain:
                self.modeRequested.emit()
            case Qt.Key.Key_Escape:
                self.closeRequested.emit()
            case Qt.Key.Key_Left if slider:
                self.set_divider(self._divider - KEYBOARD_STEP)
            case Qt.Key.Key_Right if slider:
                self.set_divider(self._divider + KEYBOARD_STEP)
            case Qt.Key.Key_Home if slider:
                self.set_divider(0.0)
            case Qt.Key.Key_End if slider:
                self.set_divider(1.0)
            case _:
                super().keyPressEvent(event)


def _is_escape_override(event: QKeyEvent) -> bool:
    return event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape
