"""Green, amber and red for whether memory is enough, on dark ground and on light."""

from PySide6.QtGui import QColor, QPalette

from sana_desktop.system.pack_needs import FitLevel

# (on dark ground, on light ground); each 3 to 1 or more against it. Words or shapes say the same without a colour.
COLOURS = {
    FitLevel.FITS: ("#6fbf73", "#2e7d32"),
    FitLevel.TIGHT: ("#e0b050", "#8a6100"),
    FitLevel.NO: ("#e08a80", "#a8321f"),
}


def colour_of(level: FitLevel, palette: QPalette) -> QColor:
    """The colour of `level` on the palette's ground."""
    dark, light = COLOURS[level]
    return QColor(dark if palette.color(QPalette.ColorRole.Window).lightness() < 128 else light)
