"""The texts of a JPEG file, found by walking from segment to segment up to the first pixels."""

import struct
from typing import BinaryIO

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.carried import Carried, Collector
from sana_desktop.gallery.readers.exif_texts import add_exif

SIGNATURE = b"\xff\xd8\xff"
# At most 64 KiB each.
MOST_SEGMENTS = 256

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_START_OF_SCAN, _END, _APP1, _COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_BODY = frozenset(range(0xD0, 0xD9)) | {0x01}


def read_jpeg(file: BinaryIO) -> Carried:
    """EXIF texts, XMP and the comment of a JPEG file; raises `RecipeError` if it names no size."""
    found = Collector()
    size: tuple[int, int] | None = None
    file.seek(2)
    for _ in range(MOST_SEGMENTS):
        marker = _next_marker(file)
        if marker is None:
            found.cut()
            break
        if marker in (_START_OF_SCAN, _END):
            break
        if marker in _WITHOUT_BODY:
            continue
        length = struct.unpack(">H", file.read(2).rjust(2, b"\0"))[0]
        body = file.read(max(length - 2, 0))
        if len(body) < length - 2 or length < 2:
            found.cut()
            break
        if marker in _FRAMES and len(body) >= 5:
            height, width = struct.unpack(">HH", body[1:5])
            size = width, height
        elif marker == _COMMENT:
            found.add("Comment", body.decode("utf-8", "replace"))
        elif marker == _APP1 and body.startswith(b"Exif\0\0"):
            add_exif(found, body)
        elif marker == _APP1 and body.startswith(_XMP):
            found.xmp = found.xmp or body[len(_XMP) :].decode("utf-8", "replace")
    if size is None:
        raise RecipeError("Expected the size of a JPEG picture, found none.", hint="The file is damaged.")
    return found.carried("JPEG", *size)


def _next_marker(file: BinaryIO) -> int | None:
    """The number of the next marker, which any count of filling bytes may precede; None if there is none."""
    if file.read(1) != b"\xff":
        return None
    # As many as the longest segment would have.
    for _ in range(2**16):
        byte = file.read(1)
        if byte != b"\xff":
            return byte[0] if byte else None
    return None
