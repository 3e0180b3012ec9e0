import io
from pathlib import Path

import pytest
from PIL import Image

from sana_desktop.gallery.small_picture import small_jpeg, small_jpeg_of
from support.foreign_pictures import bad_inputs, write_enormous_png


def opened(jpeg: bytes | None) -> Image.Image:
    assert jpeg is not None
    return Image.open(io.BytesIO(jpeg))


def test_pixels_in_memory_become_a_small_jpeg():
    small = opened(small_jpeg(bytes([200, 10, 10]) * 512 * 256, 512, 256))
    assert (small.format, small.size) == ("JPEG", (256, 128))
    red, green, _ = small.convert("RGB").getpixel((100, 50))  # pyright: ignore[reportGeneralTypeIssues]
    assert red > 180
    assert green < 40


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "LA", "1", "I;16"])
def test_files_of_every_kind_of_colour_become_one(tmp_path: Path, mode: str):
    Image.new(mode, (300, 600)).save(tmp_path / "x.png")
    assert opened(small_jpeg_of(tmp_path / "x.png", side=64)).size == (32, 64)


def test_grey_of_16_bits_keeps_its_brightness(tmp_path: Path):
    Image.new("I;16", (300, 300), 32768).save(tmp_path / "x.png")
    assert opened(small_jpeg_of(tmp_path / "x.png")).getpixel((5, 5)) == (128, 128, 128)


def test_transparent_places_are_grey(tmp_path: Path):
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(tmp_path / "x.png")
    pixel = opened(small_jpeg_of(tmp_path / "x.png")).getpixel((5, 5))
    assert all(abs(part - 128) < 4 for part in pixel)  # pyright: ignore[reportGeneralTypeIssues, reportOptionalIterable]


def test_what_would_take_too_much_memory_or_is_no_picture_gives_none(tmp_path: Path):
    write_enormous_png(tmp_path / "enormous.png")
    assert small_jpeg_of(tmp_path / "enormous.png") is None
    bad = bad_inputs(tmp_path)
    for name in ("text", "empty", "truncated", "50 MB text", "packed bomb", "folder", "missing"):
        assert small_jpeg_of(bad[name]) is None, name
