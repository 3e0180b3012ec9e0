"""One pack in the list: what it is, whether it fits, and what can be done with it."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.packs.fit_mark import FitMark

RADIUS = 6.0
COMMAND_MARGIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What a card shows. `verdict` is the forecast or the problem, with the sign of `level`.

    `action` is on the button; `reason` says why it is disabled, empty where it is not. `steps`, (text, whether it
    is a command), are opened and closed by the button instead.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    verdict: str
    level: FitLevel
    action: str
    reason: str = ""
    steps: tuple[tuple[str, bool], ...] = ()
    current: bool = False


class PackCard(QFrame):
    """A frame with a name, a few quiet lines, a forecast, and one button.

    Signals:
        actionRequested(str): the button was pressed on the card with this key; not for a card with steps.
    """

    actionRequested = Signal(str)

    def __init__(self, facts: CardFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self._button = QPushButton(facts.action)
        self._grid = QGridLayout(self)
        # Made when they are first wanted: most never are.
        self._steps: QWidget | None = None
        self._build()
        self.setAccessibleName(facts.name)
        self.setAccessibleDescription(" ".join((*facts.lines, facts.verdict)))
        self._button.clicked.connect(self._on_clicked)

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
        self._button.setEnabled(not facts.reason)
        self._button.setAutoDefault(False)
        self._button.setToolTip(facts.reason)
        self._button.setAccessibleName(f"{facts.action}: {facts.name}")
        self._button.setAccessibleDescription(facts.reason)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(words, 0, 0)
        self._grid.addWidget(self._button, 0, 1, Qt.AlignmentFlag.AlignTop)

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

    @Slot()
    def _on_clicked(self) -> None:
        if self._facts.steps:
            self._steps = self._steps or self._make_steps()
            self._steps.setVisible(self._steps.isHidden())
            self._button.setText(self.tr("Hide steps") if self.steps_open else self._facts.action)
        else:
            self.actionRequested.emit(self._facts.key)

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
