"""Writing the program's own small files: whole or not at all, whatever happens meanwhile."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in place of whatever `path` holds; on error the old file is unchanged. Raises `OSError`.

    Makes the folder if it is missing. A link stays a link: the file that it leads to is replaced.
    """
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}-{secrets.token_hex(8)}.part")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def set_aside(path: Path) -> Path | None:
    """Give a file that cannot be understood the name `<name>.unreadable`, so that nothing in it is lost.

    Returns the new name, or None where the disk does not let us.
    """
    aside = path.with_name(f"{path.name}.unreadable")
    with suppress(OSError):
        return path.replace(aside)
    return None
