import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sana_desktop.errors import OutputError
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.gallery.readers.source import read_carried
from sana_desktop.gallery.stripping import without_texts
from support.foreign_pictures import png_with
from support.gallery import write_own


@pytest.mark.parametrize("kind", PictureKind)
def test_the_pixels_stay_and_every_word_goes(tmp_path: Path, kind: PictureKind):
    data = write_own(tmp_path / "x", kind=kind, prompt="a secret fox").read_bytes()
    stripped = without_texts(data)

    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(stripped)) as after:
        assert before.tobytes() == after.tobytes()
        assert not after.getexif()
    carried = read_carried(stripped)
    assert (carried.texts, carried.xmp, carried.notes) == ({}, "", ())
    assert b"secret" in data
    assert b"secret" not in stripped
    assert "secret".encode("utf-16-be") not in stripped
    assert b"Sana" not in stripped


def test_colour_profiles_and_transparency_stay():
    file = io.BytesIO()
    Image.new("P", (8, 8)).save(file, "PNG", transparency=0, icc_profile=b"profile" * 40)
    with Image.open(io.BytesIO(without_texts(file.getvalue()))) as image:
        assert image.info["transparency"] == 0
        assert image.info["icc_profile"] == b"profile" * 40


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8 \xff\xff\xff\x7f"])
def test_what_is_no_whole_picture_is_refused(data: bytes):
    with pytest.raises(OutputError):
        without_texts(data)


@given(st.integers(0, 400), st.binary(max_size=8))
def test_a_damaged_file_is_refused_or_stripped(place: int, junk: bytes):
    data = png_with(parameters="a secret fox")
    damaged = data[:place] + junk + data[place + len(junk) :]
    with contextlib.suppress(OutputError):
        assert b"secret" not in without_texts(damaged)


def test_unknown_boxes_of_an_avif_file_are_emptied_and_moving_pictures_refused(tmp_path: Path):
    data = write_own(tmp_path / "x", kind=PictureKind.AVIF).read_bytes()
    length = 8 + len(b"a secret fox")

    stripped = without_texts(data + length.to_bytes(4, "big") + b"uuid" + b"a secret fox")

    assert stripped.endswith(b"free" + bytes(len(b"a secret fox")))
    with Image.open(io.BytesIO(stripped)) as image:
        image.load()
    with pytest.raises(OutputError, match="Moving"):
        without_texts(data + b"\0\0\0\x08moov")
    with pytest.raises(OutputError, match="damaged"):
        without_texts(data[:-1])
