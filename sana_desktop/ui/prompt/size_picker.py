"""The shape and size of the picture, chosen by looking."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sana_desktop.domain.aspects import Aspect, aspect_of, aspects_for, nearest_aspect
from sana_desktop.domain.sizes import Size
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.basics.fit_colours import colour_of
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import draw_swap
from sana_desktop.ui.prompt.aspect_button import AspectButton

# Letters that fit below a shape.
LONGEST_NAME = 5


class SizePicker(QWidget):
    """Offers shapes of about the area of a square of `base_size`; the square is chosen at first.

    `only_square_learned` marks all others as experimental: the pack has seen nothing but squares. A size from
    elsewhere, a picture's for instance, can be offered beside the shapes.

    Signals:
        changed: another size is chosen.
    """

    changed = Signal()

    def __init__(self, base_size: int, *, only_square_learned: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._learned: Size | None = None
        self._extra: AspectButton | None = None
        self._group = QButtonGroup(self)
        self._shown = QLabel()
        self._swap = GlyphButton(draw_swap)
        self._swap.setAutoRaise(True)
        self._swap.setAccessibleName(self.tr("Swap width and height"))
        head = QHBoxLayout()
        head.addWidget(QLabel(self.tr("Format")))
        head.addStretch()
        head.addWidget(self._shown)
        head.addWidget(self._swap)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._row)
        self._swap.clicked.connect(self._on_swap)
        self._fill(base_size, only_square_learned)
        self._square(base_size).setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)
        self._show_size()

    @property
    def size_chosen(self) -> Size:
        """The size of the chosen shape."""
        return self._chosen().aspect.size

    @property
    def experimental(self) -> bool:
        """Whether the pack has never seen pictures of the chosen size."""
        return self._learned is not None and self.size_chosen != self._learned

    @property
    def from_elsewhere(self) -> bool:
        """Whether the chosen size is none of the pack's."""
        return self._chosen() is self._extra

    @property
    def buttons(self) -> tuple[AspectButton, ...]:
        """The shapes, from tall to wide, and a size from elsewhere behind them."""
        return tuple(button for button in self._group.buttons() if isinstance(button, AspectButton))

    def set_base(self, base_size: int, *, only_square_learned: bool = False) -> None:
        """Offer the sizes of another pack; the shape most like the chosen one stays chosen."""
        chosen = self.size_chosen
        for button in self.buttons:
            self._remove(button)
        self._extra = None
        self._fill(base_size, only_square_learned)
        self.choose_like(chosen)

    def set_levels(self, levels: Mapping[Size, tuple[FitLevel, str]]) -> None:
        """Say of each size whether memory is enough for it, with words where it is not; unknown sizes pass."""
        for button in self.buttons:
            level, words = levels.get(button.aspect.size, (FitLevel.FITS, ""))
            button.set_level(level)
            button.setToolTip("\n".join(text for text in (self._tip(button.aspect.size), words) if text))
            button.setAccessibleDescription(button.toolTip())
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look of the window."""
        super().changeEvent(event)
        # Qt sends this from within its own constructor, too.
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_shown"):
            self._colour()

    def choose(self, size: Size) -> None:
        """Choose the shape of that size; a size that is not offered changes nothing."""
        for button in self.buttons:
            if button.aspect.size == size:
                button.setChecked(True)

    def choose_like(self, size: Size) -> None:
        """Choose that size, or the offered shape that is most like it."""
        aspects = tuple(button.aspect for button in self.buttons)
        self.choose(size if any(aspect.size == size for aspect in aspects) else nearest_aspect(aspects, size).size)

    def offer(self, size: Size) -> None:
        """Choose exactly that size, beside the shapes if it is none of theirs."""
        if all(button.aspect.size != size for button in self.buttons):
            previous, self._extra = self._extra, self._add(aspect_of(size))
            if len(self._extra.text()) > LONGEST_NAME:
                self._extra.setText(self.tr("own"))
            self._extra.setChecked(True)
            if previous is not None:
                self._remove(previous)
        self.choose(size)

    def _fill(self, base_size: int, only_square_learned: bool) -> None:
        self._learned = Size(base_size, base_size) if only_square_learned else None
        for aspect in aspects_for(base_size):
            self._add(aspect)

    def _add(self, aspect: Aspect) -> AspectButton:
        button = AspectButton(aspect)
        button.setAccessibleName(self.tr("Format {shape}").format(shape=aspect.name))
        button.setToolTip(self._tip(aspect.size))
        button.setAccessibleDescription(button.toolTip())
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def _remove(self, button: AspectButton) -> None:
        self._group.removeButton(button)
        self._row.removeWidget(button)
        button.hide()
        button.deleteLater()

    def _square(self, base_size: int) -> AspectButton:
        return next(button for button in self.buttons if button.aspect.size == Size(base_size, base_size))

    def _chosen(self) -> AspectButton:
        return next(button for button in self.buttons if button.isChecked())

    def _tip(self, size: Size) -> str:
        pixels = self.tr("{width} × {height} pixels").format(width=size.width, height=size.height)
        if self._learned is None or size == self._learned:
            return pixels
        only = self.tr("Experimental: this pack has only learned pictures of {width} × {height}.")
        return f"{pixels}\n{only.format(width=self._learned.width, height=self._learned.height)}"

    def _show_size(self) -> None:
        size = self.size_chosen
        self._shown.setText(f"{size.width} × {size.height}")
        square = size.width == size.height
        tip = self.tr("A square is the same either way.") if square else self.tr("Swap width and height")
        self._swap.setEnabled(not square)
        self._swap.setToolTip(tip)
        self._swap.setAccessibleDescription(tip if square else "")

    def _colour(self) -> None:
        """The size in figures has the colour of its shape."""
        level = self._chosen().level
        role, palette = QPalette.ColorRole.WindowText, self._shown.palette()
        ink = self.palette().color(role) if level is FitLevel.FITS else colour_of(level, self.palette())
        if palette.color(role) != ink:
            palette.setColor(role, ink)
            self._shown.setPalette(palette)

    @Slot()
    def _on_swap(self) -> None:
        self.offer(self._chosen().aspect.turned.size)

    def _on_toggled(self, button: QWidget, checked: bool) -> None:
        # Of the two buttons that toggle, the one that is chosen speaks.
        if checked:
            self._show_size()
            self._colour()
            self.changed.emit()
