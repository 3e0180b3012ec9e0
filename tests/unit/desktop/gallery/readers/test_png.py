import io

import pytest

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.exif import exif_block
from sana_desktop.gallery.readers.carried import LARGEST_TEXT
from sana_desktop.gallery.readers.png import read_png
from support.foreign_pictures import chunk, packed_text, png, text


def read(data: bytes):
    return read_png(io.BytesIO(data))


def test_all_three_kinds_of_text_are_read():
    packed = chunk(b"iTXt", b"three\0\1\0de\0drei\0" + packed_text("", "狐".encode())[8:][2:-4])

    carried = read(
        png(chunk(b"tEXt", b"one\0caf\xe9"), packed_text("two", b"zwei"), packed, text("four", "狐"), width=7)
    )

    assert carried.texts == {"one": "café", "two": "zwei", "three": "狐", "four": "狐"}
    assert (carried.kind, carried.width, carried.height) == ("PNG", 7, 4)
    assert carried.notes == ()


def test_texts_behind_the_pixels_are_read_too():
    data = png()[:-12] + text("late", "words") + chunk(b"IEND", b"")

    assert read(data).texts == {"late": "words"}


def test_xmp_and_exif_are_read():
    block = exif_block("Tool", "a fox").removeprefix(b"Exif\0\0")

    carried = read(png(text("XML:com.adobe.xmp", "<x/>"), chunk(b"eXIf", block)))

    assert carried.xmp == "<x/>"
    assert carried.texts == {"Software": "Tool", "parameters": "a fox"}


def test_a_large_text_is_passed_over_and_the_next_one_read():
    carried = read(png(chunk(b"tEXt", b"large\0" + bytes(LARGEST_TEXT)), text("small", "words")))

    assert carried.texts == {"small": "words"}
    assert carried.bulky
    assert "“large”" in carried.notes[0]


def test_packed_texts_are_not_unpacked_beyond_the_limit():
    carried = read(png(packed_text("bomb", bytes(2**25)), packed_text("small", b"words")))

    assert carried.texts == {"small": "words"}
    assert carried.bulky


def test_damaged_texts_are_passed_over():
    wrong_sum = text("two", "a fox").replace(b"fox", b"fix")

    carried = read(png(chunk(b"zTXt", b"one\0\0nothing"), wrong_sum, text("three", "words")))

    assert carried.texts == {"three": "words"}
    assert len(carried.notes) == 2


def test_what_stands_before_a_cut_is_read():
    data = png(text("one", "words"), text("two", "more words"))

    assert read(data[:80]).texts == {"one": "words"}
    assert "cut short" in read(data[:80]).notes[0]
    assert "cut short" in read(data[:-12]).notes[0]


def test_a_file_without_a_header_is_refused():
    with pytest.raises(RecipeError, match="header"):
        read(png()[:20])
    with pytest.raises(RecipeError, match="header"):
        read(png().replace(b"IHDR", b"IHXX"))
