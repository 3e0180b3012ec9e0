"""Fields that a wheel turned over them does not change, so that scrolling past them is safe, with edges to be seen.

They are painted here because the style's own are bevelled and dark on dark, and a style sheet has no arrows.
"""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSpinBox,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

ROUNDING = 5.0
# Between words and edge, and above and below a line of words.
MARGIN_X, MARGIN_Y = 4, 6
# What a field with arrows lacks of that.
INSET = 3
# Half as wide as an arrow is.
ARROW = 3.5
# Beside the word on a button with a menu.
ROOM_FOR_ARROW = 14


class CalmSpinBox(QSpinBox):
    """Whole numbers; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)

    def sizeHint(self) -> QSize:
        """As high as the other fields."""
        return QSize(super().sizeHint().width() + INSET, _height(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, its arrows and its edge."""
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _draw_spin_box(self, option)


class CalmDoubleSpinBox(QDoubleSpinBox):
    """Numbers; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)

    def sizeHint(self) -> QSize:
        """As high as the other fields."""
        return QSize(super().sizeHint().width() + INSET, _height(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, its arrows and its edge."""
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _draw_spin_box(self, option)


class CalmComboBox(QComboBox):
    """Choices; the wheel counts only while the field has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _calm(self)

    def setAccessibleName(self, name: str) -> None:
        """Name the field, and the list that opens, which is a control of its own for screen readers."""
        super().setAccessibleName(name)
        self.view().setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """As high as the other fields."""
        return QSize(super().sizeHint().width() + 2 * MARGIN_X, _height(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the choice, an arrow, and the edge."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        draw_ground(self, painter, QPalette.ColorRole.Button)
        option.rect = self.rect().adjusted(MARGIN_X, 0, 0, 0)  # pyright: ignore[reportAttributeAccessIssue]
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        _draw_arrow(painter, QPointF(self.width() - 12.5, self.height() / 2), 1, _ink(self))
        painter.end()
        draw_edge(self)


class CalmLineEdit(QLineEdit):
    """A line of text beside such fields."""

    def offer_to_clear(self) -> None:
        """Show a button that empties the field, as long as there is something in it."""
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QAbstractButton):
            button.setAccessibleName(self.tr("Clear the text"))

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextMargins(MARGIN_X, 0, MARGIN_X, 0)

    def sizeHint(self) -> QSize:
        """As high as the other fields."""
        return QSize(super().sizeHint().width(), _height(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its edge."""
        super().paintEvent(event)
        draw_edge(self)


class CalmMenuButton(QToolButton):
    """A word that opens a menu, with an arrow beside it; the style's own lies over the last letter."""

    def sizeHint(self) -> QSize:
        """With room for the arrow."""
        size = super().sizeHint()
        return QSize(size.width() + ROOM_FOR_ARROW, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the word, and the arrow."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue]
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        option.text = self.text()  # pyright: ignore[reportAttributeAccessIssue]
        option.rect = self.rect().adjusted(0, 0, -ROOM_FOR_ARROW, 0)  # pyright: ignore[reportAttributeAccessIssue]
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option)
        _draw_arrow(painter, QPointF(self.width() - ROOM_FOR_ARROW, self.height() / 2), 1, _ink(self))
        painter.end()


def draw_ground(field: QWidget, painter: QPainter, role: QPalette.ColorRole) -> None:
    """Fill a field with a colour of its palette, as round as its edge; none while it is disabled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(field.palette().color(role) if field.isEnabled() else Qt.GlobalColor.transparent)
    painter.drawRoundedRect(QRectF(field.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUNDING, ROUNDING)


def draw_edge(field: QWidget) -> None:
    """Draw the edge of a field while it paints: the style's own is as dark as a dark ground.

    The colours are the palette's: `Accent` with the focus, else `Mid`, or `Midlight` where it is disabled.
    """
    role = QPalette.ColorRole
    painter = QPainter(field)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = role.Midlight if not field.isEnabled() else role.Accent if field.hasFocus() else role.Mid
    painter.setPen(QPen(field.palette().color(edge), 1))
    painter.drawRoundedRect(QRectF(field.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUNDING, ROUNDING)


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


def _height(field: QWidget) -> int:
    """The same for all fields, so that they line up beside each other."""
    field.ensurePolished()
    return field.fontMetrics().height() + 2 * MARGIN_Y


def _ink(field: QWidget) -> QPen:
    role = QPalette.ColorRole
    return QPen(field.palette().color(role.ButtonText if field.isEnabled() else role.Mid), 1.4)


def _draw_spin_box(field: QAbstractSpinBox, option: QStyleOptionSpinBox) -> None:
    painter = QPainter(field)
    draw_ground(field, painter, QPalette.ColorRole.Base)
    kinds, steps = QStyle.SubControl, QAbstractSpinBox.StepEnabledFlag
    sides = (
        (kinds.SC_SpinBoxUp, steps.StepUpEnabled, -1),
        (kinds.SC_SpinBoxDown, steps.StepDownEnabled, 1),
    )
    for part, step, way in sides:
        rect = QRectF(field.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, field))
        hovered = bool(option.activeSubControls & part) and bool(option.state & QStyle.StateFlag.State_MouseOver)
        ink = _ink(field)
        if not option.stepEnabled & step:
            ink.setColor(field.palette().color(QPalette.ColorRole.Mid))
        elif not hovered:
            ink.setColor(field.palette().color(QPalette.ColorRole.PlaceholderText))
        _draw_arrow(painter, rect.center() - QPointF(0, 1.0 * way), way, ink)
    painter.end()
    draw_edge(field)


def _draw_arrow(painter: QPainter, tip: QPointF, way: int, ink: QPen) -> None:
    """Two strokes that meet below (1) or above (-1)."""
    painter.setPen(ink)
    half = ARROW / 2 * way
    painter.drawPolyline([tip + QPointF(-ARROW, -half), tip + QPointF(0, half), tip + QPointF(ARROW, -half)])
