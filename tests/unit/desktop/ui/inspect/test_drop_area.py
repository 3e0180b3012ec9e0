from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.ui.inspect import drop_area
from sana_desktop.ui.inspect.drop_area import DropArea, Dropped, may_be_picture
from support.foreign_pictures import png_with
from support.ui_pictures import plain

LEFT, NO_KEY, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window whose field would take the name of a file for text."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    QPlainTextEdit(made).setGeometry(0, 0, 400, 300)
    return made


@pytest.fixture
def area(window: QWidget) -> DropArea:
    made = DropArea(window)
    window.show()
    return made


def files(*names: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"/tmp/{name}") for name in names])
    return data


def bytes_of(kind: str, content: bytes) -> QMimeData:
    data = QMimeData()
    data.setData(kind, content)
    return data


def words() -> QMimeData:
    data = QMimeData()
    data.setText("a red fox")
    return data


def enter(window: QWidget, data: QMimeData) -> QDragEnterEvent:
    """What the platform tells the window first; a file manager offers to move, too."""
    event = QDragEnterEvent(QPointF(50, 50), COPY | Qt.DropAction.MoveAction, data, LEFT, NO_KEY)
    QApplication.sendEvent(window.windowHandle(), event)
    return event


def drop(area: DropArea, data: QMimeData) -> list[object]:
    """Drag into the window and drop; returns what came of it."""
    told: list[object] = []
    area.dropped.connect(told.append)
    area.refused.connect(told.append)
    handle = area.window().windowHandle()
    enter(area.window(), data)
    for kind in (QDragMoveEvent, QDropEvent):
        event = kind(QPointF(60, 60), COPY | Qt.DropAction.MoveAction, data, LEFT, NO_KEY)
        QApplication.sendEvent(handle, event)
        assert event.isAccepted()
        # A file manager that is told of a move deletes the file.
        assert event.dropAction() is COPY
    return told


def test_it_covers_the_window_while_a_picture_is_dragged(window: QWidget, area: DropArea):
    assert not area.isVisible()
    # What comes into the window later lies above what was there.
    later = QPlainTextEdit(window)
    later.setGeometry(window.rect())
    later.show()

    enter(window, files("fox.png"))

    assert area.isVisible()
    assert area.geometry() == window.rect()
    assert window.childAt(50, 50) is area


def test_it_goes_when_the_drag_leaves_the_window(window: QWidget, area: DropArea):
    enter(window, files("fox.png"))

    QApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())

    assert not area.isVisible()


def test_it_grows_with_the_window(window: QWidget, area: DropArea):
    enter(window, files("fox.png"))

    window.resize(500, 350)

    assert area.geometry() == window.rect()


def test_words_go_on_to_the_fields(window: QWidget, area: DropArea):
    enter(window, words())

    assert not area.isVisible()
    assert not may_be_picture(words())


def test_it_accepts_a_copy(window: QWidget, area: DropArea):
    event = enter(window, files("fox.png"))

    assert event.isAccepted()
    assert event.dropAction() is COPY


def test_a_dropped_file_is_told(area: DropArea):
    assert drop(area, files("fox.png")) == [Dropped(Path("/tmp/fox.png"), "fox.png", 0)]
    assert not area.isVisible()


def test_of_a_hundred_files_the_first_is_told_with_their_number(area: DropArea):
    data = files(*(f"{number}.png" for number in range(100)))

    assert drop(area, data) == [Dropped(Path("/tmp/0.png"), "0.png", 99)]


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_the_bytes_of_a_browser_are_told(area: DropArea, kind: str):
    content = png_with(parameters="a fox")

    assert drop(area, bytes_of(kind, content)) == [Dropped(content, "The dropped picture", 0)]


def test_pictures_on_the_web_are_not_fetched(area: DropArea):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/fox.png")])

    (error,) = drop(area, data)

    assert isinstance(error, KnownError)
    assert "web" in str(error)
    assert error.hint


def test_pixels_alone_carry_no_settings(area: DropArea):
    data = QMimeData()
    data.setImageData(plain(8, 8))

    (error,) = drop(area, data)

    assert isinstance(error, KnownError)
    assert "no settings" in str(error)


def test_too_many_bytes_are_refused(area: DropArea, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drop_area, "LARGEST_BYTES", 10)

    (error,) = drop(area, bytes_of("image/png", bytes(11)))

    assert isinstance(error, KnownError)


def test_the_words_are_painted(window: QWidget, area: DropArea):
    enter(window, files("fox.png"))

    screen = area.grab().toImage()

    assert len({screen.pixel(x, 150) for x in range(screen.width())}) > 2
    assert area.accessibleName()
