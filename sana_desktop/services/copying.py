"""Writing a picture file to a second place."""

import shutil
from pathlib import Path

from sana_desktop.errors import OutputError
from sana_desktop.gallery.files import write_over


def copy_picture_file(source: Path, target: Path) -> Path:
    """Copy a file byte for byte, settings and all, over whatever is called `target`; whole or not at all.

    Raises `OutputError` if the picture is gone, the place cannot be written to, or the two are the same file.
    """
    if target.is_file() and target.samefile(source):
        raise OutputError(f"{target.name} is the picture itself.", hint="Choose another name or folder.")
    try:
        with source.open("rb") as original:
            return write_over(target, lambda file: shutil.copyfileobj(original, file, 2**20))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{source} cannot be read: {reason}.", hint="It may have been moved or deleted.") from error
