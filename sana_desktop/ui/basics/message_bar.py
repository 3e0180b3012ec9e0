"""One slim line across the window for what the user should know."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.errors import BugError, KnownError, SanaError

PASSING_MS = 8000


class MessageBar(QFrame):
    """Hidden until it has something to say; says one thing at a time.

    An error stays until it is dismissed or there is another. A notice does not push it aside: it waits, and
    comes when the error is dismissed. A passing notice goes by itself after `passing_ms` milliseconds, but not
    from under the pointer or while something of it has the focus, and with `clear_passing`.

    Signals:
        dismissed(): the user has read it.
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, passing_ms: int = PASSING_MS) -> None:
        super().__init__(parent)
        self._text = self._label()
        self._hint = self._label()
        self._details = ""
        self._error = False
        self._passing = False
        # What to say when the error is dismissed: a text, and whether it is a passing one.
        self._next: tuple[str, bool] | None = None
        self._act: Callable[[], None] | None = None
        self._action = QPushButton()
        self._copy = QPushButton(self.tr("Copy details"))
        self._close = QToolButton()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(passing_ms)
        self._timer.timeout.connect(self._on_time_over)
        self._build()
        self.hide()

    def show_notice(self, text: str) -> None:
        """Say something that is good to know, until it is dismissed."""
        self._notice(text, passing=False)

    def show_passing(self, text: str) -> None:
        """Say something that is good to know for a moment."""
        self._notice(text, passing=True)

    def show_error(self, error: SanaError, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Say what went wrong and, where somebody knows, what to do about it.

        `action` are the words of a button that calls `act`, a bound method, and closes the message.
        """
        self._next = None
        if isinstance(error, KnownError):
            text, hint, self._details = str(error), error.hint, ""
        else:
            text = self.tr("Sana Desktop made a mistake: {what}").format(what=error)
            hint = self.tr("The details are in the log. Your pictures and your prompt are safe.")
            self._details = error.details if isinstance(error, BugError) else ""
        self._action.setText(action)
        self._action.setAccessibleName(action or self.tr("What to do about it"))
        self._act = act
        self._say(text, hint, error=True, passing=False)

    def clear(self) -> None:
        """Forget the message, and what waits, and make room."""
        self._next = None
        self._timer.stop()
        self.hide()

    def clear_passing(self) -> None:
        """Forget what was worth a moment only: something new begins."""
        if self._next is not None and self._next[1]:
            self._next = None
        if self._passing and not self.isHidden():
            self.clear()

    @property
    def text(self) -> str:
        """The message and its hint, empty when there is none."""
        if self.isHidden():
            return ""
        return f"{self._text.text()} {self._hint.text()}".strip()

    def _notice(self, text: str, *, passing: bool) -> None:
        if self._error and not self.isHidden():
            self._next = (text, passing)
            return
        self._details = ""
        self._act = None
        self._say(text, "", error=False, passing=passing)

    def _say(self, text: str, hint: str, *, error: bool, passing: bool) -> None:
        self._error, self._passing = error, passing
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._copy.setVisible(bool(self._details))
        self._action.setVisible(self._act is not None)
        self.setAccessibleName(self.tr("Error") if error else self.tr("Notice"))
        self.setAccessibleDescription(f"{text} {hint}".strip())
        self.setProperty("error", error)
        # A style sheet looks at properties only when it is asked to.
        for widget in (self, self._text, self._hint, self._close):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.show()
        # Readers speak it without the focus going there.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._timer.stop()
        if passing:
            self._timer.start()

    @Slot()
    def _on_close(self) -> None:
        after = self._next
        self.clear()
        self.dismissed.emit()
        if after is not None:
            self._notice(after[0], passing=after[1])

    @Slot()
    def _on_action(self) -> None:
        act = self._act
        self._on_close()
        if act is not None:
            act()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n{self._details}")

    @Slot()
    def _on_time_over(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            # Somebody is about to press something.
            self._timer.start()
        else:
            self.clear()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while it is read."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go some time after it was read."""
        if self._passing and not self.isHidden():
            self._timer.start()
        super().leaveEvent(event)

    def _build(self) -> None:
        self._copy.setToolTip(self.tr("Copy the error with what the program did, for a report"))
        self._copy.clicked.connect(self._on_copy)
        self._action.setAccessibleName(self.tr("What to do about it"))
        self._action.clicked.connect(self._on_action)
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
        row.setContentsMargins(16, 6, 10, 6)
        row.addLayout(lines, 1)
        row.addWidget(self._action)
        row.addWidget(self._copy)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _label(self) -> QLabel:
        label = QLabel()
        # Plain: a message may quote a file that a stranger named.
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return label
