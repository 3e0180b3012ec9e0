"""Fields that a wheel turned over them does not change, so that scrolling past them is safe."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget


class CalmSpinBox(QSpinBox):
    """Whole numbers; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)


class CalmDoubleSpinBox(QDoubleSpinBox):
    """Numbers; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)


class CalmComboBox(QComboBox):
    """Choices; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)


class _WheelGuard(QObject):
    """Leaves the wheel to what can be scrolled, while the field it watches has no focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep an unwanted turn of the wheel from the field; ignored, it goes on to what stands around it."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _calm(field: QWidget) -> None:
    # A click or Tab gives the focus, the wheel does not.
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))
