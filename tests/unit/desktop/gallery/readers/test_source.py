import os
from pathlib import Path

import pytest

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers import source
from sana_desktop.gallery.readers.source import read_carried
from support.foreign_pictures import bad_inputs, png_with, with_comment, write_enormous_png


def test_every_format_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path):
    for kind, data in (("PNG", png_with(a="b")), ("JPEG", with_comment("x")), ("WebP", with_comment("x", "WEBP"))):
        path = tmp_path / "picture.txt"
        path.write_bytes(data)

        assert read_carried(path).kind == kind
        assert read_carried(data).kind == kind


def test_an_enormous_picture_is_not_unpacked(tmp_path: Path):
    path = tmp_path / "enormous.png"
    write_enormous_png(path)

    carried = read_carried(path)

    assert path.stat().st_size < 2**20
    assert (carried.width, carried.height) == (20_000, 20_000)
    assert carried.texts["parameters"].startswith("enormous")


@pytest.mark.parametrize("name", ["text", "empty", "gif", "folder", "missing"])
def test_what_is_no_picture_is_refused_with_its_name(tmp_path: Path, name: str):
    path = bad_inputs(tmp_path)[name]

    with pytest.raises(RecipeError, match=path.name) as caught:
        read_carried(path)
    assert caught.value.hint


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    path = tmp_path / "pipe.png"
    os.mkfifo(path)

    with pytest.raises(RecipeError, match="no file"):
        read_carried(path)


def test_a_file_beyond_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "LARGEST_FILE", 10)
    path = tmp_path / "large.png"
    path.write_bytes(png_with(a="b"))

    with pytest.raises(RecipeError, match="no picture is"):
        read_carried(path)


def test_the_name_is_in_the_message_about_a_damaged_file():
    with pytest.raises(RecipeError, match=r"from the browser cannot be read: .*header"):
        read_carried(b"\x89PNG\r\n\x1a\n", "from the browser")
