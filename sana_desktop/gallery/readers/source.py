"""Opening what somebody dropped: a file, or the bytes of one, which may be anything at all."""

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from sana_desktop.errors import KnownError, RecipeError
from sana_desktop.gallery.readers import avif, jpeg, png, webp
from sana_desktop.gallery.readers.carried import Carried

LARGEST_FILE = 2**30

_KINDS_HINT = "Expected a complete PNG, JPEG, WebP or AVIF file."


def read_carried(source: Path | bytes, name: str = "") -> Carried:
    """The texts of a picture, read without unpacking pixels; `name` is what messages call it.

    Raises `KnownError` for what is no picture file: another format, a folder, a device, nothing at all.
    """
    name = name or (source.name if isinstance(source, Path) else "The picture")
    try:
        with open_picture(source, name) as file:
            return _read(file, name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecipeError(f"{name} cannot be read: {reason}.", hint="Is the file still there?") from error


def open_picture(source: Path | bytes, name: str) -> BinaryIO:
    """A file for reading; raises `RecipeError` for what is none, `OSError` for what cannot be opened."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    # Looked at before opening: a named pipe would wait forever for somebody to write.
    found = source.stat()
    if stat.S_ISDIR(found.st_mode):
        raise RecipeError(f"{name} is a folder; expected a picture.", hint="Drop one picture out of it.")
    if not stat.S_ISREG(found.st_mode):
        raise RecipeError(f"{name} is no file; expected a picture.", hint=_KINDS_HINT)
    if found.st_size > LARGEST_FILE:
        raise RecipeError(f"{name} is larger than {LARGEST_FILE // 2**30} GiB; no picture is.", hint=_KINDS_HINT)
    return source.open("rb")


def _read(file: BinaryIO, name: str) -> Carried:
    head = file.read(16)
    file.seek(0, os.SEEK_SET)
    try:
        if head.startswith(png.SIGNATURE):
            return png.read_png(file)
        if head.startswith(jpeg.SIGNATURE):
            return jpeg.read_jpeg(file)
        if webp.is_webp(head):
            return webp.read_webp(file)
        if avif.is_avif(head):
            return avif.read_avif(file)
    except KnownError as error:
        raise RecipeError(f"{name} cannot be read: {error}", hint=error.hint) from error
    raise RecipeError(f"{name} cannot be read as a picture.", hint=_KINDS_HINT)
