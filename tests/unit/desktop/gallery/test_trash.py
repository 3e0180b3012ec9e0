from pathlib import Path

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.gallery.trash import move_to_trash


def test_the_system_gets_the_path(tmp_path: Path):
    sent: list[str] = []
    move_to_trash(tmp_path / "a fox.png", sent.append)

    assert sent == [str(tmp_path / "a fox.png")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(30, "Read-only file system"), "Read-only file system"), (OSError("no trash here"), "no trash here")],
)
def test_a_system_that_refuses_is_quoted(error: OSError, reason: str):
    def refuse(path: str) -> None:
        raise error

    with pytest.raises(OutputError, match=f"a.png cannot be moved to the trash: {reason}.") as caught:
        move_to_trash(Path("a.png"), refuse)
    assert caught.value.hint


def test_without_a_system_of_ones_own_it_is_that_of_this_machine(monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []
    monkeypatch.setattr("send2trash.send2trash", sent.append)
    move_to_trash(Path("a.png"))

    assert sent == ["a.png"]
