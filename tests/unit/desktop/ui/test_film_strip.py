from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from sana_desktop.ui.film_strip import FilmStrip
from support.recipes import recipe
from support.ui_pictures import plain


@pytest.fixture
def strip(qtbot: QtBot, tmp_path: Path) -> FilmStrip:
    """Three pictures, the last of them drawn from the prompt “fox 2”."""
    made = FilmStrip()
    qtbot.addWidget(made)
    made.resize(600, made.height())
    made.show()
    for number, colour in enumerate(("red", "lime", "blue")):
        path = tmp_path / f"{number}.png"
        picture = plain(64, 64, colour)
        assert picture.save(str(path))
        made.prepend(picture, path, recipe(prompt=f"fox {number}", seed=number))
    return made


@pytest.fixture
def chosen(strip: FilmStrip) -> list[str]:
    """Names of the pictures that were chosen, in order."""
    names: list[str] = []
    strip.pictureChosen.connect(lambda path: names.append(path.name))
    return names


def click(strip: FilmStrip, row: int, qtbot: QtBot) -> None:
    place = strip.visualRect(strip.model().index(row, 0)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)


def act(strip: FilmStrip, name: str, row: int = 0) -> None:
    """Choose from the menu of a picture."""
    index = strip.model().index(row, 0)
    strip.setCurrentIndex(index)
    action = next(action for action in strip.menu_for(index).actions() if action.text() == name)
    action.trigger()


def test_the_newest_picture_is_marked_and_not_chosen(strip: FilmStrip, chosen: list[str], tmp_path: Path):
    strip.prepend(plain(64, 64), tmp_path / "3.png", recipe())

    assert strip.currentIndex().row() == 0
    assert chosen == []


def test_a_click_chooses_once(strip: FilmStrip, chosen: list[str], qtbot: QtBot):
    click(strip, 2, qtbot)

    assert chosen == ["0.png"]


def test_a_click_on_the_marked_picture_chooses_it_again(strip: FilmStrip, chosen: list[str], qtbot: QtBot):
    click(strip, 0, qtbot)

    assert chosen == ["2.png"]


def test_the_keyboard_chooses(strip: FilmStrip, chosen: list[str], qtbot: QtBot):
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Return)

    assert chosen == ["1.png", "1.png"]


def test_a_picture_and_its_prompt_are_copied(strip: FilmStrip):
    act(strip, "Copy prompt", row=1)
    assert QGuiApplication.clipboard().text() == "fox 1"

    act(strip, "Copy picture", row=2)
    assert QGuiApplication.clipboard().image().pixelColor(5, 5).name() == "#ff0000"


def test_ctrl_c_copies_the_marked_picture(strip: FilmStrip, qtbot: QtBot):
    QGuiApplication.clipboard().clear()

    qtbot.keyClick(strip, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().image().pixelColor(5, 5).name() == "#0000ff"


def test_a_file_that_is_gone_leaves_the_clipboard_alone_and_the_menu_says_so(
    strip: FilmStrip, tmp_path: Path, qtbot: QtBot
):
    (tmp_path / "2.png").unlink()
    QGuiApplication.clipboard().setText("precious")

    qtbot.keyClick(strip, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "precious"
    actions = {action.text(): action for action in strip.menu_for(strip.currentIndex()).actions()}
    assert [name for name, action in actions.items() if action.isEnabled()] == ["Copy prompt"]
    assert "no longer there" in actions["Copy picture"].toolTip()


def test_there_is_no_prompt_to_copy_from_a_picture_without_one(strip: FilmStrip, tmp_path: Path):
    strip.prepend(plain(8, 8), tmp_path / "2.png", recipe(prompt=""))

    actions = {action.text(): action for action in strip.menu_for(strip.currentIndex()).actions()}

    assert not actions["Copy prompt"].isEnabled()
    assert actions["Copy picture"].isEnabled()


class FileManager(QObject):
    """Remembers what it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


def test_the_folder_of_a_picture_is_shown(strip: FilmStrip, tmp_path: Path):
    manager = FileManager()
    QDesktopServices.setUrlHandler("file", manager, "open")  # pyright: ignore[reportArgumentType]  # the stub wants bytes, PySide text
    try:
        act(strip, "Show in folder")
    finally:
        QDesktopServices.unsetUrlHandler("file")

    assert manager.opened == [QUrl.fromLocalFile(str(tmp_path))]


# The offscreen platform has no windows to raise.
@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize(
    ("reason", "row"), [(QContextMenuEvent.Reason.Mouse, 2), (QContextMenuEvent.Reason.Keyboard, 0)]
)
def test_the_menu_opens_for_the_pointer_and_for_the_keyboard(
    strip: FilmStrip, reason: QContextMenuEvent.Reason, row: int
):
    place = strip.visualRect(strip.model().index(2, 0)).center()

    strip.contextMenuEvent(QContextMenuEvent(reason, place, strip.viewport().mapToGlobal(place)))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    assert strip.currentIndex().row() == row


def test_there_is_no_menu_beside_the_pictures(strip: FilmStrip):
    beside = QPoint(590, 20)

    strip.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, beside, beside))

    assert QApplication.activePopupWidget() is None


def test_tab_leaves_the_strip(strip: FilmStrip):
    assert not strip.tabKeyNavigation()
