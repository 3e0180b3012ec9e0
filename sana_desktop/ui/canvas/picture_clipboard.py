"""Pictures on their way to other programs: copied or dragged."""

from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.basics.small_copy import small_copy
from sana_desktop.ui.canvas.shown import Shown

DRAGGED_SIDE = 128


def picture_mime(shown: Shown) -> QMimeData:
    """The picture as pixels and as a file: programs take what they can use."""
    data = QMimeData()
    data.setImageData(shown.image)
    data.setUrls([QUrl.fromLocalFile(str(shown.path))])
    return data


def copy_picture(shown: Shown) -> None:
    """Put the picture on the clipboard."""
    QGuiApplication.clipboard().setMimeData(picture_mime(shown))


def picture_drag(source: QWidget, shown: Shown) -> QDrag:
    """A drag of the picture, with the picture small under the pointer, to be executed by the caller."""
    drag = QDrag(source)
    drag.setMimeData(picture_mime(shown))
    ratio = source.devicePixelRatioF()
    side = round(DRAGGED_SIDE * ratio)
    # A copy: the picture itself, if it is so small, is not to know of the screen.
    small = small_copy(shown.image, side).copy()
    small.setDevicePixelRatio(ratio)
    drag.setPixmap(QPixmap.fromImage(small))
    size = small.deviceIndependentSize()
    drag.setHotSpot(QPoint(round(size.width() / 2), round(size.height() / 2)))
    return drag
