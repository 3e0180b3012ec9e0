"""The left side of the window: what to draw, and the button that draws it."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.domain.job import MOST_PICTURES, Order
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import RecipeError
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.advanced_panel import AdvancedPanel
from sana_desktop.ui.calm_fields import CalmSpinBox
from sana_desktop.ui.disclosure import Disclosure
from sana_desktop.ui.draft_values import Draft, flag_in, text_in, whole_in
from sana_desktop.ui.prompt_editor import PromptEditor
from sana_desktop.ui.seed_field import SeedField
from sana_desktop.ui.size_picker import SizePicker

PROMPT_LINES = 5
# The words are what the window is about.
PROMPT_ENLARGED = 1.2
# In a tall window what belongs to the prompt stays near its words.
TALLEST_PROMPT = 320
LEAST_WIDTH = 320
# It was trained on squares of one size only.
STARTER_ID = "starter"


class PromptPanel(QWidget):
    """Everything that an order needs, starting from what `pack` wants; `random_seed` draws one that tools understand.

    Signals:
        generateRequested(object): the `Order` to draw.
        draftChanged: what `draft` gives is another.
    """

    generateRequested = Signal(object)
    draftChanged = Signal()

    def __init__(self, pack: PackManifest, random_seed: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack = pack
        self._busy = False
        self._prompt = PromptEditor(PROMPT_LINES, enlarged=PROMPT_ENLARGED)
        self._prompt.setMaximumHeight(TALLEST_PROMPT)
        self._size = SizePicker(pack.base_size, only_square_learned=pack.id == STARTER_ID)
        self._count = CalmSpinBox()
        self._count.setRange(1, MOST_PICTURES)
        self._seed = SeedField(random_seed)
        self._advanced = AdvancedPanel(pack)
        self._more = Disclosure(self.tr("More settings"), self._advanced)
        self._generate = QPushButton()
        self._generate.setProperty("primary", True)
        self._about = QLabel()
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._describe()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def refusal(self) -> str:
        """Why nothing can be generated now; empty if something can."""
        order = self._order(self._seed.next_seed or 0)
        return order if isinstance(order, str) else ""

    def generate(self) -> None:
        """Ask for what the panel says to be drawn; the Generate button, and Ctrl+Enter in its editors, do this."""
        if self.refusal:
            return
        order = self._order(self._seed.take())
        # A seed that was rolled just now may be one that leaves no room for the count.
        if isinstance(order, Order):
            self.generateRequested.emit(order)

    def set_busy(self, busy: bool) -> None:
        """While something is being drawn, an order waits for its turn, and the button says so."""
        self._busy = busy
        self._refresh()

    def focus_prompt(self) -> None:
        """Let the keyboard go on writing the prompt."""
        self._prompt.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draft(self) -> dict[str, object]:
        """All that was typed and chosen, as plain values."""
        return {
            "prompt": self._prompt.toPlainText(),
            "size": str(self._size.size_chosen),
            "count": self._count.value(),
            "seed": self._seed.seed,
            "seed_locked": self._seed.locked,
            "more_open": self._more.is_open,
            **self._advanced.draft(),
        }

    def set_draft(self, draft: Draft) -> None:
        """Take what `draft` gave, perhaps long ago and for another pack; what does not fit is left as it is."""
        # The values are saved already: nobody needs to hear of them.
        with QSignalBlocker(self):
            if (prompt := text_in(draft, "prompt")) is not None:
                self._prompt.replace_text(prompt)
            if (size := _size_in(draft)) is not None:
                self._size.choose(size)
            if (count := whole_in(draft, "count", 1, MOST_PICTURES)) is not None:
                self._count.setValue(count)
            if (seed := whole_in(draft, "seed", 0, LARGEST_SEED)) is not None:
                self._seed.restore(seed, bool(flag_in(draft, "seed_locked")))
            if (more_open := flag_in(draft, "more_open")) is not None:
                self._more.set_open(more_open)
            self._advanced.set_draft(draft)

    def _order(self, seed: int) -> Order | str:
        """What the panel says, or why it cannot be drawn."""
        advanced = self._advanced
        try:
            recipe = Recipe(
                prompt=self._prompt.toPlainText(),
                negative=advanced.negative,
                size=self._size.size_chosen,
                steps=advanced.steps,
                guidance=advanced.guidance,
                seed=seed,
                solver=advanced.solver,
                pack=self._pack.id,
                precision=advanced.precision,
            )
            return Order(recipe=recipe, count=self._count.value())
        except RecipeError as error:
            return f"{error} {error.hint}".strip()

    def _describe(self) -> None:
        self._prompt.setAccessibleName(self.tr("Prompt"))
        self._prompt.setPlaceholderText(self.tr("Describe a picture: a red apple on a blue background"))
        self._count.setAccessibleName(self.tr("Pictures"))
        self._count.setToolTip(self.tr("How many pictures to draw, with seeds that count up"))
        self._generate.setAccessibleName(self.tr("Generate"))
        self._about.setAccessibleName(self.tr("What will be drawn"))

    def _lay_out(self) -> None:
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(12, 12, 12, 6)
        column.setSpacing(8)
        column.addWidget(QLabel(self.tr("Prompt")))
        column.addWidget(self._prompt, stretch=1)
        column.addWidget(self._size)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, (label, field) in enumerate(((self.tr("Pictures"), self._count), (self.tr("Seed"), self._seed))):
            grid.addWidget(QLabel(label), 0, place)
            grid.addWidget(field, 1, place)
        column.addLayout(grid)
        column.addWidget(self._more)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(fields)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 12)
        foot.addWidget(self._generate)
        foot.addWidget(self._about)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, stretch=1)
        outer.addLayout(foot)
        self.setMinimumWidth(LEAST_WIDTH)

    def _connect(self) -> None:
        self._prompt.generateRequested.connect(self.generate)
        self._advanced.generateRequested.connect(self.generate)
        self._generate.clicked.connect(self.generate)
        self._prompt.textChanged.connect(self._on_changed)
        self._size.changed.connect(self._on_changed)
        self._count.valueChanged.connect(self._on_changed)
        self._seed.changed.connect(self._on_changed)
        self._advanced.changed.connect(self._on_changed)
        self._more.toggled.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._refresh()
        self.draftChanged.emit()

    def _refresh(self) -> None:
        """Let the button say what it will do, or why it cannot."""
        refusal = self.refusal
        self._generate.setEnabled(not refusal)
        self._generate.setText(self._verb())
        self._generate.setToolTip(refusal or self.tr("{verb} (Ctrl+Enter)").format(verb=self._verb()))
        self._generate.setAccessibleDescription(refusal or self._plan())
        self._about.setText(refusal or self._plan())

    def _verb(self) -> str:
        count = self._count.value()
        if count == 1:
            return self.tr("Add to queue") if self._busy else self.tr("Generate")
        many = self.tr("Add {count} pictures to queue") if self._busy else self.tr("Generate {count} pictures")
        return many.format(count=count)

    def _plan(self) -> str:
        size = self._size.size_chosen
        plan = self.tr("{width} × {height} pixels in {steps} steps").format(
            width=size.width, height=size.height, steps=self._advanced.steps
        )
        return f"{plan}, {self.tr('experimental size')}" if self._size.experimental else plan


def _size_in(draft: Draft) -> Size | None:
    text = text_in(draft, "size")
    if text is None:
        return None
    try:
        return Size.parse(text)
    except RecipeError:
        return None
