"""Small copies of pictures, cheap enough for the window's own thread."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

# How many times larger than the copy a picture may be before most of its pixels are passed over.
COARSE = 8
FINE = 4


def small_copy(image: QImage, side: int) -> QImage:
    """The picture with `side` as its longest side; the picture itself if it is no larger.

    Smooth, but not the mean of all pixels: 4 ms for 4096 x 4096 of them instead of 76.
    """
    if max(image.width(), image.height()) > COARSE * side:
        image = _scaled(image, FINE * side, Qt.TransformationMode.FastTransformation)
    if max(image.width(), image.height()) > side:
        image = _scaled(image, side, Qt.TransformationMode.SmoothTransformation)
    return image


def _scaled(image: QImage, side: int, mode: Qt.TransformationMode) -> QImage:
    # At least one pixel: a picture may be 256 times as wide as it is high.
    size = image.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
