"""Pictures from files, as the window shows them, whether Qt knows their kind or not."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from sana_desktop.errors import KnownError
from sana_desktop.gallery.unpacking import unpack


def read_image(path: Path, side: int | None = None) -> tuple[QImage, str]:
    """The upright picture in a file, with no side longer than `side` pixels; a null one and why where there is none.

    For threads: a large picture takes a tenth of a second.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    # By what is in the file: an AVIF file that is called .png is one all the same.
    if not reader.canRead():
        return _read_without_qt(path, side, reader.errorString())
    size = reader.size()
    if side is not None and max(size.width(), size.height()) > side:
        small = size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    image = reader.read()
    return image, "" if not image.isNull() else reader.errorString()


def _read_without_qt(path: Path, side: int | None, problem: str) -> tuple[QImage, str]:
    # Qt has no reader of AVIF.
    try:
        pixels = unpack(path, side)
    except KnownError:
        return QImage(), problem
    image = QImage(pixels.rgba, pixels.width, pixels.height, 4 * pixels.width, QImage.Format.Format_RGBA8888)
    # A copy: Qt does not keep the bytes alive.
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied), ""
