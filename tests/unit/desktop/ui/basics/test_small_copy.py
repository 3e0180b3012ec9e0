import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter

from sana_desktop.ui.basics.small_copy import small_copy
from support.ui_pictures import plain


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [(200, 100, (64, 32)), (4096, 1024, (64, 16)), (30, 60, (30, 60)), (8192, 32, (64, 1))],
)
def test_the_longest_side_fits_and_the_shape_stays(width: int, height: int, small: tuple[int, int]):
    assert small_copy(plain(width, height), 64).size() == QSize(*small)


def test_halves_stay_halves():
    image = plain(4096, 4096, "black")
    painter = QPainter(image)
    painter.fillRect(0, 0, 2048, 4096, QColor("white"))
    painter.end()

    small = small_copy(image, 64)

    assert small.pixelColor(10, 32) == QColor("white")
    assert small.pixelColor(50, 32) == QColor("black")
