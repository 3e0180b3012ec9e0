"""Copies of picture files without anything in them but the picture; no pixel is packed anew."""

import io
import struct
import zlib
from collections.abc import Iterator

from sana_desktop.errors import OutputError
from sana_desktop.gallery.readers import avif, jpeg, png, webp

# What programs need to show the right colours, transparency and frames.
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs",
     b"acTL", b"fcTL", b"fdAT"}
)  # fmt: skip
# JFIF, colour profile, Adobe's note on the colour space.
_JPEG_APPS_KEPT = frozenset({0xE0, 0xE2, 0xEE})
_JPEG_COMMENT, _JPEG_SCAN = 0xFE, 0xDA
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04
_AVIF_KEPT = frozenset({b"ftyp", b"meta", b"mdat"})
_AVIF_UNUSED = b"free"


def without_texts(data: bytes) -> bytes:
    """The same PNG, JPEG, WebP or AVIF file without settings, names, dates and places.

    Raises `OutputError` for others, and for damaged ones.
    """
    try:
        if data.startswith(png.SIGNATURE):
            return png.SIGNATURE + b"".join(_png_chunks(data))
        if data.startswith(jpeg.SIGNATURE):
            return data[:2] + b"".join(_jpeg_segments(data))
        if webp.is_webp(data[:16]):
            return _webp(data)
        if avif.is_avif(data[:16]):
            return _avif(data)
    except (struct.error, IndexError) as error:
        raise OutputError("The picture is damaged; its texts cannot be told from its pixels.") from error
    raise OutputError("Only PNG, JPEG, WebP and AVIF files can be written without their texts.")


def _png_chunks(data: bytes) -> Iterator[bytes]:
    place = len(png.SIGNATURE)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + length + 12
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise IndexError(place)
        if kind in _PNG_KEPT:
            yield data[place:end]
        if kind == b"IEND":
            return
        place = end


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    place = 2
    while True:
        if data[place] != 0xFF:
            raise IndexError(place)
        kind = data[place + 1]
        if kind == 0xFF:
            # Fill bytes may stand between segments.
            place += 1
            continue
        if kind == _JPEG_SCAN:
            yield data[place:]
            return
        (length,) = struct.unpack_from(">H", data, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(data):
            raise IndexError(place)
        is_app = 0xE0 <= kind <= 0xEF
        if kind != _JPEG_COMMENT and (not is_app or kind in _JPEG_APPS_KEPT):
            yield data[place:end]
        place = end


def _webp(data: bytes) -> bytes:
    chunks: list[bytes] = []
    place = 12
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        chunk = data[place:end]
        if len(chunk) < 8 + length:
            raise IndexError(place)
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _WEBP_DROPPED:
            chunks.append(chunk)
        place = end
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _avif(data: bytes) -> bytes:
    """Nothing is moved, because pixels are found by their place: what tells something becomes zeros."""
    layout = avif.layout_of(io.BytesIO(data))
    if layout.size is None or not layout.boxes or layout.boxes[-1].end != len(data):
        raise IndexError(len(data))
    made = bytearray(data)
    for box in layout.boxes:
        if box.name == b"moov":
            raise OutputError("Moving AVIF pictures cannot be written without their texts.")
        if box.name not in _AVIF_KEPT:
            made[box.start : box.end] = bytes(box.end - box.start)
            name_at = box.start - (8 if data[box.start - 4 : box.start] != box.name else 4)
            made[name_at : name_at + 4] = _AVIF_UNUSED
    for item in layout.texts:
        for place, length in item.extents:
            if place + length > len(data):
                raise IndexError(place)
            made[place : place + length] = bytes(length)
        # Readers pass over kinds that they do not know.
        made[item.kind_at : item.kind_at + 4] = _AVIF_UNUSED
    return bytes(made)
