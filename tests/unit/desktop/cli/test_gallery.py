import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from support.gallery import write_own
from support.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    for number, prompt in enumerate(("a red fox", "an owl", "a blue fox")):
        write_own(made.paths.pictures / f"{number}.png", when=1000 + number, prompt=prompt, seed=number)
    return made


def found(terminal: Terminal, *query: str) -> list[str]:
    result = terminal.run("gallery", "search", *query)
    assert result.exit_code == 0
    return [Path(line).name for line in result.stdout.splitlines()]


def test_drawing_puts_the_picture_into_the_gallery(tmp_path: Path):
    terminal = Terminal(tmp_path)
    drawn = terminal.run("generate", "a purple fox", "--size", "32x32", "--out", str(tmp_path / "elsewhere" / "x.png"))
    assert drawn.exit_code == 0
    result = terminal.run("gallery", "search", "purple", "--json")
    assert [json.loads(line)["path"] for line in result.stdout.splitlines()] == [drawn.stdout.strip()]


def test_a_gallery_that_cannot_be_opened_costs_no_picture_and_one_note(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.paths.data.touch()
    result = terminal.run("generate", "a fox", "--size", "32x32", "--count", "3")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == len(terminal.pictures()) == 3
    assert result.stderr.count("note: The gallery's file") == 1


def test_pictures_are_listed_one_per_line_newest_first(terminal: Terminal):
    assert found(terminal) == ["2.png", "1.png", "0.png"]
    assert found(terminal, "fox", "-is:favourite") == ["2.png", "0.png"]
    assert found(terminal, "--sort", "oldest", "--limit", "2") == ["0.png", "1.png"]
    assert found(terminal, "-owl") == found(terminal, "--", "-owl") == ["2.png", "0.png"]


def test_what_is_not_shown_is_told(terminal: Terminal):
    assert "note: 2 more match" in terminal.run("gallery", "search", "--limit", "1").stderr
    assert "no picture matches" in terminal.run("gallery", "search", "zebra").stderr


def test_a_mistake_in_a_search_is_one_line(terminal: Terminal):
    result = terminal.run("gallery", "search", "after:soon")
    assert result.exit_code == 2
    assert result.stderr == "error: after: expects a date such as 2026-11-24, found “soon”.\n"


def test_a_picture_is_shown_by_path_or_number(terminal: Terminal):
    path = terminal.paths.pictures / "1.png"
    by_path = json.loads(terminal.run("gallery", "show", str(path), "--json").stdout)
    assert (by_path["prompt"], by_path["recipe"]["seed"], by_path["provenance"]["precision"]) == ("an owl", 1, "fp32")
    by_number = terminal.run("gallery", "show", str(by_path["picture"])).stdout
    assert f"path       {path}\n" in by_number
    assert "prompt     an owl\n" in by_number
    assert "negative" not in by_number


@pytest.mark.parametrize("name", ["999", "nowhere.png"])
def test_a_picture_that_is_not_there_is_told(terminal: Terminal, name: str):
    result = terminal.run("gallery", "show", name)
    assert result.exit_code == 2
    assert f"error: {name} is not a" in result.stderr


def test_stars_and_tags_are_given_and_found(terminal: Terminal):
    fox = str(terminal.paths.pictures / "0.png")
    assert (
        json.loads(terminal.run("gallery", "rate", fox, "--stars", "4", "--favourite", "--json").stdout)["rating"] == 4
    )
    terminal.run("gallery", "tag", fox, "1", "--add", "red animals", "--add", "x")
    terminal.run("gallery", "tag", fox, "--remove", "x")
    assert found(terminal, 'rating:>3 is:favourite tag:"red animals" -tag:x') == ["0.png"]
    terminal.run("gallery", "rate", fox, "--no-favourite", "--stars", "0")
    assert found(terminal, "is:favourite") == []


def test_nothing_to_do_is_a_mistake(terminal: Terminal):
    for command in (("search", "--limt", "3"), ("rate", "1"), ("tag", "1"), ("rate", "1", "--stars", "6")):
        assert terminal.run("gallery", *command).exit_code == 2


def test_pictures_go_to_the_trash_and_come_back(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    trash = tmp_path / "share" / "Trash"

    def send(path: str) -> None:
        for folder in ("files", "info"):
            (trash / folder).mkdir(parents=True, exist_ok=True)
        (trash / "info" / "x.png.trashinfo").write_text(f"[Trash Info]\nPath={quote(path)}\n")
        Path(path).rename(trash / "files" / "x.png")

    monkeypatch.setattr("send2trash.send2trash", send)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    fox = str(terminal.paths.pictures / "0.png")
    terminal.run("gallery", "rate", fox, "--stars", "2")

    assert terminal.run("gallery", "trash", fox).stdout == f"{fox}\n"
    assert found(terminal) == ["2.png", "1.png"]
    result = terminal.run("gallery", "trash", fox, "--undo", "--json")
    assert (json.loads(result.stdout)["path"], json.loads(result.stdout)["rating"]) == (fox, 2)
    assert Path(fox).is_file()
    again = terminal.run("gallery", "trash", "1", "--undo")
    assert (again.stdout, again.stderr) == ("", "note: 1 were not in the trash\n")
