"""Throwing pictures away so that the system can bring them back."""

from collections.abc import Callable
from pathlib import Path

from sana_desktop.errors import OutputError


def move_to_trash(path: Path, send: Callable[[str], None] | None = None) -> None:
    """Move a file to the trash of the system, or with `send`, which takes a path and raises `OSError`.

    May take as long as copying the file. Raises `OutputError`; then the file is where it was.
    """
    if send is None:
        # Imported here because it looks for the folders of the system at once.
        from send2trash import send2trash as send
    try:
        send(str(path))
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise OutputError(
            f"{path.name} cannot be moved to the trash: {reason}.",
            hint="Open its folder and delete it there.",
        ) from error
