import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.gallery.table_view import Card, TableView
from support.ui_pictures import plain

COLOURS = ("red", "blue", "lime", "yellow")
WIDTH, HEIGHT = 608, 408


def table(qtbot: QtBot, count: int) -> TableView:
    made = TableView()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    # Of other sizes: all are brought to that of the first one.
    made.set_cards([Card(plain(100 * (number + 1), 100 * (number + 1), COLOURS[number])) for number in range(count)])
    made.show()
    return made


def seen(view: TableView) -> list[str]:
    """The colours in the middle of all parts."""
    screen, names = view.grab().toImage(), {QColor(name).name(): name for name in COLOURS}
    middles = [view.part(number).center().toPoint() for number in range(len(view._cards))]
    return [names.get(screen.pixelColor(middle).name(), "ground") for middle in middles]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_picture_has_a_part_of_its_own(qtbot: QtBot, count: int):
    view = table(qtbot, count)
    assert seen(view) == list(COLOURS[:count])
    parts = [view.part(number) for number in range(count)]
    assert all(not one.intersects(other) for one in parts for other in parts if one is not other)
    assert [view.at(part.center()) for part in parts] == list(range(count))


def test_zoom_and_place_are_the_same_for_all(qtbot: QtBot):
    view = table(qtbot, 4)
    point = QPointF(20, 30)
    places = [view.place_in_viewport(view.part(number).topLeft() + point) for number in range(4)]
    assert places == [point] * 4
    # A square of 100 pixels with one of four quarters in another colour; the third has it at the same place.
    quarters = plain(100, 100, "red")
    for x in range(50):
        for y in range(50):
            quarters.setPixelColor(x, y, QColor("blue"))
    view.set_cards([Card(quarters), Card(plain(100, 100, "lime")), Card(quarters.scaled(200, 200))])
    view._zoom(8.0, view.part(2).topLeft() + QPointF(1, 1) + QPointF(40, 150))
    assert seen(view)[0] == seen(view)[2]
    assert not view.viewport_now.fits


def test_a_click_chooses_a_picture(qtbot: QtBot):
    view = table(qtbot, 3)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.part(2).center().toPoint())
    assert view.current == 2
    view.set_current(3)
    assert view.current == 0
    view.set_current(2)
    view.set_cards([Card(plain(10, 10))])
    assert view.current == 0


def test_a_picture_that_is_not_there_is_words(qtbot: QtBot):
    view = table(qtbot, 0)
    assert not view.has_picture
    view.set_cards([Card(QImage(), "A", "cannot be shown"), Card(plain(10, 10, "lime"), "B")])
    assert view.has_picture
    assert seen(view)[1] == "lime"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
