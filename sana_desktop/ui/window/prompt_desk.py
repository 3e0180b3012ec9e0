"""What the prompt panel is told while one types: how many tokens it is, and how long the picture will take."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from sana_desktop.domain.choices import Conditioning, PreviewChoice
from sana_desktop.domain.job import Order
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import KnownError
from sana_desktop.services.plan_control import wished_plan
from sana_desktop.services.time_left import rough_text
from sana_desktop.services.token_count import TokenCounter
from sana_desktop.ui.basics.background import Background
from sana_desktop.ui.prompt.memory_words import MemoryWords
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from sana_desktop.ui.window.window_parts import WindowParts

WARM_UP = "drawing.warm_up"
MS_BEFORE_FORECAST = 100


class PromptDesk(QObject):
    """Asks the token counter and the book of speeds on behalf of the panel; close it before the window goes.

    Signals:
        previewChosen(PreviewChoice): the user wants previews made otherwise.
    """

    previewChosen = Signal(object)

    _counted = Signal(str, object)

    def __init__(self, parts: WindowParts, panel: PromptPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._panel = panel
        self._counter = TokenCounter(parts.measure, self._counted.emit)
        # Queued: the counter answers on its own thread.
        self._counted.connect(self._on_counted, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self, interval=MS_BEFORE_FORECAST, singleShot=True)
        self._rest.timeout.connect(self.forecast)
        self._words = MemoryWords()
        self._look = Background(parts.memory.look)
        # Queued: it answers on a thread of its own.
        self._look.done.connect(self._rest.start, Qt.ConnectionType.QueuedConnection)
        panel.promptTextChanged.connect(self._on_text)
        panel.draftChanged.connect(self._rest.start)
        panel.previewChosen.connect(self.previewChosen)
        parts.board.changed.connect(self._rest.start)

    @Slot()
    def begin(self) -> None:
        """The window is there, for the first and only time: look at the memory, and then as for any pack."""
        self._look.start()
        self.begin_pack()

    @Slot()
    def begin_pack(self) -> None:
        """Another pack draws now: count what the draft holds, and get the engine ready if the user likes that."""
        self._on_text(self._panel.prompt_text)
        self.forecast()
        self.warm_up()

    def warm_up(self) -> None:
        """Have the engine load what the panel's pack needs, while nothing is drawn."""
        recipe = self._panel.recipe
        if recipe is not None and self._parts.settings.flag(WARM_UP):
            self._parts.queue.prepare(recipe)

    @Slot()
    def forecast(self) -> None:
        """Say on the button how long the order would take and in how much memory, and mark sizes that are too large."""
        recipe = self._panel.recipe
        seconds = None
        if recipe is not None:
            try:
                order = Order(recipe=recipe, count=self._panel.count)
                seconds = self._parts.speeds.forecast(order).seconds
            except KnownError:
                # Too many pictures for this seed: the panel says so itself.
                pass
        time = "" if seconds is None else self.tr("about {time}").format(time=rough_text(seconds))
        self._panel.set_forecast(", ".join(text for text in (time, self._memory(recipe)) if text))

    def _memory(self, recipe: Recipe | None) -> str:
        """The memory that `recipe` takes, and the levels of all sizes with it."""
        if recipe is None:
            return ""
        book, pack, wish = self._parts.memory, self._panel.pack, wished_plan(self._parts.settings)
        sizes = (*self._panel.sizes, recipe.size)
        forecasts = {size: book.forecast(pack, replace(recipe, size=size), plan=wish) for size in sizes}
        words = self._words
        self._panel.set_levels(
            {size: (found.level, words.size_text(found)) for size, found in forecasts.items() if found is not None}
        )
        found = forecasts[recipe.size]
        return "" if found is None else words.order_text(found)

    def close(self) -> None:
        """Count nothing more."""
        self._rest.stop()
        self._look.wait()
        self._counter.close()

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._counter.ask(text, self._panel.pack, Conditioning.DIFFUSERS, self._panel.emphasis)

    @Slot(str, object)
    def _on_counted(self, text: str, count: TokenCount | None) -> None:
        if text != self._panel.prompt_text:
            return
        if count is None:
            self._panel.show_token_count(None, self._panel.pack.text.max_tokens)
        else:
            self._panel.show_token_count(count.used, count.limit, count.cut_at)

    def set_preview(self, choice: PreviewChoice) -> None:
        """The preferences say how previews are made."""
        self._panel.set_preview_choice(choice)
