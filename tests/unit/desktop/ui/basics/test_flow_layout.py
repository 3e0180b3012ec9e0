from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.flow_layout import FlowLayout


def filled(qtbot: QtBot, widths: list[int]) -> tuple[QWidget, FlowLayout, list[QWidget]]:
    whole = QWidget()
    qtbot.addWidget(whole)
    layout = FlowLayout(whole)
    parts: list[QWidget] = []
    for width in widths:
        part = QLabel()
        part.setFixedHeight(20)
        part.sizeHint = lambda width=width: QSize(width, 20)  # type: ignore[method-assign]
        layout.addWidget(part)
        parts.append(part)
    whole.show()
    return whole, layout, parts


def test_what_does_not_fit_goes_into_the_next_line(qtbot: QtBot):
    whole, layout, parts = filled(qtbot, [40, 40, 40])
    whole.resize(90, 60)
    layout.activate()

    assert [(part.x(), part.y()) for part in parts] == [(0, 0), (44, 0), (0, 24)]
    assert layout.heightForWidth(90) == 44
    assert layout.heightForWidth(200) == 20


def test_nothing_is_wider_than_a_line(qtbot: QtBot):
    whole, layout, parts = filled(qtbot, [500])
    whole.resize(90, 60)
    layout.activate()

    assert parts[0].width() == 90


def test_what_is_hidden_or_gone_takes_no_room(qtbot: QtBot):
    _, layout, parts = filled(qtbot, [40, 40, 40])
    parts[0].hide()
    assert layout.heightForWidth(90) == 20
    layout.removeWidget(parts[1])

    assert layout.count() == 2
    assert layout.itemAt(5) is None
    assert layout.takeAt(5) is None
