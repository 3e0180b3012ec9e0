"""How much of a prompt the model reads."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.prompt.prompt_inks import inks_for

# From this share of the limit on it is worth a look.
NEAR = 0.85
BAR_WIDTH = 44.0
BAR_HEIGHT = 4.0
GAP = 8


class TokenMeter(QLabel):
    """A quiet line, “12 / 300 tokens”, with a bar; amber near the limit, and beyond it, it says what is not read.

    Empty until the first count, because what is not known is not shown; its room is kept.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used: int | None = None
        self._limit = 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setContentsMargins(round(BAR_WIDTH) + GAP, 0, 0, 0)
        self.setAccessibleName(self.tr("Length of the prompt"))
        self.setToolTip(
            self.tr("The model reads so many tokens, which are words or parts of words, and no more than the limit.")
        )

    @property
    def is_over(self) -> bool:
        """Whether something is not read."""
        return self._used is not None and self._used > self._limit

    def show_count(self, used: int | None, limit: int, unread_words: int = 0) -> None:
        """Show that `used` of `limit` tokens are needed, and that the last words are not read; None: not known."""
        self._used, self._limit = used, limit
        self.setText(self._said(unread_words))
        self._colour()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """One line, so that nothing jumps when the first count arrives."""
        return super().minimumSizeHint().expandedTo(QSize(0, self.fontMetrics().height()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look of the window."""
        super().changeEvent(event)
        # Qt sends this from within its own constructor, too.
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_used"):
            self._colour()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar before the words."""
        super().paintEvent(event)
        if self._used is None or self._limit < 1:
            return
        palette = self.palette()
        line = self.fontMetrics().height()
        bar = QRectF(0, (line - BAR_HEIGHT) / 2, BAR_WIDTH, BAR_HEIGHT)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(RULE))
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        bar.setWidth(BAR_WIDTH * min(1.0, self._used / self._limit))
        painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.end()

    def _said(self, unread_words: int) -> str:
        if self._used is None:
            return ""
        count = self.tr("{used} / {limit} tokens").format(used=self._used, limit=self._limit)
        if not self.is_over or not unread_words:
            return count
        one, many = self.tr("the last word is not read"), self.tr("the last {count} words are not read")
        unread = one if unread_words == 1 else many.format(count=unread_words)
        return f"{count} · {unread}"

    def _colour(self) -> None:
        palette, role = self.palette(), QPalette.ColorRole.WindowText
        inks = inks_for(palette)
        near = self._used is not None and self._used > NEAR * self._limit
        ink = inks.amber if near else inks.quiet
        # Setting a palette sends the event that leads here.
        if palette.color(role) != ink:
            palette.setColor(role, ink)
            self.setPalette(palette)
