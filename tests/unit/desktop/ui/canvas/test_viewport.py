import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from sana_desktop.ui.canvas.viewport import LARGEST_SCALE, MARGIN, Viewport


def viewport(view: tuple[float, float] = (432, 332), picture: tuple[float, float] = (200, 100)) -> Viewport:
    """A view that the picture fits at twice its size."""
    made = Viewport()
    made.set_view(QSizeF(*view))
    made.set_picture(QSizeF(*picture))
    return made


def test_a_picture_fits_the_view_in_its_middle():
    assert viewport().rect == QRectF(MARGIN, 66, 400, 200)


def test_a_fitted_picture_follows_the_view():
    made = viewport()
    made.set_view(QSizeF(232, 132))

    assert made.rect == QRectF(MARGIN, MARGIN, 200, 100)


def test_zooming_keeps_the_point_under_the_pointer():
    made = viewport()
    pointer = QPointF(150, 120)
    before = (pointer - made.rect.topLeft()) / made.scale

    made.zoom_by(4, pointer)

    after = (pointer - made.rect.topLeft()) / made.scale
    assert made.scale == pytest.approx(8)
    assert (after.x(), after.y()) == (pytest.approx(before.x()), pytest.approx(before.y()))


def test_zooming_out_ends_with_the_picture_fitted():
    made = viewport()
    made.zoom_by(1.25)
    assert not made.fits

    made.zoom_by(0.1)

    assert made.fits
    assert made.scale == pytest.approx(2)


def test_zooming_in_ends_somewhere():
    made = viewport()
    for _ in range(100):
        made.zoom_by(2)

    assert made.scale == LARGEST_SCALE


def test_the_actual_size_may_be_smaller_than_the_fitting_one():
    made = viewport()
    made.zoom_to(1)

    assert made.rect == QRectF(116, 116, 200, 100)
    assert not made.fits


def test_a_large_picture_can_be_moved_to_its_edges_and_no_further():
    made = viewport()
    made.zoom_to(10)

    made.move(QPointF(100_000, 0))
    assert made.rect.left() == pytest.approx(0)
    made.move(QPointF(-100_000, 0))
    assert made.rect.right() == pytest.approx(432)


def test_a_small_picture_stays_in_the_middle():
    made = viewport()
    made.move(QPointF(50, 50))

    assert made.rect == QRectF(MARGIN, 66, 400, 200)


def test_the_next_picture_of_the_same_size_stays_zoomed_and_another_fits():
    made = viewport()
    made.zoom_to(10)
    made.set_picture(QSizeF(200, 100))
    assert made.scale == 10

    made.set_picture(QSizeF(100, 100))

    assert made.fits


def test_a_view_without_room_breaks_nothing():
    made = viewport(view=(0, 0))

    assert made.scale > 0
    made.zoom_by(2, QPointF(0, 0))
    made.move(QPointF(3, 3))
    assert made.rect.isValid()
