"""The number that the noise comes from: always shown, new for every order unless it is locked."""

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import draw_closed_lock, draw_dice, draw_open_lock

# As many digits as the largest seed has; the recipe refuses what is still too large.
DIGITS = r"\d{0,19}"


class SeedField(QWidget):
    """Shows the seed of the last order, so that locking it keeps the picture that is on the canvas.

    A seed that was rolled or typed is used for the next order in any case; typing one locks it.

    Signals:
        changed: another seed, or it was locked or unlocked.
    """

    changed = Signal()

    def __init__(self, random_seed: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._random_seed = random_seed
        self._used = False
        self._digits = CalmLineEdit(str(random_seed()))
        self._digits.setValidator(QRegularExpressionValidator(QRegularExpression(DIGITS), self))
        self._digits.setPlaceholderText(self.tr("random"))
        self._digits.setAccessibleName(self.tr("Seed"))
        self._digits.setToolTip(self.tr("The same seed and settings draw the same picture. Several pictures count up."))
        self._dice = GlyphButton(draw_dice)
        self._dice.setAccessibleName(self.tr("Roll a seed"))
        self._dice.setToolTip(self.tr("Roll a seed for the next picture"))
        self._lock = GlyphButton(draw_open_lock, draw_closed_lock)
        self._lock.setAccessibleName(self.tr("Keep the seed"))
        self._tell_lock()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._digits, stretch=1)
        row.addWidget(self._dice)
        row.addWidget(self._lock)
        self.setFocusProxy(self._digits)
        self._digits.textEdited.connect(self._on_edited)
        self._dice.clicked.connect(self.roll)
        self._lock.toggled.connect(self._on_locked)

    @property
    def seed(self) -> int | None:
        """The seed that is shown; None for an empty field."""
        digits = self._digits.text()
        return int(digits) if digits else None

    @property
    def locked(self) -> bool:
        """Whether the seed stays from one order to the next."""
        return self._lock.isChecked()

    @property
    def next_seed(self) -> int | None:
        """The seed of the next order; None if it will be rolled."""
        return None if self._used and not self.locked else self.seed

    def take(self) -> int:
        """The seed for an order, which is shown from then on."""
        seed = self.next_seed
        if seed is None:
            seed = self._random_seed()
            self._digits.setText(str(seed))
        self._used = True
        self.changed.emit()
        return seed

    def roll(self) -> None:
        """Show a random seed and use it for the next order."""
        self._digits.setText(str(self._random_seed()))
        self._used = False
        self.changed.emit()

    def restore(self, seed: int, locked: bool) -> None:
        """Show the seed of a draft."""
        self._digits.setText(str(seed))
        self._lock.setChecked(locked)
        self._used = True
        self.changed.emit()

    def _tell_lock(self) -> None:
        kept, rolled = self.tr("The seed stays. Unlock for a new one each time."), self.tr("Keep this seed")
        self._lock.setToolTip(kept if self.locked else rolled)

    def _on_edited(self, text: str) -> None:
        self._used = False
        self._lock.setChecked(bool(text))
        self.changed.emit()

    def _on_locked(self, locked: bool) -> None:
        self._tell_lock()
        self.changed.emit()
