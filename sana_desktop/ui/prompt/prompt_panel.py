"""The left side of the window: what to draw, and the button that draws it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.domain.adoption import Adoption
from sana_desktop.domain.choices import Emphasis, PreviewChoice
from sana_desktop.domain.job import MOST_PICTURES, Order
from sana_desktop.domain.prompt_text import without_comments
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.domain.styles import Style
from sana_desktop.domain.written_prompt import WrittenPrompt, typed_form, write_prompt
from sana_desktop.errors import RecipeError
from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.services.styles import StyleBook
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.calm_fields import CalmSpinBox
from sana_desktop.ui.basics.disclosure import Disclosure
from sana_desktop.ui.basics.draft_values import Draft, flag_in, text_in, texts_in, whole_in
from sana_desktop.ui.prompt.advanced_panel import AdvancedPanel
from sana_desktop.ui.prompt.generate_foot import GenerateFoot
from sana_desktop.ui.prompt.prompt_box import PromptBox
from sana_desktop.ui.prompt.recipe_parts import RecipePart
from sana_desktop.ui.prompt.seed_field import SeedField
from sana_desktop.ui.prompt.size_picker import SizePicker
from sana_desktop.ui.prompt.style_form import StyleForm
from sana_desktop.ui.prompt.style_manager import StyleManager, name_taken
from sana_desktop.ui.prompt.style_picker import StylePicker

LEAST_WIDTH = 304
MOST_STYLES = 50
# It was trained on squares of one size only.
STARTER_ID = "starter"


class PromptPanel(QWidget):
    """Everything that an order needs, starting from what `pack` wants; `random_seed` draws one that tools understand.

    `history` and `styles` are kept elsewhere; without them both last until the program ends. `header`, the pack
    switcher for one, stands above everything.

    Signals:
        generateRequested(Order), generateFirstRequested(Order): what to draw, the latter before all that waits.
        promptTextChanged(str): what a picture would be asked for is another text, styles included.
        previewChosen(PreviewChoice): how to show the forming picture.
        draftChanged: what `draft` gives is another.
    """

    generateRequested = Signal(object)
    generateFirstRequested = Signal(object)
    promptTextChanged = Signal(str)
    previewChosen = Signal(object)
    draftChanged = Signal()

    def __init__(
        self,
        pack: PackManifest,
        random_seed: Callable[[], int],
        history: PromptHistory | None = None,
        styles: StyleBook | None = None,
        parent: QWidget | None = None,
        *,
        header: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pack = pack
        self._busy = False
        self._forecast = ""
        self._history = history or PromptHistory()
        self._book = styles or StyleBook()
        self._read_from: tuple[str, str, tuple[Style, ...]] | None = None
        self._read: WrittenPrompt | str = ""
        self._told: tuple[str, PreviewChoice] = ("", PreviewChoice.AUTO)
        self._prompt = PromptBox(self._history)
        self._styles = StylePicker(self._book.styles)
        self._manager = StyleManager(self._book, self)
        self._size = SizePicker(pack.base_size, only_square_learned=pack.id == STARTER_ID)
        self._count = CalmSpinBox()
        self._count.setRange(1, MOST_PICTURES)
        self._count.setAccessibleName(self.tr("Pictures"))
        self._count.setToolTip(self.tr("How many pictures to draw, with seeds that count up"))
        self._seed = SeedField(random_seed)
        self._advanced = AdvancedPanel(pack)
        self._more = Disclosure(self.tr("More settings"), self._advanced)
        self._foot = GenerateFoot()
        self._lay_out(header)
        self._connect()
        self._refresh()

    @property
    def refusal(self) -> str:
        """Why nothing can be generated now; empty if something can."""
        order = self._order(self._seed.next_seed or 0)
        return order if isinstance(order, str) else ""

    @property
    def recipe(self) -> Recipe | None:
        """What would be drawn now, with the seed that is shown; None if nothing can. For forecasts."""
        order = self._order(self._seed.next_seed or 0)
        return order.recipe if isinstance(order, Order) else None

    @property
    def count(self) -> int:
        """How many pictures."""
        return self._count.value()

    @property
    def prompt_text(self) -> str:
        """The prompt as it would stand in a recipe, styles included; empty if styles make it too long."""
        written = self._written()
        return "" if isinstance(written, str) else written.prompt

    @property
    def emphasis(self) -> Emphasis:
        """What brackets in `prompt_text` mean."""
        written = self._written()
        return Emphasis.LITERAL if isinstance(written, str) else written.emphasis

    @property
    def pack(self) -> PackManifest:
        """What draws."""
        return self._pack

    @property
    def preview_choice(self) -> PreviewChoice:
        """How the forming picture is to be shown."""
        return self._advanced.preview_choice

    def generate(self) -> None:
        """Ask for what the panel says to be drawn; the Generate button, and Ctrl+Enter in its editors, do this."""
        order = self._take_order()
        if order is not None:
            self.generateRequested.emit(order)

    def submit_first(self) -> None:
        """As `generate`, but before everything that waits."""
        order = self._take_order()
        if order is not None:
            self.generateFirstRequested.emit(order)

    def set_busy(self, busy: bool) -> None:
        """While something is being drawn, an order waits for its turn, and the button says so."""
        self._busy = busy
        self._refresh()

    def set_forecast(self, text: str) -> None:
        """Say on the button how long it will take, “about 6 s” for instance; empty if nobody knows."""
        self._forecast = text
        self._refresh()

    @property
    def sizes(self) -> tuple[Size, ...]:
        """Those that can be chosen now."""
        return tuple(button.aspect.size for button in self._size.buttons)

    def set_levels(self, levels: Mapping[Size, tuple[FitLevel, str]]) -> None:
        """Say of each size whether memory is enough for it, with words where it is not."""
        self._size.set_levels(levels)

    def set_pack(self, pack: PackManifest) -> None:
        """Draw with another pack; what was chosen stays as far as it fits."""
        self._pack = pack
        self._size.set_base(pack.base_size, only_square_learned=pack.id == STARTER_ID)
        self._advanced.set_pack(pack)
        self._on_changed()

    def use_recipe(self, recipe: Recipe, parts: RecipePart = RecipePart.ALL) -> None:
        """Take over what a picture was drawn with; a seed that is taken is locked.

        The prompt of a picture has its styles inside, so taking it removes the chosen ones.
        """
        if RecipePart.PROMPT in parts:
            self._styles.choose(())
            self._prompt.replace_text(typed_form(recipe.prompt, recipe.emphasis))
        if RecipePart.NEGATIVE in parts:
            self._advanced.use_negative(typed_form(recipe.negative, recipe.emphasis))
        if RecipePart.SIZE in parts:
            self._size.offer(recipe.size)
        if RecipePart.SETTINGS in parts:
            self._advanced.use(recipe)
        if RecipePart.SEED in parts:
            self._seed.restore(recipe.seed, locked=True)

    def adopt(self, adoption: Adoption) -> None:
        """Take over what could be read from a picture of any program; a seed that is taken is locked."""
        if adoption.recipe is not None:
            self.use_recipe(adoption.recipe, RecipePart.SETTINGS)
        if adoption.prompt is not None:
            emphasis = Emphasis.LITERAL if adoption.recipe is None else adoption.recipe.emphasis
            self._styles.choose(())
            self._prompt.replace_text(typed_form(adoption.prompt, emphasis))
            self._advanced.use_negative(typed_form(adoption.negative or "", emphasis))
        if adoption.size is not None:
            self._size.offer(adoption.size)
        if adoption.seed is not None:
            self._seed.restore(adoption.seed, locked=True)
        found = {"steps": adoption.steps, "guidance": adoption.guidance, "solver": adoption.solver}
        self._advanced.set_draft({name: value for name, value in found.items() if value is not None})

    def set_preview_choice(self, choice: PreviewChoice) -> None:
        """Show how the forming picture is shown."""
        self._advanced.set_draft({"preview": choice.value})

    @Slot(object, int, object)
    def show_token_count(self, used: int | None, limit: int, cut_from: int | None = None) -> None:
        """Show that `prompt_text` takes `used` tokens; from the character `cut_from` of it on, nothing is read."""
        written = self._written()
        if used is None or cut_from is None or isinstance(written, str):
            self._prompt.show_count(used, limit, 0, None)
        else:
            words = len(written.prompt[cut_from:].split())
            self._prompt.show_count(used, limit, words, written.typed_at(cut_from))

    def write_prompt(self, text: str) -> None:
        """Put `text` in the prompt's place, as if it had been typed, and go there."""
        self._prompt.replace_text(text)
        self.focus_prompt()

    def focus_prompt(self) -> None:
        """Let the keyboard go on writing the prompt."""
        self._prompt.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draft(self) -> dict[str, object]:
        """All that was typed and chosen, as plain values."""
        return {
            "prompt": self._prompt.text,
            "styles": [style.name for style in self._styles.chosen],
            "size": str(self._size.size_chosen),
            "size_taken": self._size.from_elsewhere,
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
            if (styles := texts_in(draft, "styles", MOST_STYLES)) is not None:
                self._styles.choose(styles)
            if (size := _size_in(draft)) is not None:
                (self._size.offer if flag_in(draft, "size_taken") else self._size.choose_like)(size)
            if (count := whole_in(draft, "count", 1, MOST_PICTURES)) is not None:
                self._count.setValue(count)
            if (seed := whole_in(draft, "seed", 0, LARGEST_SEED)) is not None:
                self._seed.restore(seed, bool(flag_in(draft, "seed_locked")))
            if (more_open := flag_in(draft, "more_open")) is not None:
                self._more.set_open(more_open)
            self._advanced.set_draft(draft)
        self._tell()

    def _take_order(self) -> Order | None:
        if self.refusal:
            return None
        # A seed that was rolled just now may be one that leaves no room for the count.
        order = self._order(self._seed.take())
        if not isinstance(order, Order):
            return None
        self._prompt.remember()
        return order

    def _written(self) -> WrittenPrompt | str:
        """The texts as a recipe would hold them, or why it cannot."""
        source = (self._prompt.text, self._advanced.negative, self._styles.chosen)
        if source != self._read_from:
            self._read_from = source
            try:
                self._read = write_prompt(*source)
            except RecipeError as error:
                self._read = f"{error} {error.hint}".strip()
        return self._read

    def _order(self, seed: int) -> Order | str:
        """What the panel says, or why it cannot be drawn."""
        written, advanced = self._written(), self._advanced
        if isinstance(written, str):
            return written
        try:
            recipe = Recipe(
                prompt=written.prompt,
                negative=written.negative,
                size=self._size.size_chosen,
                steps=advanced.steps,
                guidance=advanced.guidance,
                seed=seed,
                solver=advanced.solver,
                pack=self._pack.id,
                precision=advanced.precision,
                emphasis=written.emphasis,
            )
            return Order(recipe=advanced.kept.applied(recipe), count=self._count.value())
        except RecipeError as error:
            return f"{error} {error.hint}".strip()

    def _lay_out(self, header: QWidget | None) -> None:
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(12)
        column.addWidget(self._prompt)
        column.addWidget(self._styles)
        column.addWidget(self._size)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(4)
        for place, (label, field) in enumerate(((self.tr("Pictures"), self._count), (self.tr("Seed"), self._seed))):
            title = QLabel(label)
            title.setBuddy(field)
            grid.addWidget(title, 0, place)
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
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if header is not None:
            head = QVBoxLayout()
            head.setContentsMargins(16, 16, 16, 0)
            head.addWidget(header)
            # Before the fields: the Tab key goes in the order in which widgets come.
            outer.addLayout(head)
        outer.addWidget(scroll, stretch=1)
        outer.addWidget(self._foot)
        self.setMinimumWidth(LEAST_WIDTH)

    def _connect(self) -> None:
        for source in (self._prompt, self._advanced):
            source.generateRequested.connect(self.generate)
            source.generateFirstRequested.connect(self.submit_first)
        self._foot.pressed.connect(self.generate)
        self._prompt.edited.connect(self._on_changed)
        self._styles.changed.connect(self._on_changed)
        self._styles.saveRequested.connect(self._on_save_style)
        self._styles.manageRequested.connect(self._manager.open)
        self._manager.stylesChanged.connect(self._on_styles_changed)
        self._manager.renamed.connect(self._on_style_renamed)
        self._size.changed.connect(self._on_changed)
        self._count.valueChanged.connect(self._on_changed)
        self._seed.changed.connect(self._on_changed)
        self._advanced.changed.connect(self._on_changed)
        self._more.toggled.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        self._refresh()
        self._tell()
        self.draftChanged.emit()

    def _tell(self) -> None:
        """Tell those who follow the prompt or the preview, if there is something new."""
        # Who is not to be heard now tells it afterwards.
        if self.signalsBlocked():
            return
        before, self._told = self._told, (self.prompt_text, self.preview_choice)
        if self._told[0] != before[0]:
            self.promptTextChanged.emit(self._told[0])
        if self._told[1] is not before[1]:
            self.previewChosen.emit(self._told[1])

    @Slot()
    def _on_save_style(self) -> None:
        form = StyleForm(
            self.tr("Save as style"),
            "",
            without_comments(self._prompt.text),
            without_comments(self._advanced.negative),
            partial(name_taken, self._book, ""),
            self,
        )
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.written.connect(self._on_style_written)
        form.open()

    @Slot(object)
    def _on_style_written(self, style: Style) -> None:
        self._book.put(style)
        self._on_styles_changed()

    @Slot()
    def _on_styles_changed(self) -> None:
        self._styles.set_styles(self._book.styles)
        self._on_changed()

    @Slot(str, str)
    def _on_style_renamed(self, old: str, new: str) -> None:
        names: Sequence[str] = [new if style.name == old else style.name for style in self._styles.chosen]
        self._styles.set_styles(self._book.styles)
        self._styles.choose(names)

    def _refresh(self) -> None:
        """Let the button say what it will do, or why it cannot."""
        self._foot.say(self._verb(), self._plan(), self._forecast, self.refusal)

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
        return self.tr("{plan}, experimental size").format(plan=plan) if self._size.experimental else plan


def _size_in(draft: Draft) -> Size | None:
    text = text_in(draft, "size")
    if text is None:
        return None
    try:
        return Size.parse(text)
    except RecipeError:
        return None
