import io

import pytest
from PIL import Image

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.jpeg import read_jpeg
from support.foreign_pictures import with_comment


def read(data: bytes):
    return read_jpeg(io.BytesIO(data))


def test_size_comment_and_exif_are_read():
    carried = read(with_comment("a fox 狐"))

    assert (carried.kind, carried.width, carried.height) == ("JPEG", 16, 8)
    assert carried.texts == {"Software": "Somebody", "parameters": "a fox 狐"}


@pytest.mark.parametrize("progressive", [False, True])
def test_xmp_and_comments_are_read(progressive: bool):
    file = io.BytesIO()
    Image.new("RGB", (3, 5)).save(file, "JPEG", xmp=b"<x/>", comment=b"words", progressive=progressive)

    carried = read(file.getvalue())

    assert (carried.width, carried.height) == (3, 5)
    assert carried.xmp == "<x/>"
    assert carried.texts["Comment"] == "words"


def test_bytes_that_fill_are_skipped():
    data = with_comment("a fox")

    assert read(data[:2] + b"\xff\xff\xff" + data[2:]).texts["parameters"] == "a fox"


def test_every_cut_and_every_changed_byte_is_read_or_refused():
    data = with_comment("a fox")
    for place in range(2, len(data)):
        for damaged in (data[:place], data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :]):
            try:
                read(damaged)
            except RecipeError:
                continue


def test_a_file_that_names_no_size_is_refused():
    with pytest.raises(RecipeError, match="size"):
        read(b"\xff\xd8\xff\xd9")
