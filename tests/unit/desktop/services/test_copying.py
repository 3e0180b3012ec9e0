from pathlib import Path

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.services.copying import copy_picture_file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "fox.png"
    made.write_bytes(b"pixels and settings")
    return made


def test_every_byte_is_copied_over_what_was_there(source: Path):
    target = source.with_name("copy.png")
    target.write_bytes(b"older")

    assert copy_picture_file(source, target) == target
    assert target.read_bytes() == source.read_bytes()


def test_a_picture_is_not_copied_over_itself(source: Path):
    with pytest.raises(OutputError, match="itself"):
        copy_picture_file(source, source.parent / "." / "fox.png")
    assert source.read_bytes() == b"pixels and settings"


def test_a_picture_that_is_gone_leaves_nothing_behind(source: Path):
    with pytest.raises(OutputError, match="cannot be read"):
        copy_picture_file(source.with_name("gone.png"), source.with_name("copy.png"))
    assert list(source.parent.iterdir()) == [source]


def test_a_place_that_cannot_be_written_to_is_named(source: Path):
    with pytest.raises(OutputError, match="fox.png"):
        copy_picture_file(source, source / "copy.png")
