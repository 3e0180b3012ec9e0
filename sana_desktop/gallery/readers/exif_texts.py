"""The texts in an EXIF block: a bounded walk through two directories of a TIFF file."""

import struct
from collections.abc import Iterator

from sana_desktop.gallery.exif import EXIF_FOLDER, SOFTWARE, USER_COMMENT
from sana_desktop.gallery.readers.carried import Collector

MAKE, CAMERA_MODEL, DESCRIPTION, MAKER_NOTE = 0x010F, 0x0110, 0x010E, 0x927C
# Real directories have some dozens.
MOST_ENTRIES = 512

# ComfyUI writes its graphs into these, each with a name in front.
_GRAPHS = ("prompt", "workflow")
_BYTES_PER_VALUE = {1: 1, 2: 1, 7: 1}


def add_exif(found: Collector, block: bytes) -> None:
    """Put the texts of an EXIF block where PNG files have them; a damaged block gives what can be read.

    The user comment becomes "parameters", the maker note "fooocus_scheme" and a field "prompt:..." the text
    "prompt".
    """
    data = block.removeprefix(b"Exif\0\0")
    try:
        entries = dict(_texts(data))
    except struct.error:
        found.damaged("EXIF")
        return
    for tag, value in entries.items():
        if tag == USER_COMMENT:
            found.add("parameters", decoded_comment(value))
        elif tag == MAKER_NOTE:
            found.add("fooocus_scheme", _plain(value))
        elif tag == SOFTWARE:
            found.add("Software", _plain(value))
        else:
            name, colon, text = _plain(value).partition(":")
            if colon and name.casefold() in _GRAPHS:
                found.add(name.casefold(), text)
            elif tag == DESCRIPTION:
                found.add("Description", _plain(value))


def decoded_comment(value: bytes) -> str:
    """The text of EXIF's UserComment, whose first eight bytes name its encoding; wrong names are seen through."""
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        return text.decode(_utf16(text), "replace").rstrip("\0")
    if code in (b"ASCII\0\0\0", bytes(8)):
        return text.decode("utf-8", "replace").rstrip("\0")
    return value.decode("utf-8", "replace").rstrip("\0")


def _utf16(text: bytes) -> str:
    """Which of the two orders: most letters that people write have a zero, or a small number, in the high byte."""
    if text[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return "utf-16"
    return "utf-16-le" if text[1::2].count(0) > text[::2].count(0) else "utf-16-be"


def _plain(value: bytes) -> str:
    return value.decode("utf-8", "replace").rstrip("\0")


def _texts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and bytes of every text in the main and the EXIF directory; raises `struct.error` if damaged."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise struct.error("no byte order")
    (main,) = struct.unpack_from(f"{order}I", data, 4)
    inner = 0
    for tag, kind, count, place in _directory(data, order, main):
        if tag == EXIF_FOLDER:
            (inner,) = struct.unpack_from(f"{order}I", data, place)
        elif kind in _BYTES_PER_VALUE:
            yield tag, _value(data, order, count, place)
    if inner:
        for tag, kind, count, place in _directory(data, order, inner):
            if kind in _BYTES_PER_VALUE:
                yield tag, _value(data, order, count, place)


def _directory(data: bytes, order: str, start: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count, and where the four bytes of value or offset stand."""
    (count,) = struct.unpack_from(f"{order}H", data, start)
    for number in range(min(count, MOST_ENTRIES)):
        place = start + 2 + 12 * number
        tag, kind, values = struct.unpack_from(f"{order}HHI", data, place)
        yield tag, kind, values, place + 8


def _value(data: bytes, order: str, count: int, place: int) -> bytes:
    if count > 4:
        (place,) = struct.unpack_from(f"{order}I", data, place)
    if place + count > len(data):
        raise struct.error("a value outside of the block")
    return data[place : place + count]
