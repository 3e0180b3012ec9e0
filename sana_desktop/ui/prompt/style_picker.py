"""The styles that are put around the prompt: a list to choose from, and the chosen ones as chips."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from sana_desktop.domain.styles import Style
from sana_desktop.ui.basics.flow_layout import FlowLayout
from sana_desktop.ui.basics.search_popup import SEARCHED, SearchPopup
from sana_desktop.ui.prompt.style_chip import StyleChip


class StylePicker(QWidget):
    """Offers `styles`; several may be chosen and apply in the order of choosing.

    Signals:
        changed: others are chosen.
        saveRequested: keep what is written as a style.
        manageRequested: rename, delete or import styles.
    """

    changed = Signal()
    saveRequested = Signal()
    manageRequested = Signal()

    def __init__(self, styles: Sequence[Style], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._styles: tuple[Style, ...] = ()
        self._names: tuple[str, ...] = ()
        self._chips: list[StyleChip] = []
        self._open = QPushButton(self.tr("Styles…"))
        self._open.setAccessibleName(self.tr("Styles"))
        self._open.setToolTip(self.tr("Looks that are put around the prompt, such as watercolour or pixel art"))
        self._model = QStandardItemModel(self)
        nothing = self.tr("There are no styles yet. Save one, or import a list.")
        self._popup = SearchPopup(self._model, self.tr("Styles"), nothing, self)
        self._popup.foot.addLayout(self._buttons())
        self._flow = FlowLayout(self)
        self._flow.addWidget(self._open)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._open.clicked.connect(self._on_open)
        self._popup.chosen.connect(self._on_chosen)
        self.set_styles(styles)

    @property
    def chosen(self) -> tuple[Style, ...]:
        """What applies, in order."""
        there = {style.name: style for style in self._styles}
        return tuple(there[name] for name in self._names)

    def set_styles(self, styles: Sequence[Style]) -> None:
        """Offer others; those of the chosen ones that are gone are chosen no longer."""
        self._styles = tuple(styles)
        self._model.clear()
        for style in self._styles:
            item = QStandardItem(style.name)
            item.setEditable(False)
            item.setToolTip(self._adds(style))
            item.setData(f"{style.name}\n{style.prompt}\n{style.negative}", SEARCHED)
            self._model.appendRow(item)
        self._set(self._names)

    def choose(self, names: Sequence[str]) -> None:
        """Let these apply, as far as they exist."""
        self._set(names)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, asked in (
            (self.tr("Save prompt as style…"), self._on_save),
            (self.tr("Manage…"), self._on_manage),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.setAutoDefault(False)
            button.clicked.connect(asked)
            row.addWidget(button)
        return row

    def _set(self, names: Sequence[str]) -> None:
        known = {style.name for style in self._styles}
        before, self._names = self._names, tuple(dict.fromkeys(name for name in names if name in known))
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            # No flag for it: the list would toggle it a second time on a click.
            item.setData(_state(item.text() in self._names), Qt.ItemDataRole.CheckStateRole)
        self._show_chips()
        if self._names != before:
            self.changed.emit()

    def _show_chips(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            # Not destroyed at once: one of them may be telling that it was clicked.
            chip.hide()
            chip.deleteLater()
        self._chips = []
        remove = self.tr("Click to remove")
        for style in self.chosen:
            chip = StyleChip(style.name, self)
            chip.setToolTip(f"{self._adds(style)}\n\n{remove}")
            chip.clicked.connect(self._on_removed)
            self._flow.addWidget(chip)
            # A layout shows new widgets later, which is too late for the focus and for its own height.
            chip.show()
            self._chips.append(chip)
        self.updateGeometry()

    def _adds(self, style: Style) -> str:
        lines = [style.prompt] if style.prompt.strip() else []
        if style.negative.strip():
            lines.append(self.tr("Avoids: {words}").format(words=style.negative))
        return "\n".join(lines)

    @Slot()
    def _on_open(self) -> None:
        self._popup.open_below(self._open, self.width())

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        if name in self._names:
            self._set([other for other in self._names if other != name])
        else:
            self._set([*self._names, name])

    @Slot()
    def _on_removed(self) -> None:
        chip = self.sender()
        at = next((number for number, other in enumerate(self._chips) if other is chip), None)
        if at is None:
            return
        had_focus = self._chips[at].hasFocus()
        self._set([*self._names[:at], *self._names[at + 1 :]])
        if had_focus:
            # The keyboard goes on beside the gap.
            (self._chips[min(at, len(self._chips) - 1)] if self._chips else self._open).setFocus()

    @Slot()
    def _on_save(self) -> None:
        self._popup.hide()
        self.saveRequested.emit()

    @Slot()
    def _on_manage(self) -> None:
        self._popup.hide()
        self.manageRequested.emit()


def _state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
