"""The last means of telling somebody something."""

import sys
from collections.abc import Sequence

import pytest

from sana_desktop.system.plain_message import show_message

TEXT = 'A file is <missing>: "100 %" {of it}'


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have their own box")
@pytest.mark.parametrize("program", ["zenity", "kdialog", "xmessage"])
def test_the_desktops_own_program_shows_the_text_as_it_is(program: str) -> None:
    started: list[Sequence[str]] = []
    there = {program: f"/usr/bin/{program}"}
    assert show_message("Sana Desktop", TEXT, there.get, started.append)
    (command,) = started
    assert command[0] == f"/usr/bin/{program}"
    assert any(TEXT in word for word in command)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have their own box")
def test_the_first_program_that_is_there_is_enough() -> None:
    started: list[Sequence[str]] = []
    assert show_message("Sana Desktop", TEXT, lambda name: f"/bin/{name}", started.append)
    assert [command[0] for command in started] == ["/bin/zenity"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have their own box")
def test_without_any_it_says_so() -> None:
    def start(command: Sequence[str]) -> None:
        raise OSError("not today")

    assert not show_message("Sana Desktop", TEXT, lambda name: None, start)
    assert not show_message("Sana Desktop", TEXT, lambda name: f"/bin/{name}", start)


def test_on_macos_the_text_stays_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Sequence[str]] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    assert show_message("Sana Desktop", 'a "b" \\', lambda name: None, started.append)
    assert started[0][2] == 'display alert "Sana Desktop" message "a \\"b\\" \\\\" as critical'
