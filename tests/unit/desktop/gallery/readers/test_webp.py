import io

import pytest
from PIL import Image

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.webp import is_webp, read_webp
from support.foreign_pictures import with_comment


def read(data: bytes):
    return read_webp(io.BytesIO(data))


def test_size_and_exif_are_read():
    carried = read(with_comment("a fox 狐", "WEBP"))

    assert (carried.kind, carried.width, carried.height) == ("WebP", 16, 8)
    assert carried.texts == {"Software": "Somebody", "parameters": "a fox 狐"}


@pytest.mark.parametrize("lossless", [False, True])
def test_plain_files_tell_their_size(lossless: bool):
    file = io.BytesIO()
    Image.new("RGB", (33, 17), "red").save(file, "WEBP", lossless=lossless)

    assert (read(file.getvalue()).width, read(file.getvalue()).height) == (33, 17)


def test_xmp_is_read():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "WEBP", xmp=b"<x/>")

    assert read(file.getvalue()).xmp == "<x/>"


def test_every_cut_is_read_or_refused():
    data = with_comment("a fox", "WEBP")
    for length in range(12, len(data)):
        try:
            read(data[:length])
        except RecipeError:
            continue


def test_the_format_is_known_by_its_beginning():
    assert is_webp(with_comment("x", "WEBP")[:16])
    assert not is_webp(b"RIFF\0\0\0\0WAVEfmt ")
