"""What a picture was drawn with that has no control of its own."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from sana_desktop.domain.choices import Conditioning
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.recipe import LARGEST_FLOW_SHIFT, Recipe
from sana_desktop.errors import RecipeError
from sana_desktop.ui.basics.draft_values import Draft, number_in, text_in


@dataclass(frozen=True, slots=True)
class Kept:
    """The settings of a recipe that only the terminal and prompt lists can name; as usual by default."""

    flow_shift: float | None = None
    conditioning: Conditioning = Conditioning.DIFFUSERS
    guidance_interval: GuidanceInterval | None = None


USUAL = Kept()


class KeptSettings(QWidget):
    """One line that says what is kept, with a button that drops it; hidden while everything is as usual.

    Signals:
        changed(): something else is kept.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = USUAL
        self._line = QLabel()
        self._line.setWordWrap(True)
        self._drop = QPushButton(self.tr("Drop"))
        self._drop.setToolTip(self.tr("Draw with the pack's own values again"))
        self._drop.clicked.connect(self.drop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._drop)
        self._show()

    @property
    def text(self) -> str:
        """What the line says."""
        return self._line.text()

    def use(self, recipe: Recipe) -> None:
        """Keep what `recipe` says."""
        self._keep(Kept(recipe.flow_shift, recipe.conditioning, recipe.guidance_interval))

    @Slot()
    def drop(self) -> None:
        """Keep nothing."""
        self._keep(USUAL)

    def applied(self, recipe: Recipe) -> Recipe:
        """`recipe` with what is kept."""
        kept = self._kept
        return replace(
            recipe,
            flow_shift=kept.flow_shift,
            conditioning=kept.conditioning,
            guidance_interval=kept.guidance_interval,
        )

    def draft(self) -> dict[str, object]:
        """What is kept, for `set_draft`; empty if all is as usual."""
        kept = self._kept
        if kept == USUAL:
            return {}
        return {
            "flow_shift": kept.flow_shift,
            "conditioning": kept.conditioning.value,
            "guidance_interval": None if kept.guidance_interval is None else str(kept.guidance_interval),
        }

    def set_draft(self, draft: Draft) -> None:
        """Keep what is there and can be read; a draft that names none of these settings changes nothing."""
        if not any(name in draft for name in ("flow_shift", "conditioning", "guidance_interval")):
            return
        conditioning = text_in(draft, "conditioning")
        known = [one for one in Conditioning if one.value == conditioning]
        interval = text_in(draft, "guidance_interval")
        try:
            guided = None if interval is None else GuidanceInterval.parse(interval)
        except RecipeError:
            guided = None
        shift = number_in(draft, "flow_shift", 0.01, LARGEST_FLOW_SHIFT)
        self._keep(Kept(shift, known[0] if known else USUAL.conditioning, guided))

    def _keep(self, kept: Kept) -> None:
        changes, self._kept = kept != self._kept, kept
        self._show()
        if changes:
            self.changed.emit()

    def _show(self) -> None:
        kept, parts = self._kept, list[str]()
        if kept.flow_shift is not None:
            parts.append(self.tr("flow shift {value}").format(value=f"{kept.flow_shift:g}"))
        if kept.guidance_interval is not None:
            parts.append(self.tr("guidance interval {value}").format(value=kept.guidance_interval))
        if kept.conditioning is not USUAL.conditioning:
            parts.append(self.tr("conditioning {value}").format(value=kept.conditioning.value))
        self._line.setText(self.tr("From the picture: {what}").format(what=", ".join(parts)))
        self.setVisible(bool(parts))
