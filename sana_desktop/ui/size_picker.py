"""The shape and size of the picture, chosen by looking."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sana_desktop.domain.sizes import Size
from sana_desktop.ui.aspect_button import AspectButton
from sana_desktop.ui.aspects import aspects_for


class SizePicker(QWidget):
    """Offers shapes of about the area of a square of `base_size`; the square is chosen at first.

    `only_square_learned` marks all others as experimental: the pack has seen nothing but squares.

    Signals:
        changed: another size is chosen.
    """

    changed = Signal()

    def __init__(self, base_size: int, *, only_square_learned: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._learned = Size(base_size, base_size) if only_square_learned else None
        self._group = QButtonGroup(self)
        self._shown = QLabel()
        title = QLabel(self.tr("Format"))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self._shown)
        row = QHBoxLayout()
        row.setSpacing(2)
        for aspect in aspects_for(base_size):
            button = AspectButton(aspect)
            button.setAccessibleName(self.tr("Format {shape}").format(shape=aspect.name))
            button.setToolTip(self._tip(aspect.size))
            button.setAccessibleDescription(button.toolTip())
            self._group.addButton(button)
            row.addWidget(button)
        self.choose(Size(base_size, base_size))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(row)
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
    def buttons(self) -> tuple[AspectButton, ...]:
        """The shapes, from tall to wide."""
        return tuple(button for button in self._group.buttons() if isinstance(button, AspectButton))

    def choose(self, size: Size) -> None:
        """Choose the shape of that size; a size that is not offered changes nothing."""
        for button in self.buttons:
            if button.aspect.size == size:
                button.setChecked(True)

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

    def _on_toggled(self, button: QWidget, checked: bool) -> None:
        # Of the two buttons that toggle, the one that is chosen speaks.
        if checked:
            self._show_size()
            self.changed.emit()
