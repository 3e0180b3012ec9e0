"""What every view of pictures has in common: zooming and moving by mouse, touchpad, touch and keyboard."""

from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.ui.canvas.pill import paint_pill
from sana_desktop.ui.canvas.viewport import Viewport

ZOOM_STEP = 1.25
# A wheel reports an eighth of a degree; one notch is 15 degrees.
WHEEL_NOTCH = 120.0
# A finger that moves so many pixels with Ctrl zooms as much as one notch.
FINGER_NOTCH = 60.0
KEYBOARD_MOVE = 48.0
READOUT_MARGIN = 10.0


class ZoomableView(QWidget):
    """Base of widgets that paint pictures where their `Viewport` says.

    The wheel zooms around the pointer; two fingers on a touchpad move, with Ctrl or as a pinch they zoom. Dragging
    moves, a double click changes between fitting and actual size. Keys: Ctrl+0 all of the picture, Ctrl+1 actual
    size, + and - zoom, arrows move.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # By click or Tab, so that the keys work on what one works with.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 200)
        self._viewport = Viewport()
        self._grabbed: QPointF | None = None
        # Whoever clicks on a picture knows where the keyboard is.
        self._focus_by_key = False

    @property
    def viewport_now(self) -> Viewport:
        """Where the picture lies."""
        return self._viewport

    @property
    def percent(self) -> int:
        """Pixels of the screen for 100 pixels of the picture, along one side."""
        return round(100 * self._viewport.scale * self.devicePixelRatioF())

    @property
    def has_picture(self) -> bool:
        """Whether there is something to zoom."""
        raise NotImplementedError

    def fit(self) -> None:
        """Show all of the picture."""
        self._viewport.fit()
        self.update()

    def actual_size(self) -> None:
        """Show one pixel of the picture on one pixel of the screen."""
        if self.has_picture:
            self._viewport.zoom_to(1 / self.devicePixelRatioF())
            self.update()

    def zoom_in(self) -> None:
        """Enlarge around the middle."""
        self._zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more of the picture."""
        self._zoom(1 / ZOOM_STEP)

    def place_in_viewport(self, position: QPointF) -> QPointF:
        """A point of the widget in the view that the viewport knows."""
        return position

    def _zoom(self, factor: float, around: QPointF | None = None) -> None:
        if self.has_picture:
            self._viewport.zoom_by(factor, None if around is None else self.place_in_viewport(around))
            self.update()

    def _move(self, distance: QPointF) -> None:
        self._viewport.move(distance)
        self.update()

    def _toggle_size(self) -> None:
        if self._viewport.fits:
            self.actual_size()
        else:
            self.fit()

    def paint_frame(self, painter: QPainter) -> None:
        """Say how large the picture is shown unless it fits, and show where the keyboard is."""
        if self.has_picture and not self._viewport.fits:
            corner = QPointF(self.width() - READOUT_MARGIN, self.height() - 2.2 * READOUT_MARGIN)
            corner -= QPointF(0, painter.fontMetrics().height() / 2)
            paint_pill(painter, self.palette(), corner, self.tr("{n} %").format(n=self.percent), right=True)
        if self.hasFocus() and self._focus_by_key:
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard brought the focus."""
        self._focus_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or what is in the middle in the middle."""
        self._viewport.set_view(QSizeF(event.size()))

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch, which comes in no handler of its own."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(max(0.1, 1 + event.value()), event.position())
                return True
            if event.gestureType() is Qt.NativeGestureType.SmartZoomNativeGesture:
                self._toggle_size()
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; move for two fingers on a touchpad that do not hold Ctrl."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if is_by_finger(event):
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._move(QPointF(pixels) if not pixels.isNull() else QPointF(angle) / 8)
                return
            if not pixels.isNull():
                self._zoom(ZOOM_STEP ** (pixels.y() / FINGER_NOTCH), event.position())
                return
        self._zoom(ZOOM_STEP ** (angle.y() / WHEEL_NOTCH), event.position())

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
        self._toggle_size()

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


def is_by_finger(event: QWheelEvent) -> bool:
    """Whether a touchpad sent this, as far as platforms tell: by the device, or by the phases of a movement."""
    return event.device().type() == QInputDevice.DeviceType.TouchPad or event.phase() != Qt.ScrollPhase.NoScrollPhase
