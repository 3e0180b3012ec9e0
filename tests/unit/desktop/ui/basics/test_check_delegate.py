from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.check_delegate import CheckDelegate


def list_for(qtbot: QtBot, states: list[Qt.CheckState | None]) -> QListView:
    view = QListView()
    model = QStandardItemModel(view)
    for state in states:
        item = QStandardItem("x")
        item.setData(state, Qt.ItemDataRole.CheckStateRole)
        model.appendRow(item)
    view.setModel(model)
    view.setItemDelegate(CheckDelegate(view))
    palette = view.palette()
    palette.setColor(QPalette.ColorRole.Base, "black")
    palette.setColor(QPalette.ColorRole.Text, "white")
    view.setPalette(palette)
    qtbot.addWidget(view)
    view.resize(120, 120)
    view.show()
    return view


def inked(view: QListView, row: int) -> int:
    """How many bright points a row has before its words."""
    place = view.visualRect(view.model().index(row, 0))
    image: QImage = view.viewport().grab(place).toImage()
    return sum(image.pixelColor(x, y).lightness() > 128 for x in range(24) for y in range(image.height()))


def test_a_box_can_be_seen_and_a_tick_in_it(qtbot: QtBot):
    view = list_for(qtbot, [Qt.CheckState.Unchecked, Qt.CheckState.Checked])

    assert inked(view, 0) > 30
    assert inked(view, 1) > inked(view, 0) + 5


def test_rows_without_a_state_have_no_box_and_words_in_its_place(qtbot: QtBot):
    view = list_for(qtbot, [None])

    assert 0 < inked(view, 0) < 30


def test_rows_have_room(qtbot: QtBot):
    view = list_for(qtbot, [None])

    assert view.visualRect(view.model().index(0, 0)).height() >= view.fontMetrics().height() + 8
