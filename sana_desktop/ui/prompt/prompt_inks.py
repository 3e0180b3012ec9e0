"""The few colours of words in a prompt, made for the ground that a palette gives them."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

# A weight this far from 1 has the full colour.
FULL_AT = 0.4


@dataclass(frozen=True, slots=True)
class PromptInks:
    """Each stands out from the ground by 4.5 to 1 or more, and so does every mixture with `text`."""

    text: QColor
    quiet: QColor
    warm: QColor
    cool: QColor
    amber: QColor
    slot: QColor

    def for_weight(self, weight: float) -> QColor:
        """Warmer the more a word counts, cooler the less, and the text's own colour at 1."""
        strength = min(1.0, abs(weight - 1.0) / FULL_AT)
        return mixed(self.text, self.warm if weight > 1.0 else self.cool, strength)


def inks_for(palette: QPalette) -> PromptInks:
    """The colours for letters on the palette's `Base` or `Window`, dark or light."""
    role = QPalette.ColorRole
    dark = palette.color(role.Base).lightnessF() < 0.5
    return PromptInks(
        text=palette.color(role.Text),
        quiet=palette.color(role.PlaceholderText),
        warm=QColor("#ff9d5c" if dark else "#a23c00"),
        cool=QColor("#6db3ff" if dark else "#0d4fa3"),
        amber=QColor("#e3b341" if dark else "#7a4f00"),
        slot=palette.color(role.Link),
    )


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with that share of `other`, 0 to 1."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )
