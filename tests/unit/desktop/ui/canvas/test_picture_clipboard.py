from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.picture_clipboard import DRAGGED_SIDE, copy_picture, picture_drag, picture_mime
from sana_desktop.ui.canvas.shown import Shown
from support.ui_pictures import fruit


def test_a_picture_goes_as_pixels_and_as_a_file(tmp_path: Path):
    shown = Shown(fruit(64), tmp_path / "ein Fuchs.png")

    data = picture_mime(shown)

    assert data.imageData() == shown.image
    assert data.urls() == [QUrl.fromLocalFile(str(shown.path))]


def test_the_clipboard_holds_both(qtbot: QtBot, tmp_path: Path):
    shown = Shown(fruit(64), tmp_path / "fox.png")

    copy_picture(shown)

    clipboard = QGuiApplication.clipboard()
    assert clipboard.image().size() == shown.image.size()
    assert clipboard.mimeData().urls() == [QUrl.fromLocalFile(str(shown.path))]
    clipboard.clear()


def test_a_drag_shows_the_picture_small_under_the_pointer(qtbot: QtBot, tmp_path: Path):
    view = QWidget()
    qtbot.addWidget(view)
    shown = Shown(fruit(512), tmp_path / "fox.png")

    drag = picture_drag(view, shown)

    assert drag.pixmap().deviceIndependentSize().toSize().toTuple() == (DRAGGED_SIDE, DRAGGED_SIDE)
    assert drag.hotSpot().toTuple() == (DRAGGED_SIDE // 2, DRAGGED_SIDE // 2)
    assert drag.mimeData().hasImage()
    assert shown.image.devicePixelRatio() == 1
