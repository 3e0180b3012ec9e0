from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.calm_fields import (
    ROOM_FOR_ARROW,
    CalmComboBox,
    CalmDoubleSpinBox,
    CalmLineEdit,
    CalmMenuButton,
    CalmSpinBox,
)

Field = CalmSpinBox | CalmDoubleSpinBox | CalmComboBox


def turn_wheel(field: Field) -> bool:
    """Turn the wheel one notch down above a field; whether the field took it."""
    event = QWheelEvent(
        QPointF(5, 5),
        field.mapToGlobal(QPointF(5, 5)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def value(field: Field) -> float:
    return field.currentIndex() if isinstance(field, CalmComboBox) else field.value()


def middle_field(kind: type[Field]) -> Field:
    """A field that could go either way."""
    field = kind()
    if isinstance(field, CalmComboBox):
        field.addItems(["a", "b", "c"])
        field.setCurrentIndex(1)
    else:
        field.setValue(5)
    return field


@pytest.mark.parametrize("kind", [CalmSpinBox, CalmDoubleSpinBox, CalmComboBox])
def test_scrolling_past_a_field_does_not_change_it(kind: type[Field], qtbot: QtBot):
    field = middle_field(kind)
    qtbot.addWidget(field)
    field.show()
    before = value(field)

    assert not turn_wheel(field)
    assert value(field) == before


@pytest.mark.parametrize("kind", [CalmSpinBox, CalmDoubleSpinBox, CalmComboBox])
def test_the_wheel_changes_the_field_that_has_the_focus(kind: type[Field], qtbot: QtBot):
    field = middle_field(kind)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    before = value(field)

    assert turn_wheel(field)
    assert value(field) != before


@pytest.mark.parametrize("kind", [CalmSpinBox, CalmDoubleSpinBox, CalmComboBox, CalmLineEdit])
def test_the_edge_of_a_field_has_the_palette_s_colours(kind: type[Field | CalmLineEdit], qtbot: QtBot):
    field = kind()
    palette = field.palette()
    palette.setColor(QPalette.ColorRole.Mid, "#ff0000")
    palette.setColor(QPalette.ColorRole.Accent, "#00ff00")
    palette.setColor(QPalette.ColorRole.Midlight, "#0000ff")
    field.setPalette(palette)
    qtbot.addWidget(field)
    field.resize(80, 26)
    field.show()
    assert field.grab().toImage().pixelColor(40, 0).name() == "#ff0000"

    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert field.grab().toImage().pixelColor(40, 0).name() == "#00ff00"

    field.setEnabled(False)
    assert field.grab().toImage().pixelColor(40, 0).name() == "#0000ff"


def test_fields_are_equally_high(qtbot: QtBot):
    fields = [CalmSpinBox(), CalmDoubleSpinBox(), CalmComboBox(), CalmLineEdit()]
    for field in fields:
        qtbot.addWidget(field)

    assert len({field.sizeHint().height() for field in fields}) == 1


@pytest.mark.parametrize("kind", [CalmSpinBox, CalmDoubleSpinBox])
def test_the_arrow_that_leads_nowhere_is_fainter(kind: type[CalmSpinBox | CalmDoubleSpinBox], qtbot: QtBot):
    field = kind()
    palette = field.palette()
    palette.setColor(QPalette.ColorRole.Mid, "#ff0000")
    field.setPalette(palette)
    qtbot.addWidget(field)
    field.resize(80, 28)
    field.setValue(0)

    # Inside the edge, which has the same colour.
    inside = field.grab().toImage().copy(4, 4, 72, 20)
    ink = {(x, y): inside.pixelColor(x, y) for x in range(72) for y in range(20)}
    reds = [place for place, colour in ink.items() if colour.redF() > 0.8 and colour.blueF() < 0.3]

    assert reds
    assert all(y > 9 for _, y in reds)


def test_the_button_that_empties_a_field_has_a_name(qtbot: QtBot) -> None:
    field = CalmLineEdit()
    qtbot.addWidget(field)
    field.offer_to_clear()
    (button,) = field.findChildren(QAbstractButton)
    assert button.accessibleName() == "Clear the text"


def test_the_list_of_a_combo_box_is_named_like_the_box(qtbot: QtBot) -> None:
    box = CalmComboBox()
    qtbot.addWidget(box)
    box.setAccessibleName("Solver")
    assert box.view().accessibleName() == "Solver"


def test_the_arrow_of_a_button_with_a_menu_has_a_place_of_its_own(qtbot: QtBot):
    plain, button = QToolButton(), CalmMenuButton()
    for one in (plain, button):
        qtbot.addWidget(one)
        one.setText("MMMM")
        one.setAutoRaise(True)
    menu = QMenu(button)
    button.setMenu(menu)
    button.resize(button.sizeHint())

    assert button.sizeHint().width() >= plain.sizeHint().width() + ROOM_FOR_ARROW
    picture = button.grab().toImage()
    ground = picture.pixelColor(1, 1)

    def has_ink(column: int) -> bool:
        return any(picture.pixelColor(column, row) != ground for row in range(3, picture.height() - 3))

    inked = [column for column in range(3, picture.width() - 3) if has_ink(column)]
    # The word, a gap, and the arrow.
    gaps = [right - left for left, right in pairwise(inked)]
    assert max(gaps) >= 4
    assert picture.width() - inked[-1] < ROOM_FOR_ARROW
