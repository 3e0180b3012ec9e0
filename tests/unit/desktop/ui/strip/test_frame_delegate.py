from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from sana_desktop.ui.strip.film_model import FilmModel
from sana_desktop.ui.strip.frame_delegate import SIDE, FrameDelegate
from support.recipes import recipe
from support.ui_pictures import plain


def painted(picture: QImage, *, selected: bool = False, focus: bool = False) -> QImage:
    """What the delegate makes of a picture, on white with a red accent."""
    film = FilmModel()
    film.prepend(picture, Path("fox.png"), recipe())
    option = QStyleOptionViewItem()
    option.rect = plain(SIDE, SIDE).rect()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor("red"))
    palette.setColor(QPalette.ColorRole.Text, QColor("lime"))
    option.palette = palette
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    if focus:
        option.state |= QStyle.StateFlag.State_HasFocus
    image = plain(SIDE, SIDE, "white")
    painter = QPainter(image)
    FrameDelegate().paint(painter, option, film.index(0))
    painter.end()
    return image


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_a_picture_keeps_its_shape_in_the_middle(qtbot: QtBot):
    image = painted(plain(200, 100, "blue"))

    assert image.pixelColor(SIDE // 2, SIDE // 2) == QColor("blue")
    assert image.pixelColor(6, SIDE // 2) == QColor("blue")
    assert image.pixelColor(SIDE // 2, 12) == QColor("white")


def test_the_chosen_picture_has_a_border(qtbot: QtBot):
    assert QColor("red").name() in colours(painted(plain(200, 100, "blue"), selected=True))
    assert QColor("red").name() not in colours(painted(plain(200, 100, "blue")))


def test_where_the_keyboard_looks_is_seen(qtbot: QtBot):
    assert QColor("lime").name() in colours(painted(plain(200, 100, "blue"), focus=True))


def test_nothing_is_painted_for_a_picture_that_is_none(qtbot: QtBot):
    assert colours(painted(QImage())) == {QColor("white").name()}


def test_every_picture_has_the_same_room(qtbot: QtBot):
    assert FrameDelegate().sizeHint(QStyleOptionViewItem(), FilmModel().index(0)) == QSize(SIDE, SIDE)
