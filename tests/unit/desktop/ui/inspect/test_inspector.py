from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.domain.adoption import Part
from sana_desktop.errors import KnownError
from sana_desktop.ui.inspect.drop_area import Dropped
from sana_desktop.ui.inspect.inspector import Inspector
from support.foreign_pictures import bad_inputs, png_with

INFOTEXT = "a fox\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7"

# The offscreen platform has no windows to raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def inspector(qtbot: QtBot) -> Iterator[Inspector]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = Inspector(window)
    yield made
    made.close()


def panel_shown(inspector: Inspector) -> bool:
    return inspector.panel is not None and inspector.panel.isVisible()


def test_a_dropped_picture_opens_the_panel(inspector: Inspector, qtbot: QtBot):
    inspector.area.dropped.emit(Dropped(png_with(parameters=INFOTEXT), "The dropped picture", 0))
    qtbot.waitUntil(lambda: panel_shown(inspector))

    assert inspector.panel is not None
    assert [row.value for row in inspector.panel.rows][:2] == ["a fox", "7"]
    assert not inspector.panel._thumbnail.pixmap().isNull()
    with qtbot.waitSignal(inspector.useRequested) as asked:
        inspector.panel.button(Part.SEED).click()
    assert asked.args is not None
    assert asked.args[1] is Part.SEED


def test_a_file_can_be_read_without_dropping_it(inspector: Inspector, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "fox.png"
    path.write_bytes(png_with(parameters=INFOTEXT))

    inspector.inspect(path)

    qtbot.waitUntil(lambda: panel_shown(inspector))


def test_what_cannot_be_read_is_told_and_opens_nothing(inspector: Inspector, qtbot: QtBot, tmp_path: Path):
    for path in bad_inputs(tmp_path).values():
        with qtbot.waitSignal(inspector.failed) as failed:
            inspector.inspect(path)
        assert failed.args is not None
        assert isinstance(failed.args[0], KnownError)

    assert inspector.panel is None


def test_of_many_files_one_is_read_and_the_user_knows(inspector: Inspector, qtbot: QtBot):
    with qtbot.waitSignal(inspector.noticed) as noticed:
        inspector.area.dropped.emit(Dropped(png_with(parameters=INFOTEXT), "0.png", 99))

    assert noticed.args is not None
    assert noticed.args[0].startswith("100 files")
    assert "0.png" in noticed.args[0]
    qtbot.waitUntil(lambda: panel_shown(inspector))


def test_what_the_area_refuses_is_passed_on(inspector: Inspector, qtbot: QtBot):
    error = KnownError("no")

    with qtbot.waitSignal(inspector.failed) as failed:
        inspector.area.refused.emit(error)

    assert failed.args == [error]
