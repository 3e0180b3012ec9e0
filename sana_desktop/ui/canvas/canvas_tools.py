"""The row below the canvas: how the picture formed, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import Glyph
from sana_desktop.ui.canvas.canvas_glyphs import draw_actual_size, draw_compare, draw_copy, draw_fit
from sana_desktop.ui.canvas.scrubber import Scrubber

HEIGHT = 30
MARGIN = 12


class CanvasTools(QWidget):
    """As high with tools as without, so that the picture above stays where it is.

    Signals:
        followRequested(): show the picture that is being drawn.
        fitRequested(), actualSizeRequested(): how large the picture is to be.
        compareRequested(): compare it with the one before.
        copyRequested(): put it on the clipboard.
    """

    followRequested = Signal()
    fitRequested = Signal()
    actualSizeRequested = Signal()
    compareRequested = Signal()
    copyRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._scrubber = Scrubber()
        # Where it is hidden, the buttons stay at the right.
        policy = self._scrubber.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        self._scrubber.setSizePolicy(policy)
        self._follow = QPushButton(self.tr("Watch it form"))
        self._follow.setToolTip(self.tr("Show the picture that is being drawn"))
        self._follow.clicked.connect(self.followRequested)
        self._fit = self._button(draw_fit, self.fitRequested)
        self._actual = self._button(draw_actual_size, self.actualSizeRequested)
        self._compare = self._button(draw_compare, self.compareRequested)
        self._copy = self._button(draw_copy, self.copyRequested)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, MARGIN, 0)
        row.setSpacing(4)
        row.addWidget(self._scrubber, 1)
        row.addSpacing(8)
        for widget in (self._follow, self._fit, self._actual, self._compare, self._copy):
            row.addWidget(widget)

    @property
    def scrubber(self) -> Scrubber:
        """How the picture formed."""
        return self._scrubber

    def show_state(self, *, seen: bool, finished: bool, other: bool, film: bool, forming: bool) -> None:
        """Offer what is possible.

        `seen`: there is a picture on the canvas; `finished`: there is a whole one; `other`: there was one before it;
        `film`: it is known how it formed; `forming`: a picture forms which is not shown.
        """
        none = self.tr("There is no picture yet")
        first = self.tr("There is no other picture yet")
        self._scrubber.setVisible(film)
        self._follow.setVisible(forming)
        self._name(self._fit, self.tr("Show all of the picture (Ctrl+0)"), "" if seen else none)
        self._name(self._actual, self.tr("Actual size (Ctrl+1)"), "" if seen else none)
        self._name(self._copy, self.tr("Copy the picture (Ctrl+C)"), "" if finished else none)
        self._name(self._compare, self.tr("Compare with the picture before"), "" if other else first)

    def _button(self, glyph: Glyph, signal: object) -> GlyphButton:
        button = GlyphButton(glyph)
        button.setAutoRaise(True)
        button.clicked.connect(signal)
        return button

    def _name(self, button: GlyphButton, name: str, reason: str) -> None:
        """Say what a button does, and why not if there is a reason."""
        button.setEnabled(not reason)
        button.setAccessibleName(name)
        button.setAccessibleDescription(reason)
        button.setToolTip(f"{name}\n{reason}" if reason else name)
