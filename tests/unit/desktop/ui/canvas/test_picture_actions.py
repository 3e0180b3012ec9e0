from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.picture_actions import PictureActions
from sana_desktop.ui.canvas.shown import Shown
from support.recipes import APPLE
from support.ui_pictures import plain


@pytest.fixture
def actions(qtbot: QtBot, tmp_path: Path) -> PictureActions:
    view = QWidget()
    qtbot.addWidget(view)
    path = tmp_path / "fox.png"
    path.write_bytes(b"pixels")
    made = PictureActions(view)
    made.set_picture(Shown(plain(32, 32, "red"), path, APPLE))
    return made


def test_picture_and_prompt_are_copied(actions: PictureActions):
    actions.copy()
    assert QGuiApplication.clipboard().image().size().toTuple() == (32, 32)
    actions.copy_prompt()
    assert QGuiApplication.clipboard().text() == APPLE.prompt


def test_settings_are_offered(actions: PictureActions, qtbot: QtBot):
    with qtbot.waitSignal(actions.useRequested) as offered:
        actions.use()

    assert offered.args == [APPLE]


def test_a_drag_copies(actions: PictureActions, monkeypatch: pytest.MonkeyPatch):
    dragged: list[tuple[QDrag, Qt.DropAction]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, action: dragged.append((drag, action)))

    actions.drag()

    ((drag, action),) = dragged
    assert drag.mimeData().urls()[0].fileName() == "fox.png"
    assert action is Qt.DropAction.CopyAction


class FileManager(QObject):
    """Remembers what it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


def test_the_folder_is_shown(actions: PictureActions, tmp_path: Path):
    manager = FileManager()
    QDesktopServices.setUrlHandler("file", manager, "open")  # pyright: ignore[reportArgumentType]  # the stub wants bytes, PySide text
    try:
        actions.show_folder()
    finally:
        QDesktopServices.unsetUrlHandler("file")

    assert manager.opened == [QUrl.fromLocalFile(str(tmp_path))]


def test_a_copy_is_saved(actions: PictureActions, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "copy.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    with qtbot.waitSignal(actions.saved) as saved:
        actions.save_copy()
    actions.wait()

    assert saved.args == [target]
    assert target.read_bytes() == b"pixels"


def test_the_menu_is_connected(actions: PictureActions, qtbot: QtBot):
    menu = actions.menu(has_other=True)

    assert menu is not None
    with qtbot.waitSignals([actions.useRequested, actions.compareRequested]):
        menu.useRequested.emit()
        menu.compareRequested.emit()


def test_without_a_picture_nothing_happens(actions: PictureActions):
    QGuiApplication.clipboard().setText("mine")
    actions.set_picture(None)

    actions.copy()
    actions.copy_prompt()
    actions.drag()
    actions.show_folder()
    actions.save_copy()
    actions.use()

    assert QGuiApplication.clipboard().text() == "mine"
    assert actions.menu(has_other=True) is None
