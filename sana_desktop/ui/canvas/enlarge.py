"""Small previews, made large without squares or diamonds."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

# Beyond this the painter's own smoothing shows no difference.
SMOOTH_SIDE = 256


def smooth_enlarged(image: QImage) -> QImage:
    """Double an image until its longer side has at least 256 pixels; larger ones come back as they are.

    Doubling with a straight line between pixel centres, again and again, is Chaikin's corner cutting: it tends to a
    quadratic spline, where one straight line over the whole distance would show the pixels as diamonds.
    """
    while not image.isNull() and max(image.width(), image.height()) < SMOOTH_SIDE:
        image = image.scaled(
            image.size() * 2, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image
