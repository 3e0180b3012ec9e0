from pathlib import Path

import pytest
from PIL import Image

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.gallery.unpacking import unpack
from support.gallery import SMALL, write_own


@pytest.mark.parametrize("kind", PictureKind)
def test_pictures_of_every_kind_are_unpacked(tmp_path: Path, kind: PictureKind):
    pixels = unpack(write_own(tmp_path / f"fox.{kind}", kind=kind))
    assert (pixels.width, pixels.height) == (SMALL.width, SMALL.height)
    assert len(pixels.rgba) == 4 * SMALL.width * SMALL.height
    assert set(pixels.rgba[3::4]) == {255}


def test_large_ones_are_made_small_where_that_is_enough(tmp_path: Path):
    Image.new("RGB", (400, 100), "red").save(tmp_path / "wide.png")
    pixels = unpack(tmp_path / "wide.png", 64)
    assert (pixels.width, pixels.height) == (64, 16)
    assert pixels.rgba[:4] == b"\xff\0\0\xff"


def test_pictures_that_cameras_held_sideways_are_upright(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(tmp_path / "turned.jpg", exif=exif)
    pixels = unpack(tmp_path / "turned.jpg")
    assert (pixels.width, pixels.height) == (20, 40)


def test_what_is_damaged_or_claims_too_much_is_refused(tmp_path: Path):
    whole = write_own(tmp_path / "fox.avif", kind=PictureKind.AVIF).read_bytes()
    (tmp_path / "half.avif").write_bytes(whole[: len(whole) - 100])
    with pytest.raises(RecipeError, match="damaged"):
        unpack(tmp_path / "half.avif")
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    with pytest.raises(RecipeError, match="too large"):
        unpack(tmp_path / "bomb.png")
    with pytest.raises(RecipeError, match="cannot be read"):
        unpack(tmp_path / "nothing.png")
