"""The texts of a PNG file, found by walking from chunk to chunk: no pixel is unpacked, whatever the header claims."""

import struct
import zlib
from typing import BinaryIO

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.carried import LARGEST_TEXT, Carried, Collector
from sana_desktop.gallery.readers.exif_texts import add_exif

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# A 20,000 x 20,000 picture in chunks of 8 KiB has about as many.
MOST_CHUNKS = 200_000

_XMP = "XML:com.adobe.xmp"
# ComfyUI's own kind of text, which it puts behind moving pictures; as tEXt otherwise.
_COMFYUI = b"comf"
_KEYWORD = 79


def read_png(file: BinaryIO) -> Carried:
    """Texts (tEXt, zTXt, iTXt, comf), XMP and EXIF of a PNG file; raises `RecipeError` if its header is none.

    `file` stands at its beginning. Reads headers and texts only, and at most 4 MiB of each text, packed or not.
    """
    found = Collector()
    file.seek(len(SIGNATURE))
    size = _header(file)
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            found.cut()
            break
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            break
        if kind not in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", _COMFYUI) or found.is_full:
            file.seek(length + 4, 1)
            continue
        if length > LARGEST_TEXT:
            found.pass_over(_keyword(file.read(_KEYWORD + 1)))
            file.seek(length + 4 - min(length, _KEYWORD + 1), 1)
            continue
        body, check = file.read(length), file.read(4)
        if len(check) < 4:
            found.cut()
            break
        if zlib.crc32(kind + body) != struct.unpack(">I", check)[0]:
            found.damaged(_keyword(body))
        elif kind == b"eXIf":
            add_exif(found, body)
        else:
            _add_text(found, kind, body)
    return found.carried("PNG", *size)


def _header(file: BinaryIO) -> tuple[int, int]:
    head = file.read(25)
    if len(head) < 25 or head[:8] != b"\0\0\0\x0dIHDR" or zlib.crc32(head[4:21]) != struct.unpack(">I", head[21:])[0]:
        raise RecipeError("Expected the header of a PNG file, found something else.", hint="The file is damaged.")
    width, height = struct.unpack(">II", head[8:16])
    return width, height


def _add_text(found: Collector, kind: bytes, body: bytes) -> None:
    name = _keyword(body)
    try:
        text = _text(kind, body[len(name) + 1 :])
    except (ValueError, zlib.error):
        found.damaged(name)
        return
    if text is None:
        found.pass_over(name)
    elif name == _XMP:
        found.xmp = found.xmp or text
    else:
        found.add(name, text)


def _keyword(body: bytes) -> str:
    return body[: _KEYWORD + 1].partition(b"\0")[0].decode("latin-1")


def _text(kind: bytes, rest: bytes) -> str | None:
    """The text behind the keyword, None if it is too large; raises `ValueError` or `zlib.error` if damaged."""
    if kind in (b"tEXt", _COMFYUI):
        return rest.decode("latin-1")
    if kind == b"zTXt":
        unpacked = _unpacked(rest[1:])
        return None if unpacked is None else unpacked.decode("latin-1")
    packed = rest[:1] == b"\1"
    _language, _, rest = rest[2:].partition(b"\0")
    _translated, _, rest = rest.partition(b"\0")
    data = _unpacked(rest) if packed else rest
    # Some programs write other encodings here; most of such a text can be read all the same.
    return None if data is None else data.decode("utf-8", "replace")


def _unpacked(data: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(data, LARGEST_TEXT)
    return None if unpacker.unconsumed_tail else text
