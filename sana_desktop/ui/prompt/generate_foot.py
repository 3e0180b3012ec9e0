"""The button that draws, with what it will do and how long that takes, or why it cannot."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.ui.prompt.prompt_inks import inks_for

SMALLER = 0.88
MARGIN = 8


class GenerateFoot(QWidget):
    """The Generate button and a line below it.

    Signals:
        pressed(): draw it.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = _TwoLineButton()
        self._button.setProperty("primary", True)
        self._button.setAccessibleName(self.tr("Generate"))
        self._about = QLabel()
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._about.setAccessibleName(self.tr("What will be drawn"))
        self._refused = False
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(6)
        column.addWidget(self._button)
        column.addWidget(self._about)
        self._button.clicked.connect(self.pressed)

    def say(self, verb: str, plan: str, forecast: str, refusal: str) -> None:
        """Show what the button does, to what, and how long it takes; with a `refusal` it is off and says why."""
        self._refused = bool(refusal)
        self._button.setEnabled(not refusal)
        self._button.set_texts(verb, "" if refusal else forecast)
        keys = self.tr("{verb} (Ctrl+Enter; Ctrl+Shift+Enter: before all others)").format(verb=verb)
        self._button.setToolTip(refusal or keys)
        self._button.setAccessibleDescription(refusal or ", ".join(text for text in (plan, forecast) if text))
        self._about.setText(refusal or plan)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look of the window."""
        super().changeEvent(event)
        # Qt sends this from within its own constructor, too.
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_refused"):
            self._colour()

    def _colour(self) -> None:
        inks, role = inks_for(self.palette()), QPalette.ColorRole.WindowText
        palette = self._about.palette()
        ink = inks.amber if self._refused else inks.quiet
        if palette.color(role) != ink:
            palette.setColor(role, ink)
            self._about.setPalette(palette)


class _TwoLineButton(QPushButton):
    """A verb in bold and, if there is a second text, that in smaller letters below it."""

    def __init__(self) -> None:
        super().__init__()
        self._second = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_texts(self, first: str, second: str) -> None:
        self.setText(first)
        if second != self._second:
            # The size changes only when the line comes or goes.
            there_before, self._second = bool(self._second), second
            if there_before != bool(second):
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for both lines."""
        height = QFontMetrics(self._bold()).height() + 2 * MARGIN + 4
        if self._second:
            height += QFontMetrics(self._small()).height()
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """A long verb may be cut rather than make the panel wide."""
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the style draw the button, then write both lines into its middle."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        role = QPalette.ColorRole.HighlightedText if self.isEnabled() else QPalette.ColorRole.PlaceholderText
        # Not the button's own palette: a style sheet that colours the button has written into it.
        around = self.parentWidget() or self
        painter.setPen(around.palette().color(QPalette.ColorGroup.Active, role))
        lines = [(self.text(), self._bold())]
        if self._second:
            lines.append((self._second, self._small()))
        top = (self.height() - sum(QFontMetrics(font).height() for _, font in lines)) // 2
        for text, font in lines:
            top = self._write(painter, text, font, top)
        painter.end()

    def _write(self, painter: QPainter, text: str, font: QFont, top: int) -> int:
        metrics = QFontMetrics(font)
        line = QRect(MARGIN, top, self.width() - 2 * MARGIN, metrics.height())
        painter.setFont(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
        return top + metrics.height()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setBold(False)
        font.setPointSizeF(font.pointSizeF() * SMALLER)
        return font
