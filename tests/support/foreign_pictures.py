"""Picture files as other programs write them, and as nobody should."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

from sana_desktop.gallery.exif import exif_block


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 4, height: int = 4) -> bytes:
    """A small grey PNG file with more chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + b"".join((chunk(b"IHDR", header), *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b"")))


def text(keyword: str, value: str) -> bytes:
    """A text chunk in UTF-8."""
    return chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + value.encode("utf-8", "surrogatepass"))


def packed_text(keyword: str, value: bytes) -> bytes:
    """A text chunk that is packed."""
    return chunk(b"zTXt", keyword.encode("latin-1") + b"\0\0" + zlib.compress(value, 9))


def png_with(**texts: str) -> bytes:
    """A PNG file with texts by their keywords ("__" stands for "-")."""
    return png(*(text(name.replace("__", "-"), value) for name, value in texts.items()))


def with_comment(comment: str, kind: str = "JPEG") -> bytes:
    """A JPEG or WebP file with a text as EXIF's user comment."""
    file = io.BytesIO()
    Image.new("RGB", (16, 8)).save(file, kind, exif=exif_block("Somebody", comment))
    return file.getvalue()


def write_enormous_png(path: Path, side: int = 20_000) -> None:
    """A black PNG of one bit for each pixel, written in pieces; 20,000 x 20,000 pixels need 50 KB on the disk."""
    packer = zlib.compressobj(9)
    rows = bytes(1 + -(-side // 8)) * 100
    data = b"".join(packer.compress(rows) for _ in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parameters = text("parameters", "enormous\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7")
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + b"".join((chunk(b"IHDR", header), parameters, chunk(b"IDAT", data), chunk(b"IEND", b"")))
    )


def bad_inputs(folder: Path) -> dict[str, Path]:
    """Files by what is wrong with them; nothing in them can be used but the settings of the enormous picture."""
    bomb = packed_text("parameters", bytes(2**24))
    made = {
        "text": b"Dear diary\n" * 1000,
        "empty": b"",
        "gif": b"GIF89a" + bytes(100),
        "truncated": png_with(parameters="a fox")[:60],
        "50 MB text": png(chunk(b"tEXt", b"parameters\0" + b"a" * 50 * 2**20)),
        "packed bomb": png(*[bomb] * 20),
        "malformed text": png(chunk(b"iTXt", b"parameters"), chunk(b"zTXt", b"prompt\0\0not packed")),
        "wrong checksum": png_with(parameters="a fox").replace(b"a fox", b"a fix"),
        "deep JSON": png_with(prompt='{"a":' * 10_000, parameters='{"a":[' * 10_000),
        "invalid UTF-8": png(chunk(b"iTXt", b"prompt\0\0\0\0\0\xff\xfe{\xc3\x28")),
        "long line": png_with(prompt='{"a": ' + "a " * 2**20 + "}"),
    }
    paths = {name: folder / f"{name}.png" for name in made}
    for name, data in made.items():
        paths[name].write_bytes(data)
    paths["folder"] = folder / "folder.png"
    paths["folder"].mkdir()
    paths["missing"] = folder / "missing.png"
    return paths
