import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.avif import is_avif, layout_of, read_avif
from support.foreign_pictures import with_comment


def read(data: bytes):
    return read_avif(io.BytesIO(data))


def plain(width: int = 33, height: int = 17) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "AVIF", xmp=b"<x>hello</x>")
    return file.getvalue()


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def file_with(iloc: bytes, *more: bytes) -> bytes:
    """A file of one item of XMP, whose place is what `iloc` says."""
    entry = box(b"infe", b"\2\0\0\0" + struct.pack(">HH4s", 1, 0, b"mime") + b"XMP\0application/rdf+xml\0")
    size = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 8, 8))))
    meta = bytes(4) + box(b"iinf", struct.pack(">IH", 0, 1) + entry) + box(b"iloc", iloc) + size + b"".join(more)
    return box(b"ftyp", b"avif\0\0\0\0avif") + box(b"meta", meta) + b"<x>hi</x>"


def test_size_and_exif_are_read():
    carried = read(with_comment("a fox 狐", "AVIF"))

    assert (carried.kind, carried.width, carried.height) == ("AVIF", 16, 8)
    assert carried.texts == {"Software": "Somebody", "parameters": "a fox 狐"}


def test_xmp_is_read():
    carried = read(plain())

    assert (carried.width, carried.height, carried.xmp) == (33, 17, "<x>hello</x>")


def test_the_format_is_known_by_its_beginning():
    assert is_avif(plain()[:16])
    assert not is_avif(b"\0\0\0\x18ftypheic")
    assert not is_avif(b"")


@pytest.mark.parametrize(
    ("iloc", "xmp"),
    [
        # Version 1: offset, length and base of four bytes, no index; two pieces behind each other.
        (b"\1\0\0\0\x44\x40" + struct.pack(">HHHHIHIIII", 1, 1, 0, 0, 100, 2, 0, 4, 4, 5), "base"),
        # Method 1: the place is one within "idat".
        (b"\1\0\0\0\x44\0" + struct.pack(">HHHHHII", 1, 1, 1, 0, 1, 2, 6), "idat"),
        # Version 2: numbers of four bytes.
        (b"\2\0\0\0\x44\0" + struct.pack(">IIHHHII", 1, 1, 0, 0, 1, 0, 4), "start"),
    ],
)
def test_items_may_lie_in_pieces_and_within_the_list_itself(iloc: bytes, xmp: str):
    data = file_with(iloc, box(b"idat", b"__inside"))
    expected = {"base": data[100:109], "idat": b"inside", "start": data[:4]}[xmp]

    assert read(data).xmp == expected.decode("utf-8", "replace")


def test_places_and_lengths_that_nothing_has_are_no_text():
    far = b"\1\0\0\0\x88\x80" + struct.pack(">HHHHQHQQ", 1, 1, 0, 0, 2**63, 1, 2**63, 4)
    long = b"\1\0\0\0\x88\0" + struct.pack(">HHHHHQQ", 1, 1, 0, 0, 1, 0, 2**63)

    assert read(file_with(far)).xmp == ""
    assert read(file_with(long)).bulky


def test_a_list_that_is_too_long_or_ends_early_is_not_followed():
    many = b"\0\0\0\0\0\0" + struct.pack(">H", 65535)
    endless = b"\0\0\0\0\0\0" + struct.pack(">HHHH", 1, 1, 0, 65535)

    assert read(file_with(many)).xmp == ""
    assert read(file_with(endless)).texts == {}


def test_a_file_without_a_size_is_refused():
    with pytest.raises(RecipeError, match="size of an AVIF"):
        read(box(b"ftyp", b"avif\0\0\0\0avif"))


def test_every_cut_is_read_or_refused():
    data = with_comment("a fox", "AVIF")
    for length in range(len(data)):
        try:
            read(data[:length])
        except RecipeError:
            continue


@given(st.integers(0, 500), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(place: int, junk: bytes):
    data = plain()
    damaged = data[:place] + junk + data[place + len(junk) :]
    assert len(layout_of(io.BytesIO(damaged)).boxes) <= 64
    try:
        read(damaged)
    except RecipeError:
        return
