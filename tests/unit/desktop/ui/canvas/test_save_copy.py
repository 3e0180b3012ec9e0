from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import OutputError
from sana_desktop.ui.canvas.save_copy import SaveCopy


@pytest.fixture
def save_copy(qtbot: QtBot) -> SaveCopy:
    window = QWidget()
    qtbot.addWidget(window)
    return SaveCopy(window)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "fox.png"
    made.write_bytes(b"pixels")
    return made


@pytest.mark.parametrize("name", ["copy.png", "copy"])
def test_the_user_says_where(
    save_copy: SaveCopy, source: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(source.with_name(name)), ""))

    with qtbot.waitSignal(save_copy.saved) as saved:
        save_copy.ask(source)
    save_copy.wait()

    assert saved.args == [source.with_name("copy.png")]
    assert source.with_name("copy.png").read_bytes() == b"pixels"


def test_a_user_who_changes_their_mind_gets_no_copy(save_copy: SaveCopy, source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))

    save_copy.ask(source)
    save_copy.wait()

    assert list(source.parent.iterdir()) == [source]


def test_what_goes_wrong_is_told(save_copy: SaveCopy, source: Path, qtbot: QtBot):
    with qtbot.waitSignal(save_copy.failed) as failed:
        save_copy.copy(source.with_name("gone.png"), source.with_name("copy.png"))
    save_copy.wait()

    assert failed.args is not None
    assert isinstance(failed.args[0], OutputError)
