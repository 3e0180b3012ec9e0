"""Long text in little room."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption

# More letters than any such place can show.
MOST_LETTERS = 400


def elided_lines(text: str, font: QFont, width: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `width` pixels; what is left out becomes “…”."""
    rest = " ".join(text[:MOST_LETTERS].split())
    lines: list[str] = []
    while rest and len(lines) < most - 1:
        lines.append(_line(rest, font, width))
        rest = rest[len(lines[-1]) :].lstrip()
    if rest:
        lines.append(QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return lines


def draw_lines(painter: QPainter, left: int, top: int, lines: list[str], font: QFont) -> int:
    """Write lines with the painter's pen, below each other; returns where the next one would begin."""
    metrics = QFontMetrics(font)
    painter.setFont(font)
    for line in lines:
        painter.drawText(QPointF(left, top + metrics.ascent()), line)
        top += metrics.lineSpacing()
    return top


def _line(text: str, font: QFont, width: int) -> str:
    """As much of the beginning of `text` as fits into a line, broken between words where it can be."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(width)
    layout.endLayout()
    # At least one letter, also where none fits.
    return text[: max(1, line.textLength())]
