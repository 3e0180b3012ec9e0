import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from sana_desktop.ui.canvas.picture_painter import PicturePainter
from support.ui_pictures import plain

# Painters want an application.
pytestmark = pytest.mark.usefixtures("qapp")


def painted(picture: PicturePainter, rect: QRectF, *, soft: bool = False) -> QImage:
    """A green screen of 100 x 100 pixels with the picture."""
    screen = plain(100, 100, "green")
    painter = QPainter(screen)
    picture.paint(painter, rect, 1.0, soft=soft)
    painter.end()
    return screen


def chequered() -> QImage:
    """Two pixels, red and blue."""
    image = plain(2, 1, "red")
    image.setPixelColor(1, 0, QColor("blue"))
    return image


@pytest.mark.parametrize("kind", [QImage.Format.Format_RGB32, QImage.Format.Format_RGB888])
def test_a_large_picture_is_made_smaller_smoothly(kind: QImage.Format):
    rows = (b"\0\0\0" + b"\xff\xff\xff") * 200 * 400
    image = QImage(rows, 400, 400, 1200, QImage.Format.Format_RGB888).convertToFormat(kind)
    picture = PicturePainter()
    picture.set_image(image)

    screen = painted(picture, QRectF(0, 0, 100, 100))

    # Grey, where leaving pixels out would give black or white.
    assert 100 < screen.pixelColor(50, 50).red() < 155


def test_an_enormous_picture_is_made_smaller_in_two_steps():
    image = QImage(4096, 2048, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.fillRect(0, 0, 2048, 2048, QColor("red"))
    painter.fillRect(2048, 0, 2048, 2048, QColor("blue"))
    painter.end()
    picture = PicturePainter()
    picture.set_image(image)

    screen = painted(picture, QRectF(0, 0, 100, 50))

    assert [screen.pixelColor(x, 25).name() for x in (2, 47, 52, 97)] == ["#ff0000"] * 2 + ["#0000ff"] * 2


@pytest.mark.parametrize("side", [400, 4096])
def test_what_is_transparent_stays_so(side: int):
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    picture = PicturePainter()
    picture.set_image(image)

    assert painted(picture, QRectF(0, 0, 100, 100)) == plain(100, 100, "green")


def test_pixels_are_squares_when_they_are_large_unless_it_is_to_be_soft():
    picture = PicturePainter()
    picture.set_image(chequered())
    place = QRectF(0, 0, 100, 50)

    assert painted(picture, place).pixelColor(48, 20) == QColor("red")
    assert painted(picture, place, soft=True).pixelColor(48, 20) != QColor("red")


def test_another_picture_takes_the_place_of_the_first():
    picture = PicturePainter()
    picture.set_image(plain(200, 200, "red"))
    painted(picture, QRectF(0, 0, 100, 100))

    picture.set_image(plain(200, 200, "lime"))

    assert painted(picture, QRectF(0, 0, 100, 100)).pixelColor(50, 50) == QColor("lime")


def test_without_a_picture_nothing_is_painted():
    picture = PicturePainter()

    assert picture.image.isNull()
    assert painted(picture, QRectF(0, 0, 100, 100)) == plain(100, 100, "green")
