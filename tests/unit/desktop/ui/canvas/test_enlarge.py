import itertools

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, qRed

from sana_desktop.ui.canvas.enlarge import smooth_enlarged
from support.ui_pictures import plain


@pytest.mark.parametrize(
    ("width", "height", "enlarged"), [(8, 8, (256, 256)), (7, 9, (224, 288)), (1, 1, (256, 256)), (9, 3, (288, 96))]
)
def test_small_previews_are_doubled_until_painters_can_do_the_rest(width: int, height: int, enlarged: tuple[int, int]):
    assert smooth_enlarged(plain(width, height)).size() == QSize(*enlarged)


def test_large_pictures_and_none_stay_as_they_are():
    assert smooth_enlarged(plain(300, 20)).size() == QSize(300, 20)
    assert smooth_enlarged(QImage()).isNull()


def test_an_edge_becomes_a_gentle_slope_without_steps():
    edge = plain(8, 8, "black")
    for y in range(8):
        for x in range(4, 8):
            edge.setPixelColor(x, y, QColor("white"))

    row = [qRed(pixel) for pixel in (smooth_enlarged(edge).pixel(x, 128) for x in range(256))]

    assert row == sorted(row)
    assert row[0] < 5
    assert row[-1] > 250
    assert max(after - before for before, after in itertools.pairwise(row)) < 16
