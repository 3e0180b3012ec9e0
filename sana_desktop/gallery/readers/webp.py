"""The texts of a WebP file, found by walking from chunk to chunk."""

import struct
from typing import BinaryIO

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.carried import LARGEST_TEXT, Carried, Collector
from sana_desktop.gallery.readers.exif_texts import add_exif

MOST_CHUNKS = 10_000


def is_webp(head: bytes) -> bool:
    """Whether a file that begins so is a WebP file."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def read_webp(file: BinaryIO) -> Carried:
    """EXIF texts and XMP of a WebP file; raises `RecipeError` if it names no size."""
    found = Collector()
    size: tuple[int, int] | None = None
    file.seek(12)
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if not head:
            break
        if len(head) < 8:
            found.cut()
            break
        kind, length = struct.unpack("<4sI", head)
        # Chunks begin at even places.
        padded = length + length % 2
        wanted = length if kind in (b"EXIF", b"XMP ") else min(length, 16)
        if wanted > LARGEST_TEXT:
            found.pass_over(kind.decode("latin-1"))
            file.seek(padded, 1)
            continue
        body = file.read(wanted)
        if len(body) < wanted:
            found.cut()
            break
        file.seek(padded - wanted, 1)
        if kind == b"EXIF":
            add_exif(found, body)
        elif kind == b"XMP ":
            found.xmp = found.xmp or body.decode("utf-8", "replace")
        else:
            size = size or _size(kind, body)
    if size is None:
        raise RecipeError("Expected the size of a WebP picture, found none.", hint="The file is damaged.")
    return found.carried("WebP", *size)


def _size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    """Width and height, if this chunk is one that tells them."""
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
