"""Recognising files by what is in them, wherever they went."""

import hashlib
import os
from typing import BinaryIO

END_BYTES = 16_384
PRINT_BYTES = 20
# How prints were made at first. Their length tells them from others; they are renewed as their files are met.
FIRST_END_BYTES = 65_536
FIRST_PRINT_BYTES = 16


def fingerprint(file: BinaryIO) -> bytes:
    """20 bytes (BLAKE2b) that tell this file from others: of its length, and its first and last 16 KiB.

    Reading only the ends lets a folder of large pictures be looked through at thousands of files a second. It
    is enough: the beginning has what programs write about the picture, a PNG file ends with a checksum over all
    its pixels, and JPEG, WebP and AVIF files are packed so tightly that other pixels mean another length.
    """
    return _of_ends(file, END_BYTES, PRINT_BYTES)


def first_fingerprint(file: BinaryIO) -> bytes:
    """The print that this file had at first: 16 bytes, of its length, and its first and last 64 KiB."""
    return _of_ends(file, FIRST_END_BYTES, FIRST_PRINT_BYTES)


def is_print_of(content: bytes, file: BinaryIO) -> bool:
    """Whether a print, also one of the first kind, was made of a file like this one."""
    return content == (first_fingerprint if len(content) == FIRST_PRINT_BYTES else fingerprint)(file)


def _of_ends(file: BinaryIO, end: int, size: int) -> bytes:
    length = file.seek(0, os.SEEK_END)
    made = hashlib.blake2b(length.to_bytes(8, "little"), digest_size=size)
    file.seek(0)
    if length <= 2 * end:
        made.update(file.read(2 * end))
    else:
        made.update(file.read(end))
        file.seek(length - end)
        made.update(file.read(end))
    return made.digest()
