"""One slim line across the window for what the user should know, until it is dismissed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sana_desktop.errors import KnownError, SanaError


class MessageBar(QFrame):
    """Hidden until it has something to say; says one thing at a time.

    Signals:
        dismissed(): the user has read it.
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = self._label()
        self._hint = self._label()
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Dismiss this message"))
        self._close.setToolTip(self._close.accessibleName())
        self._close.clicked.connect(self._on_close)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._text)
        lines.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addLayout(lines, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_notice(self, text: str) -> None:
        """Say something that is good to know."""
        self._say(text, "", error=False)

    def show_error(self, error: SanaError) -> None:
        """Say what went wrong and, where somebody knows, what to do about it."""
        if isinstance(error, KnownError):
            self._say(str(error), error.hint, error=True)
        else:
            text = self.tr("Sana Desktop made a mistake: {what}").format(what=error)
            self._say(text, self.tr("The details are in the log. Your pictures and your prompt are safe."), error=True)

    def clear(self) -> None:
        """Forget the message and make room."""
        self.hide()

    @property
    def text(self) -> str:
        """The message and its hint, empty when there is none."""
        if self.isHidden():
            return ""
        return f"{self._text.text()} {self._hint.text()}".strip()

    def _say(self, text: str, hint: str, *, error: bool) -> None:
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(self.tr("Error") if error else self.tr("Notice"))
        self.setAccessibleDescription(f"{text} {hint}".strip())
        self.setProperty("error", error)
        # A style sheet looks at properties only when it is asked to.
        for widget in (self, self._text, self._hint, self._close):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.show()

    def _on_close(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _label(self) -> QLabel:
        label = QLabel()
        # Plain: a message may quote a file that a stranger named.
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return label
