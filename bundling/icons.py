"""Draws the icon's picture from its drawing: `python -m bundling.icons`. PyInstaller makes the other formats of it."""

import os
from pathlib import Path

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIDE = 512


def draw_icon(drawing: Path, picture: Path, side: int = SIDE) -> None:
    """Write the SVG `drawing` as a square PNG of `side` pixels with a clear background."""
    from PySide6.QtCore import QSize, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication.instance() or QGuiApplication(["icons"])
    image = QImage(QSize(side, side), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(drawing)).render(painter)
    painter.end()
    image.save(str(picture))
    del app


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    draw_icon(ICONS / "sana-desktop.svg", ICONS / "sana-desktop.png")
