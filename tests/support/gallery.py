"""A gallery in a temporary folder, and pictures to put into it."""

import os
from pathlib import Path
from typing import Any

from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.changes import add_root, put_picture
from sana_desktop.gallery.database import OpenedDatabase, open_database, transaction
from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.records import PictureRow, RootKind
from sana_desktop.gallery.search import parse_search
from support.fake_engine import fake_picture
from support.recipes import recipe

SMALL = Size(32, 32)


def write_own(path: Path, when: float | None = None, kind: PictureKind = PictureKind.PNG, **changes: object) -> Path:
    """A small picture of ours at `path`, last changed `when` (seconds since 1970)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_picture(fake_picture(recipe(**({"size": SMALL} | changes))), kind, file)
    if when is not None:
        os.utime(path, (when, when))
    return path


class Gallery:
    """The database at `folder`/gallery.sqlite with pictures in `folder`/pictures."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "gallery.sqlite"
        self.pictures = folder / "pictures"
        self.pictures.mkdir(exist_ok=True)
        self.opened: OpenedDatabase = open_database(self.file)
        self.db = self.opened.db
        with transaction(self.db):
            self.root = add_root(self.db, self.pictures, RootKind.OWN)

    def __enter__(self) -> "Gallery":
        return self

    def __exit__(self, *error: object) -> None:
        self.db.close()

    def add(self, name: str, when: float | None = None, **changes: Any) -> int:
        """Write a picture of ours and put it into the gallery; its number."""
        path = write_own(self.pictures / name, when, **changes)
        with transaction(self.db):
            return put_picture(self.db, self.root, name, facts_of_file(path)).picture

    def find(self, query: str = "") -> list[str]:
        """The names of the pictures that match, newest first."""
        with GalleryReader(self.file) as reader:
            return [
                row.path.relative_to(self.pictures).as_posix()
                for row in reader.rows(reader.search(parse_search(query)))
            ]

    def row(self, picture: int) -> PictureRow:
        """What is known of a picture."""
        with GalleryReader(self.file) as reader:
            (row,) = reader.rows([picture])
            return row
