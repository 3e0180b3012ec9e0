"""A slim line across the window that says one thing and offers what can be done about it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget


class ActionBanner(QFrame):
    """Hidden until `show_text`; one button for each (name, label) of `actions`, and one to dismiss it.

    Signals:
        actionRequested(str): the user pressed the button with this name; the banner stays.
        dismissed(): the user has read it; the banner is hidden.
    """

    actionRequested = Signal(str)
    dismissed = Signal()

    def __init__(self, actions: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        # Plain: a pack that a stranger made may have written it.
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._close.setAccessibleName(self.tr("Dismiss this message"))
        self._close.setToolTip(self._close.accessibleName())
        self._close.clicked.connect(self._on_close)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(10)
        row.addWidget(self._text, 1)
        for name, label in actions:
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._on_action, name))
            row.addWidget(button)
        row.addWidget(self._close)
        self.setAccessibleName(self.tr("Notice"))
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_text(self, text: str) -> None:
        """Say something."""
        self._text.setText(text)
        self.setAccessibleDescription(text)
        self.show()

    def _on_action(self, name: str, checked: bool = False) -> None:
        self.actionRequested.emit(name)

    def _on_close(self) -> None:
        self.hide()
        self.dismissed.emit()
