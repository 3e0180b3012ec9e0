"""Sheets of many small pictures, for looking at on paper or sending around."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

COLUMNS, ROWS = 5, 6
CELL = 256
GAP = 16
LABEL = 22
_PAPER, _EMPTY, _INK = "white", "#e8e8e8", "#333333"
_LETTER_SIZE = 14


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A picture on the sheet: a JPEG file of at most 256 pixels, None if there is none, and a line below it."""

    jpeg: bytes | None
    label: str


def contact_sheets(pictures: Sequence[SheetPicture]) -> Iterator[Image.Image]:
    """Pages of 5 x 6 pictures in reading order; the last one is only as long as it has to be."""
    per_page = COLUMNS * ROWS
    for start in range(0, len(pictures), per_page):
        yield _page(pictures[start : start + per_page])


def _page(pictures: Sequence[SheetPicture]) -> Image.Image:
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // COLUMNS)
    width, height = GAP + columns * (CELL + GAP), GAP + rows * (CELL + LABEL + GAP)
    page = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(_LETTER_SIZE)
    for place, picture in enumerate(pictures):
        left = GAP + place % COLUMNS * (CELL + GAP)
        top = GAP + place // COLUMNS * (CELL + LABEL + GAP)
        if picture.jpeg is None:
            draw.rectangle((left, top, left + CELL - 1, top + CELL - 1), fill=_EMPTY)
        else:
            with Image.open(BytesIO(picture.jpeg)) as small:
                page.paste(small, (left + (CELL - small.width) // 2, top + (CELL - small.height) // 2))
        label = _fitting(picture.label, font)
        draw.text((left + CELL / 2, top + CELL + LABEL / 2), label, fill=_INK, font=font, anchor="mm")
    return page


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """As much of the beginning as there is room for; letters that the font lacks become question marks."""
    text = "".join(letter if letter.isprintable() else " " for letter in text[:200])
    text = text.encode("latin-1", "replace").decode("latin-1")
    if font.getlength(text) <= CELL:
        return text
    while text and font.getlength(f"{text}...") > CELL:
        text = text[:-1]
    return f"{text}..."
