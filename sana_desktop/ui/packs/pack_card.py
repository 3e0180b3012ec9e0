"""One pack in the list: what it is, whether it fits, and what can be done with it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.packs.fit_mark import FitMark

RADIUS = 6.0
COMMAND_MARGIN = 5


class Verb(StrEnum):
    """What can be done with a pack."""

    USE = "use"
    FETCH = "fetch"
    DISCARD = "discard"
    VERIFY = "verify"
    REPAIR = "repair"
    REMOVE = "remove"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAction:
    """A button: what it does, what is on it, and why it is disabled, empty where it is not."""

    verb: Verb
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What a card shows. `verdict` is the forecast or the problem, with the sign of `level`.

    The first of `actions` is the main one. `steps`, (text, whether it is a command), are opened and closed by
    the action that explains.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    verdict: str
    level: FitLevel
    actions: tuple[CardAction, ...]
    steps: tuple[tuple[str, bool], ...] = ()
    current: bool = False


class PackCard(QFrame):
    """A frame with a name, a few quiet lines, a forecast, and its buttons.

    Signals:
        actionRequested(str, str): on the card with this key the button with this verb was pressed; not for steps.
    """

    actionRequested = Signal(str, str)

    def __init__(self, facts: CardFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self._buttons = {action.verb: QPushButton(action.label) for action in facts.actions}
        self._grid = QGridLayout(self)
        # Made when they are first wanted: most never are.
        self._steps: QWidget | None = None
        self._build()
        self.setAccessibleName(facts.name)
        self.setAccessibleDescription(" ".join((*facts.lines, facts.verdict)))
        for verb, button in self._buttons.items():
            button.clicked.connect(partial(self._on_clicked, verb))

    @property
    def facts(self) -> CardFacts:
        """What it shows."""
        return self._facts

    @property
    def steps_open(self) -> bool:
        """Whether the steps can be seen."""
        return self._steps is not None and not self._steps.isHidden()

    def _build(self) -> None:
        facts = self._facts
        name = self._label(facts.name)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(name)
        quiet = self._label("\n".join(facts.lines))
        quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words.addWidget(quiet)
        verdict = QHBoxLayout()
        verdict.setSpacing(6)
        verdict.addWidget(FitMark(facts.level), 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self._label(facts.verdict), 1)
        words.addLayout(verdict)
        # The buttons may be higher; the words stay together.
        words.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(4)
        for action in facts.actions:
            button = self._buttons[action.verb]
            button.setEnabled(not action.reason)
            button.setAutoDefault(False)
            button.setToolTip(action.reason)
            button.setAccessibleName(f"{action.label}: {facts.name}")
            button.setAccessibleDescription(action.reason)
            # What is done seldom stands back.
            button.setFlat(action is not facts.actions[0])
            column.addWidget(button)
        column.addStretch()
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(words, 0, 0)
        self._grid.addLayout(column, 0, 1)

    def _make_steps(self) -> QWidget:
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(5)
        for text, is_command in self._facts.steps:
            label = self._label(text)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if is_command:
                label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
                label.setBackgroundRole(QPalette.ColorRole.Base)
                label.setAutoFillBackground(True)
                label.setMargin(COMMAND_MARGIN)
            column.addWidget(label)
        self._grid.addWidget(steps, 1, 0, 1, 2)
        steps.hide()
        return steps

    def set_busy(self, busy: bool) -> None:
        """While something is being done, only choosing and reading are possible."""
        for action in self._facts.actions:
            if action.verb in (Verb.USE, Verb.EXPLAIN):
                continue
            reason = action.reason or (self.tr("Something is being done already.") if busy else "")
            button = self._buttons[action.verb]
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)

    def button(self, verb: Verb) -> QPushButton | None:
        """The button for it, None if there is none."""
        return self._buttons.get(verb)

    def _on_clicked(self, verb: Verb, checked: bool = False) -> None:
        if verb is not Verb.EXPLAIN:
            self.actionRequested.emit(self._facts.key, str(verb))
            return
        self._steps = self._steps or self._make_steps()
        self._steps.setVisible(self._steps.isHidden())
        label = next(action.label for action in self._facts.actions if action.verb is verb)
        self._buttons[verb].setText(self.tr("Hide steps") if self.steps_open else label)

    def _label(self, text: str) -> QLabel:
        label = QLabel(text)
        # Plain: the name of a pack comes from a stranger.
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return label

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        role = QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().color(role.AlternateBase))
        painter.setPen(QPen(self.palette().color(role.Accent if self._facts.current else RULE), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
