import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QInputDevice,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.zoomable_view import ZOOM_STEP, ZoomableView

TOUCHPAD = QPointingDevice(
    "touchpad",
    7,
    QInputDevice.DeviceType.TouchPad,
    QPointingDevice.PointerType.Finger,
    QInputDevice.Capability.PixelScroll,
    2,
    0,
)


class View(ZoomableView):
    """A picture of 100 x 100 pixels that is not painted."""

    @property
    def has_picture(self) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint_frame(QPainter(self))


@pytest.fixture
def view(qtbot: QtBot) -> View:
    made = View()
    qtbot.addWidget(made)
    made.resize(532, 432)
    made.viewport_now.set_picture(QSizeF(100, 100))
    made.show()
    return made


def roll(
    view: View,
    pixels: QPoint,
    angle: QPoint,
    *,
    control: bool = False,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    device: QPointingDevice | None = None,
) -> None:
    """Turn a wheel, or move two fingers, above a point beside the middle."""
    where = QPointF(300, 200)
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    device = device or QPointingDevice.primaryPointingDevice()
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        pixels,
        angle,
        Qt.MouseButton.NoButton,
        keys,
        phase,
        False,
        Qt.MouseEventSource.MouseEventNotSynthesized,
        device,
    )
    QApplication.sendEvent(view, event)


def test_the_wheel_zooms_with_and_without_ctrl(view: View):
    fitting = view.viewport_now.scale

    roll(view, QPoint(), QPoint(0, 120))
    roll(view, QPoint(), QPoint(0, 120), control=True)

    assert view.viewport_now.scale == pytest.approx(fitting * ZOOM_STEP**2)


@pytest.mark.parametrize("how", ["device", "phase"])
def test_two_fingers_move(view: View, how: str):
    roll(view, QPoint(), QPoint(0, 600))
    scale, before = view.viewport_now.scale, view.viewport_now.rect.topLeft()

    if how == "device":
        roll(view, QPoint(12, -7), QPoint(24, -14), device=TOUCHPAD)
    else:
        roll(view, QPoint(12, -7), QPoint(24, -14), phase=Qt.ScrollPhase.ScrollUpdate)

    moved = view.viewport_now.rect.topLeft() - before
    assert (moved.x(), moved.y()) == (pytest.approx(12), pytest.approx(-7))
    assert view.viewport_now.scale == scale


def test_two_fingers_move_where_only_angles_are_told(view: View):
    roll(view, QPoint(), QPoint(0, 600))
    before = view.viewport_now.rect.topLeft()

    roll(view, QPoint(), QPoint(80, -40), device=TOUCHPAD)

    moved = view.viewport_now.rect.topLeft() - before
    assert (moved.x(), moved.y()) == (pytest.approx(10), pytest.approx(-5))


def test_two_fingers_zoom_with_ctrl_where_the_pointer_is(view: View):
    roll(view, QPoint(), QPoint(0, 600))
    before = view.viewport_now
    scale, under = before.scale, (QPointF(300, 200) - before.rect.topLeft()) / before.scale

    roll(view, QPoint(0, 60), QPoint(0, 400), control=True, device=TOUCHPAD)

    now = view.viewport_now
    assert now.scale == pytest.approx(scale * ZOOM_STEP)
    still = (QPointF(300, 200) - now.rect.topLeft()) / now.scale
    assert (still - under).manhattanLength() < 1e-6


def gesture(view: View, kind: Qt.NativeGestureType, value: float) -> None:
    where = QPointF(300, 200)
    event = QNativeGestureEvent(kind, TOUCHPAD, 2, where, where, view.mapToGlobal(where), value, QPointF())
    QApplication.sendEvent(view, event)


def test_a_pinch_zooms(view: View):
    scale = view.viewport_now.scale

    gesture(view, Qt.NativeGestureType.ZoomNativeGesture, 0.25)
    gesture(view, Qt.NativeGestureType.RotateNativeGesture, 0.5)

    assert view.viewport_now.scale == pytest.approx(scale * 1.25)


def test_a_smart_tap_changes_between_all_and_actual_size(view: View):
    gesture(view, Qt.NativeGestureType.SmartZoomNativeGesture, 0)
    assert view.viewport_now.scale == 1
    gesture(view, Qt.NativeGestureType.SmartZoomNativeGesture, 0)
    assert view.viewport_now.fits


def test_the_corner_tells_the_size_unless_the_picture_fits(view: View):
    fitting = view.grab().toImage()
    view.actual_size()
    actual = view.grab().toImage()

    assert view.percent == 100
    assert fitting != actual
    # Nothing but the corner at the bottom right.
    changed = [(x, y) for x in range(0, 532, 2) for y in range(0, 432, 2) if fitting.pixel(x, y) != actual.pixel(x, y)]
    assert min(x for x, _ in changed) > 400
    assert min(y for _, y in changed) > 380


def test_the_frame_is_there_for_the_keyboard_only(view: View, qtbot: QtBot):
    view.activateWindow()
    colour = view.palette().highlight().color()

    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.grab().toImage().pixelColor(0, 100) == colour
    view.clearFocus()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert view.hasFocus()
    assert view.grab().toImage().pixelColor(0, 100) != QColor(colour)
