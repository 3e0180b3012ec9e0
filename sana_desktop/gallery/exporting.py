"""Copies of pictures for other people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sana_desktop.errors import KnownError, OutputError
from sana_desktop.gallery.contact_sheet import SheetPicture, contact_sheets
from sana_desktop.gallery.files import check_folder, write_new
from sana_desktop.gallery.readers.source import LARGEST_FILE
from sana_desktop.gallery.stripping import without_texts

SHEET_NAME = "contact-sheet.png"


@dataclass(frozen=True, slots=True)
class Exported:
    """A picture and where its copy is, or why there is none."""

    source: Path
    copy: Path | None
    problem: str = ""


def export_pictures(
    pictures: Sequence[Path],
    folder: Path,
    *,
    with_texts: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
    check: Callable[[], None] = lambda: None,
) -> tuple[Exported, ...]:
    """Copy files into a folder under their own names, numbered where a name is taken; nothing is replaced.

    Without texts, the copies tell nothing but the picture. A file that cannot be read does not stop the others;
    a folder that cannot be written to does: `OutputError`. `check` raises to stop between two files.
    """
    check_folder(folder)
    exported: list[Exported] = []
    for source in pictures:
        check()
        try:
            data = _read(source)
            data = data if with_texts else without_texts(data)
        except KnownError as error:
            exported.append(Exported(source, None, str(error)))
        else:
            exported.append(Exported(source, write_new(folder / source.name, partial(_put, data))))
        progress(len(exported), len(pictures))
    return tuple(exported)


def export_sheets(pictures: Sequence[SheetPicture], folder: Path) -> tuple[Path, ...]:
    """Write contact sheets of pictures into a folder; raises `OutputError`."""
    pages = contact_sheets(pictures)
    return tuple(write_new(folder / SHEET_NAME, lambda file, page=page: page.save(file, "PNG")) for page in pages)


def _put(data: bytes, file: BinaryIO) -> None:
    file.write(data)


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"{source.name} cannot be read: {reason}.", hint="Is the file still there?") from error
    if len(data) > LARGEST_FILE:
        raise OutputError(f"{source.name} is larger than {LARGEST_FILE // 2**30} GiB; no picture is.")
    return data
