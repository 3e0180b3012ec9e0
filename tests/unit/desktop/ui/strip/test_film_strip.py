from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError
from sana_desktop.ui.strip.film_model import Frame
from sana_desktop.ui.strip.film_strip import FilmStrip
from support.recipes import recipe
from support.ui_pictures import plain


def throw(path: Path) -> None:
    """A trash that takes files, but no precious ones."""
    if path.name == "0.png":
        raise OutputError("0.png is precious.")
    path.unlink()


@pytest.fixture
def strip(qtbot: QtBot, tmp_path: Path) -> Iterator[FilmStrip]:
    """Three pictures, the last of them drawn from the prompt “fox 2”."""
    made = FilmStrip(move=throw)
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.show()
    for number, colour in enumerate(("red", "lime", "blue")):
        path = tmp_path / f"{number}.png"
        picture = plain(64, 64, colour)
        assert picture.save(str(path))
        made.prepend(picture, path, recipe(prompt=f"fox {number}", seed=number))
    yield made
    made.close_files()


def names(strip: FilmStrip) -> list[str]:
    pictures = strip._pictures
    return [pictures.frame(pictures.index(row, 0)).path.name for row in range(pictures.rowCount())]


def frame(strip: FilmStrip, row: int) -> Frame:
    return strip._pictures.frame(strip._pictures.index(row, 0))


def actions(strip: FilmStrip, row: int = 0) -> dict[str, QAction]:
    return {action.text(): action for action in strip.menu_for(frame(strip, row)).actions()}


def field(strip: FilmStrip) -> QLineEdit:
    found = strip.findChild(QLineEdit)
    assert found is not None
    return found


def test_the_newest_picture_is_marked_and_not_chosen(strip: FilmStrip, tmp_path: Path):
    chosen: list[Path] = []
    strip.pictureChosen.connect(chosen.append)
    strip.prepend(plain(64, 64), tmp_path / "3.png", recipe())

    assert strip._view.currentIndex().row() == 0
    assert names(strip)[0] == "3.png"
    assert chosen == []


def test_words_find_pictures(strip: FilmStrip, qtbot: QtBot):
    strip.show_filter()
    assert field(strip).isVisible()
    qtbot.keyClicks(field(strip), "FOX 1")

    assert names(strip) == ["1.png"]
    assert strip._found.text() == "1 of 3"

    qtbot.keyClicks(field(strip), "23")
    assert names(strip) == []
    assert strip._view._empty_text == "No picture has these words"


def test_escape_shows_everything_again(strip: FilmStrip, qtbot: QtBot):
    strip.show_filter()
    qtbot.keyClicks(field(strip), "nothing")
    qtbot.keyClick(field(strip), Qt.Key.Key_Escape)

    assert not field(strip).isVisible()
    assert len(names(strip)) == 3


def test_a_new_picture_that_the_words_hide_leaves_the_mark_alone(strip: FilmStrip, tmp_path: Path):
    strip.show_filter()
    field(strip).setText("fox 0")
    strip.prepend(plain(8, 8), tmp_path / "3.png", recipe(prompt="a pear"))

    assert names(strip) == ["0.png"]
    assert strip._found.text() == "1 of 4"


def test_pictures_of_earlier_sessions_come_behind(strip: FilmStrip, tmp_path: Path, qtbot: QtBot):
    assert plain(8, 8).save(str(tmp_path / "holiday.png"))
    with qtbot.waitSignal(strip._recent.found):
        strip.read_folder(tmp_path)

    assert names(strip) == ["2.png", "1.png", "0.png", "holiday.png"]


def test_a_picture_whose_file_is_gone_is_taken_out(strip: FilmStrip, tmp_path: Path):
    strip.remove(tmp_path / "1.png")

    assert names(strip) == ["2.png", "0.png"]


def test_a_picture_and_its_prompt_are_copied(strip: FilmStrip, qtbot: QtBot):
    actions(strip, 1)["Copy prompt"].trigger()
    assert QGuiApplication.clipboard().text() == "fox 1"

    with qtbot.waitSignal(strip._copier.loaded):
        actions(strip, 2)["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().pixelColor(5, 5).name() == "#ff0000"


def test_a_file_that_is_gone_leaves_the_clipboard_alone_and_the_menu_says_so(
    strip: FilmStrip, tmp_path: Path, qtbot: QtBot
):
    (tmp_path / "2.png").unlink()
    QGuiApplication.clipboard().setText("precious")

    with qtbot.waitSignal(strip._copier.failed):
        strip._view.copyRequested.emit(tmp_path / "2.png")

    assert QGuiApplication.clipboard().text() == "precious"
    able = [name for name, action in actions(strip).items() if name and action.isEnabled()]
    assert able == ["Copy prompt", "Use its settings"]
    assert "no longer there" in actions(strip)["Copy picture"].toolTip()


def test_what_is_not_known_of_a_picture_cannot_be_used(strip: FilmStrip, tmp_path: Path):
    strip.prepend(plain(8, 8), tmp_path / "2.png", recipe(prompt=""))
    assert not actions(strip)["Copy prompt"].isEnabled()
    assert actions(strip)["Use its settings"].isEnabled()

    strip.prepend(plain(8, 8), tmp_path / "1.png", None)
    assert not actions(strip)["Use its settings"].isEnabled()
    assert actions(strip)["Copy picture"].isEnabled()


def test_settings_and_comparing_are_asked_for(strip: FilmStrip, tmp_path: Path):
    asked: list[object] = []
    strip.recipeRequested.connect(asked.append)
    strip.compareRequested.connect(asked.append)
    for name in ("Use its settings", "Compare with the one shown"):
        actions(strip, 1)[name].trigger()

    used, path = asked
    assert isinstance(used, Recipe)
    assert used.prompt == "fox 1"
    assert path == tmp_path / "1.png"


def test_a_picture_is_thrown_away_by_menu_and_keyboard(strip: FilmStrip, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(strip.trashed) as trashed:
        actions(strip, 1)["Move to trash"].trigger()
    assert trashed.args == [tmp_path / "1.png"]
    assert names(strip) == ["2.png", "0.png"]

    with qtbot.waitSignal(strip.trashed):
        qtbot.keyClick(strip._view, Qt.Key.Key_Delete)
    assert names(strip) == ["0.png"]


def test_a_picture_that_cannot_be_thrown_away_stays(strip: FilmStrip, qtbot: QtBot):
    with qtbot.waitSignal(strip.trashFailed) as failed:
        actions(strip, 2)["Move to trash"].trigger()

    assert failed.args is not None
    assert str(failed.args[0]) == "0.png is precious."
    assert "0.png" in names(strip)


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
        actions(strip)["Show in folder"].trigger()
    finally:
        QDesktopServices.unsetUrlHandler("file")

    assert manager.opened == [QUrl.fromLocalFile(str(tmp_path))]


# The offscreen platform has no windows to raise.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_opens_where_it_was_asked_for(strip: FilmStrip):
    strip._view.menuRequested.emit(strip._pictures.index(1, 0), QPoint(10, 10))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
