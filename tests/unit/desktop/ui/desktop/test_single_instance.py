import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import MachineError
from sana_desktop.ui.desktop import single_instance
from sana_desktop.ui.desktop.single_instance import SingleInstance, bring_forward, parse_arguments, socket_name


@pytest.fixture
def owner(qtbot: QtBot, tmp_path: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(tmp_path / "data")
    assert instance.acquire(["first"])
    yield instance
    instance.release()


START = (
    "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
    "from sana_desktop.ui.desktop.single_instance import SingleInstance;"
    "app = QCoreApplication([]); one = SingleInstance(Path(sys.argv[1]));"
    "os._exit(OWNER if one.acquire(sys.argv[2:]) else GUEST)"
)
OWNER, GUEST = 7, 8


def start_again(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Another process that starts with these arguments, ends without cleaning up, and says what it was."""
    code = START.replace("OWNER", str(OWNER)).replace("GUEST", str(GUEST))
    return subprocess.Popen([sys.executable, "-c", code, str(folder), *arguments])


def test_a_second_start_hands_over_what_it_was_to_open_and_leaves(
    qtbot: QtBot, owner: SingleInstance, tmp_path: Path
) -> None:
    with qtbot.waitSignal(owner.activated, timeout=30_000) as heard:
        second = start_again(tmp_path / "data", "--pack", "größe", "/a b.png")
    assert heard.args == [["--pack", "größe", "/a b.png"]]
    assert second.wait(30) == GUEST


def test_another_folder_of_data_is_another_program(owner: SingleInstance, tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "elsewhere")
    try:
        assert other.acquire([])
    finally:
        other.release()


def test_after_the_owner_has_gone_the_next_start_owns(owner: SingleInstance, tmp_path: Path) -> None:
    owner.release()
    successor = SingleInstance(tmp_path / "data")
    try:
        assert successor.acquire([])
    finally:
        successor.release()


def test_what_a_crash_left_behind_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    assert start_again(tmp_path).wait(30) == OWNER
    assert (tmp_path / single_instance.LOCK_NAME).exists()
    successor = SingleInstance(tmp_path)
    try:
        assert successor.acquire([])
        with qtbot.waitSignal(successor.activated, timeout=30_000):
            second = start_again(tmp_path)
        assert second.wait(30) == GUEST
    finally:
        successor.release()


def test_an_owner_that_does_not_listen_is_reported(
    owner: SingleInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "MS_TO_CONNECT", 20)
    monkeypatch.setattr(single_instance, "MS_BETWEEN_TRIES", 10)
    owner._server.close()  # pyright: ignore[reportOptionalMemberAccess]
    with pytest.raises(MachineError, match="already running and does not answer"):
        SingleInstance(tmp_path / "data").acquire([])


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert SingleInstance(tmp_path / "file").acquire([])


def test_nonsense_on_the_socket_is_dropped(qtbot: QtBot, owner: SingleInstance, tmp_path: Path) -> None:
    stranger = QLocalSocket()
    stranger.connectToServer(socket_name(tmp_path / "data"))
    assert stranger.waitForConnected(1000)
    with qtbot.assertNotEmitted(owner.activated), qtbot.waitSignal(stranger.disconnected):
        stranger.write(b"hello\n")
        stranger.flush()


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b"\xff", b"[" * 5000, b'["a"' + b',"a"' * 300 + b"]"])
def test_only_a_short_list_of_texts_is_a_message(line: bytes) -> None:
    assert parse_arguments(line) is None


def test_a_message_is_a_list_of_texts() -> None:
    assert parse_arguments(b'["--pack", "starter"]') == ["--pack", "starter"]


def test_the_name_is_short_and_another_for_every_folder(tmp_path: Path) -> None:
    one, other = socket_name(tmp_path / ("a" * 200), ""), socket_name(tmp_path / "b", "")
    assert one != other
    assert len(one) < 40
    assert socket_name(tmp_path, str(tmp_path)).startswith(str(tmp_path)) or len(str(tmp_path)) > 60
    assert "/" not in socket_name(tmp_path, str(tmp_path / "missing"))


# Qt's platform without a screen says so, and does the rest.
@pytest.mark.qt_log_ignore("does not support raise")
def test_a_minimised_window_comes_forward(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_forward(window)
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
