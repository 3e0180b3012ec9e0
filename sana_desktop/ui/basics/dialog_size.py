"""How large a dialog opens: as it likes, but never larger than the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

# What a title bar and the frame take.
MARGIN = QSize(40, 80)


def open_at(dialog: QWidget, width: int, height: int) -> None:
    """Give `dialog` this size, or what the screen has room for."""
    dialog.resize(QSize(width, height).boundedTo(dialog.screen().availableSize() - MARGIN))
