from pathlib import Path

import pytest

from support.terminal import Terminal


def test_the_list_shows_every_preference_and_marks_what_was_changed(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.run("settings", "set", "look.theme", "dark")

    result = terminal.run("settings", "list")

    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert rows["look.theme"] == ["*", "dark"]
    assert rows["files.format"] == ["png"]
    assert rows["files.pictures_folder"] == []
    assert str(terminal.paths.config / "settings.toml") in result.stderr


def test_a_value_is_set_read_and_reset(tmp_path: Path):
    terminal = Terminal(tmp_path)

    changed = terminal.run("settings", "set", "drawing.preview_budget", "7.5")
    assert (changed.exit_code, changed.stdout) == (0, "")
    assert "counts with the next picture" in changed.stderr
    assert terminal.run("settings", "get", "drawing.preview_budget").stdout == "7.5\n"
    terminal.run("settings", "reset", "drawing.preview_budget")
    assert terminal.run("settings", "get", "drawing.preview_budget").stdout == "3\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("get", "look.teme"), "Did you mean “look.theme”?"),
        (("set", "look.teme", "dark"), "Did you mean “look.theme”?"),
        (("reset", "x"), "`sana-desktop settings list` shows all."),
        (("set", "look.theme", "blue"), "one of system, dark, light, found 'blue'"),
        (("set", "drawing.preview_budget", "51"), "a number from 0 to 50, found 51"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, arguments: tuple[str, ...], complaint: str):
    terminal = Terminal(tmp_path)
    result = terminal.run("settings", *arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr
    assert not terminal.paths.config.exists()


def test_a_file_that_cannot_be_understood_is_told_of(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.paths.config.mkdir()
    (terminal.paths.config / "settings.toml").write_text("= 3")

    result = terminal.run("settings", "list")

    assert result.exit_code == 0
    assert "warning: The settings are as they ship" in result.stderr


def test_pictures_go_where_the_settings_say_unless_the_command_says_otherwise(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.run("settings", "set", "files.pictures_folder", str(tmp_path / "mine"))
    terminal.run("settings", "set", "files.name_pattern", "[number]_[seed]")
    terminal.run("settings", "set", "files.format", "webp")

    assert terminal.run("generate", "a fox").stdout == f"{tmp_path / 'mine' / '00001_4242.webp'}\n"
    assert terminal.run("generate", "a fox", "--out", str(tmp_path / "x.png")).stdout == f"{tmp_path / 'x.png'}\n"
