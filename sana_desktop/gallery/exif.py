"""The smallest EXIF block that picture tools read: the name of the program and a comment.

Built by hand because Pillow writes the comment as a list of numbers, which those tools do not understand.
"""

import struct

SOFTWARE = 0x0131
EXIF_FOLDER = 0x8769
USER_COMMENT = 0x9286

_ASCII, _LONG, _UNDEFINED = 2, 4, 7
_HEADER = b"MM\0*\0\0\0\x08"
_ENTRY = struct.Struct(">HHII")


def exif_block(software: str, comment: str) -> bytes:
    """A big-endian TIFF of two directories, with EXIF's prefix; `comment` is stored as UTF-16."""
    name = software.encode("ascii", "replace") + b"\0"
    # Directories and values begin at even places.
    name += b"\0" * (len(name) % 2)
    text = b"UNICODE\0" + comment.encode("utf-16-be")
    first = len(_HEADER)
    name_at = first + _directory_size(2)
    second = name_at + len(name)
    text_at = second + _directory_size(1)
    return b"".join(
        (
            b"Exif\0\0",
            _HEADER,
            _directory((SOFTWARE, _ASCII, len(name), name_at), (EXIF_FOLDER, _LONG, 1, second)),
            name,
            _directory((USER_COMMENT, _UNDEFINED, len(text), text_at)),
            text,
        )
    )


def _directory_size(entries: int) -> int:
    return 2 + entries * _ENTRY.size + 4


def _directory(*entries: tuple[int, int, int, int]) -> bytes:
    """Entries of tag, type, count and place, sorted by tag, and the mark that no directory follows."""
    return struct.pack(">H", len(entries)) + b"".join(_ENTRY.pack(*entry) for entry in entries) + bytes(4)
