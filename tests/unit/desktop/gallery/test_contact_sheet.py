import pytest

from sana_desktop.gallery.contact_sheet import CELL, GAP, LABEL, SheetPicture, contact_sheets
from sana_desktop.gallery.small_picture import small_jpeg

RED = small_jpeg(bytes([255, 0, 0]) * 64 * 32, 64, 32)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [(1, 1)]), (7, [(5, 2)]), (31, [(5, 6), (1, 1)])])
def test_pages_are_as_large_as_what_is_on_them(count: int, sizes: list[tuple[int, int]]):
    pages = list(contact_sheets([SheetPicture(RED, "x")] * count))
    assert [page.size for page in pages] == [
        (GAP + columns * (CELL + GAP), GAP + rows * (CELL + LABEL + GAP)) for columns, rows in sizes
    ]


def test_a_picture_stands_in_the_middle_of_its_place_with_its_name_below():
    (page,) = contact_sheets([SheetPicture(RED, "a fox.png"), SheetPicture(None, "狐" * 300)])
    red = page.getpixel((GAP + CELL // 2, GAP + CELL // 2))
    assert red[0] > 200 > 60 > red[1]  # pyright: ignore[reportOptionalSubscript, reportIndexIssue, reportOperatorIssue]
    label = page.crop((GAP, GAP + CELL, GAP + CELL, GAP + CELL + LABEL)).convert("L")
    assert label.getextrema()[0] < 128  # pyright: ignore[reportOperatorIssue]
    gap = page.crop((GAP + CELL, 0, GAP + CELL + GAP, page.height)).convert("L")
    assert gap.getextrema() == (255, 255)
