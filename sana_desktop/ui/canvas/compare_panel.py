"""Comparing two pictures: the view, what differs between their recipes, and the buttons."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import Glyph
from sana_desktop.ui.canvas.canvas_glyphs import (
    draw_actual_size,
    draw_close,
    draw_fit,
    draw_side_by_side,
    draw_slider,
    draw_swap,
)
from sana_desktop.ui.canvas.canvas_tools import HEIGHT
from sana_desktop.ui.canvas.compare_view import CompareMode, CompareView
from sana_desktop.ui.canvas.difference_words import difference_words
from sana_desktop.ui.canvas.shown import Shown


class ComparePanel(QWidget):
    """Shows two pictures until somebody has seen enough.

    Signals:
        closed(): the user wants to see one picture again.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: tuple[Shown, Shown] | None = None
        self._view = CompareView()
        self._view.swapRequested.connect(self.swap)
        self._view.modeRequested.connect(self.next_mode)
        self._view.closeRequested.connect(self.closed)
        self._view.dividerMoved.connect(self._describe)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # Of these two, the one is there that changes something.
        self._side = self._button(draw_side_by_side)
        self._side.clicked.connect(self.next_mode)
        self._slider = self._button(draw_slider)
        self._slider.clicked.connect(self.next_mode)
        self._slider.hide()
        self._swap = self._button(draw_swap)
        self._swap.clicked.connect(self.swap)
        self._close = self._button(draw_close)
        self._close.clicked.connect(self.closed)
        self._fit = self._button(draw_fit)
        self._fit.clicked.connect(self._view.fit)
        self._actual = self._button(draw_actual_size)
        self._actual.clicked.connect(self._view.actual_size)
        tools = QWidget()
        tools.setMinimumHeight(HEIGHT)
        row = QHBoxLayout(tools)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        for button in (self._fit, self._actual, self._side, self._slider, self._swap, self._close):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._view, 1)
        column.addWidget(tools)
        self.setFocusProxy(self._view)
        self._name_buttons()

    @property
    def view(self) -> CompareView:
        """The pictures."""
        return self._view

    @property
    def pair(self) -> tuple[Shown, Shown] | None:
        """What is compared, first and second."""
        return self._pair

    @property
    def words(self) -> str:
        """What differs."""
        return self._words.text()

    def compare(self, a: Shown, b: Shown) -> None:
        """Show two pictures; `a` is the first."""
        self._pair = (a, b)
        self._view.set_pictures(a.image, b.image, (self.tr("A"), self.tr("B")))
        self._words.setText(difference_words(a.recipe, b.recipe))
        self._words.setToolTip(f"A: {a.path.name}\nB: {b.path.name}")
        self._describe()

    def swap(self) -> None:
        """Let the first picture be the second."""
        if self._pair is not None:
            self.compare(self._pair[1], self._pair[0])

    def next_mode(self) -> None:
        """Change between side by side and the slider."""
        slider = self._view.mode is CompareMode.SLIDER
        self._view.set_mode(CompareMode.SIDE_BY_SIDE if slider else CompareMode.SLIDER)
        self._side.setVisible(not slider)
        self._slider.setVisible(slider)
        self._describe()

    def _button(self, glyph: Glyph) -> GlyphButton:
        button = GlyphButton(glyph)
        button.setAutoRaise(True)
        return button

    def _name_buttons(self) -> None:
        names = {
            self._fit: self.tr("Show all of the pictures (Ctrl+0)"),
            self._actual: self.tr("Actual size (Ctrl+1)"),
            self._side: self.tr("Show side by side (M)"),
            self._slider: self.tr("Show with a slider (M)"),
            self._swap: self.tr("Swap the pictures (C)"),
            self._close: self.tr("Leave the comparison (Esc)"),
        }
        for button, name in names.items():
            button.setAccessibleName(name)
            button.setToolTip(name)

    def _describe(self) -> None:
        if self._view.mode is CompareMode.SLIDER:
            where = self.tr("The line stands at {n} percent.").format(n=round(100 * self._view.divider))
        else:
            where = self.tr("Side by side.")
        self._view.setAccessibleDescription(f"{where} {self._words.text()}")
