"""The prompt with all that belongs to it: its field, its history, and how much of it is read."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import draw_clock
from sana_desktop.ui.basics.search_popup import SEARCHED, SearchPopup
from sana_desktop.ui.prompt.history_walk import HistoryWalk
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
from sana_desktop.ui.prompt.token_meter import TokenMeter

LINES = 5
# The words are what the window is about.
ENLARGED = 1.2
# A long prompt takes more room, and then gets a scroll bar.
MOST_LINES = 12


class PromptBox(QWidget):
    """A field for the prompt that knows earlier ones from `history`: Alt+Up and Alt+Down, or a list that opens.

    Signals:
        edited: other words.
        generateRequested, generateFirstRequested: Ctrl+Enter, Ctrl+Shift+Enter.
    """

    edited = Signal()
    generateRequested = Signal()
    generateFirstRequested = Signal()

    def __init__(self, history: PromptHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._walk = HistoryWalk()
        self._editor = PromptEditor(LINES, most_lines=MOST_LINES, enlarged=ENLARGED)
        self._meter = TokenMeter()
        self._open = GlyphButton(draw_clock)
        self._recent = QStandardItemModel(self)
        self._popup = SearchPopup(
            self._recent, self.tr("Earlier prompts"), self.tr("What you draw will be listed here."), self
        )
        self._describe()
        self._lay_out()
        self._editor.edited.connect(self.edited)
        self._editor.generateRequested.connect(self.generateRequested)
        self._editor.generateFirstRequested.connect(self.generateFirstRequested)
        self._editor.olderRequested.connect(self._on_older)
        self._editor.newerRequested.connect(self._on_newer)
        self._open.clicked.connect(self._on_open)
        self._popup.chosen.connect(self._on_chosen)

    @property
    def text(self) -> str:
        """What is written, comments included."""
        return self._editor.toPlainText()

    def replace_text(self, text: str) -> None:
        """Put other words in; undo brings the old ones back."""
        self._editor.replace_text(text)

    def remember(self) -> None:
        """What is written now was drawn."""
        self._history.remember(self.text)
        self._walk.end()

    def show_count(self, used: int | None, limit: int, unread_words: int, unread_from: int | None) -> None:
        """Show how many tokens are needed, and mark what is not read from that character on."""
        self._meter.show_count(used, limit, unread_words)
        self._editor.show_unread(unread_from)

    def _describe(self) -> None:
        self._editor.setAccessibleName(self.tr("Prompt"))
        self._editor.setPlaceholderText(self.tr("Describe a picture: a red apple on a blue background"))
        self._open.setAccessibleName(self.tr("Prompt history"))
        self._open.setToolTip(self.tr("Earlier prompts (Alt+Up, Alt+Down)"))
        self._open.setAutoRaise(True)
        self.setFocusProxy(self._editor)

    def _lay_out(self) -> None:
        # First of all: the Tab key leaves out what comes before the widget that the box hands the focus on to.
        self._editor.setParent(self)
        title = QLabel(self.tr("Prompt"))
        title.setBuddy(self._editor)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._editor)
        column.addWidget(self._meter)

    @Slot()
    def _on_older(self) -> None:
        self._step(1)

    @Slot()
    def _on_newer(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        text = self._walk.step(self.text, self._history.prompts, by)
        if text is not None:
            self._editor.replace_text(text)

    @Slot()
    def _on_open(self) -> None:
        self._recent.clear()
        for prompt in self._history.prompts:
            item = QStandardItem(" ".join(prompt.split())[:300])
            item.setData(prompt, SEARCHED)
            item.setToolTip(prompt[:1000])
            self._recent.appendRow(item)
        self._popup.open_below(self._open, self.width())

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        self._popup.hide()
        self._editor.replace_text(str(index.data(SEARCHED)))
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
