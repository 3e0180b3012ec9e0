"""Contact sheets of a run, from its book."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PIL import Image

from sana_desktop.gallery.contact_sheet import COLUMNS, ROWS, SheetPicture, contact_sheets
from sana_desktop.gallery.files import write_over
from sana_desktop.gallery.small_picture import small_jpeg_of
from sana_desktop.services.batch.manifest import ItemState, read_items


def write_sheets(book: Path, folder: Path) -> Iterator[Path]:
    """Write a sheet for every thirty pictures of a run, in the order of the list, and yield its path.

    Sheets of an earlier look are replaced. Holds one sheet at a time.
    """
    saved = {line["index"]: line for line in read_items(book) if line.get("status") == ItemState.SAVED}
    order = iter(sorted(saved))
    number = 0
    while page := list(islice(order, COLUMNS * ROWS)):
        number += 1
        pictures = [
            SheetPicture(small_jpeg_of(folder / str(saved[index]["file"])), f"{index + 1}: {saved[index]['seed']}")
            for index in page
        ]
        for sheet in contact_sheets(pictures):
            target = folder / f"contact-sheet-{number}.png"

            def write(file: object, sheet: Image.Image = sheet) -> None:
                sheet.save(file, "PNG")  # pyright: ignore[reportArgumentType]

            yield write_over(target, write)
