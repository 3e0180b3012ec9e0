import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.calm_fields import CalmComboBox, CalmDoubleSpinBox, CalmSpinBox

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
