"""Pictures for widgets, and pictures of widgets."""

from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QWidget


def plain(width: int, height: int, colour: str = "orange") -> QImage:
    """A picture of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def fruit(side: int = 256) -> QImage:
    """A round thing on a gradient, to see how widgets treat a picture."""
    image = plain(side, side)
    gradient = QLinearGradient(QPointF(0, 0), QPointF(0, side))
    gradient.setColorAt(0, QColor("#4a7fd1"))
    gradient.setColorAt(1, QColor("#9cc3f0"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(image.rect(), gradient)
    painter.setBrush(QColor("#d23c2e"))
    painter.setPen(QColor("#8e1f16"))
    painter.drawEllipse(QPointF(side / 2, side / 2), side / 3, side / 3)
    painter.end()
    return image


def photograph(widget: QWidget, path: Path) -> None:
    """Write what a widget looks like to a PNG file, for people to look at."""
    assert widget.grab().save(str(path)), path
