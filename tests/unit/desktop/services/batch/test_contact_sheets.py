from pathlib import Path

from PIL import Image

from sana_desktop.services.batch.contact_sheets import write_sheets
from sana_desktop.services.batch.manifest import Manifest, RunHead
from sana_desktop.services.batch.prompt_list import Item
from support.recipes import recipe


def test_thirty_pictures_go_on_a_sheet_and_missing_ones_leave_a_gap(tmp_path: Path):
    book = Manifest.begin(tmp_path / "m.jsonl", RunHead(base_seed=1))
    for index in range(31):
        path = tmp_path / f"{index}.png"
        if index != 3:
            Image.new("RGB", (32, 32), "red").save(path)
        book.record_saved(Item(index, 1, recipe(), "x"), path, recipe(), None)
    book.close()

    sheets = list(write_sheets(tmp_path / "m.jsonl", tmp_path))

    assert [sheet.name for sheet in sheets] == ["contact-sheet-1.png", "contact-sheet-2.png"]
    with Image.open(sheets[0]) as first, Image.open(sheets[1]) as second:
        assert first.width > 1000
        assert second.height < first.height
    # Drawn again, they are replaced.
    assert list(write_sheets(tmp_path / "m.jsonl", tmp_path)) == sheets
