from pathlib import Path

import pytest

from sana_desktop.system.packs import choose_pack
from support.fake_engine import fake_picture
from support.gallery import write_own
from support.recipes import recipe
from support.terminal import Terminal, complete_pack


def test_a_pack_of_the_user_takes_the_place_of_the_one_that_ships(tmp_path: Path):
    terminal = Terminal(tmp_path)
    assert choose_pack("toy", terminal.collaborators.pack_folders()).folder == terminal.shipped / "toy"

    newer = complete_pack(terminal.paths.packs / "toy")

    assert choose_pack("toy", terminal.collaborators.pack_folders()).folder == newer


def test_a_folder_from_the_settings_is_looked_through_between_the_two(tmp_path: Path):
    terminal = Terminal(tmp_path)
    extra = tmp_path / "other disk"
    settings = terminal.collaborators.settings()
    settings.set("files.packs_folder", str(extra))
    settings.save()

    assert terminal.collaborators.pack_folders() == (terminal.paths.packs, extra, terminal.shipped)


def test_settings_are_read_anew_each_time(tmp_path: Path):
    collaborators = Terminal(tmp_path).collaborators
    before = collaborators.settings()
    before.set("look.theme", "dark")
    before.save()

    assert collaborators.settings().choice("look.theme") == "dark"


def test_pictures_go_where_the_settings_say(tmp_path: Path):
    collaborators = Terminal(tmp_path).collaborators
    assert collaborators.pictures_folder() == collaborators.paths.pictures
    settings = collaborators.settings()
    settings.set("files.pictures_folder", str(tmp_path / "elsewhere"))
    settings.save()
    assert collaborators.pictures_folder() == tmp_path / "elsewhere"


def test_trouble_with_the_gallery_is_told_once_at_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    collaborators = Terminal(tmp_path).collaborators
    collaborators.paths.data.touch()
    path = write_own(tmp_path / "x.png")
    with collaborators.open_library() as library:
        for _ in range(2):
            library.record(path, fake_picture(recipe()))
    assert capsys.readouterr().err.count("note: The gallery's file") == 1
