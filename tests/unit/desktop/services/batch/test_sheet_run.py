import threading
from pathlib import Path

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.services.batch.manifest import read_items
from sana_desktop.services.batch.running import ItemSaved, jobs_here
from sana_desktop.services.batch.sheet import row_with, sheet_text
from sana_desktop.services.batch.sheet_run import MANIFEST, SheetEnded, SheetEvent, SheetRun
from support.fake_engine import FakeEngine
from support.prompt_lists import prompt_list


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: list[SheetEvent] = []
        self.ended = threading.Event()
        self.engine = FakeEngine()
        self.run = SheetRun(jobs_here(lambda: self.engine), lambda path, picture: None, self.tell)

    def tell(self, event: SheetEvent) -> None:
        self.heard.append(event)
        if isinstance(event, SheetEnded):
            self.ended.set()

    def draw(self, *prompts: str) -> SheetEnded:
        self.ended.clear()
        listed = prompt_list(self.folder, sheet_text([row_with(prompt=prompt) for prompt in prompts]), "rows.csv")
        self.run.start(listed, self.folder / "out", 5, 2, PictureKind.PNG, ".png")
        assert self.ended.wait(30)
        self.run.close()
        ended = self.heard[-1]
        assert isinstance(ended, SheetEnded)
        return ended


def test_a_list_is_drawn_and_gone_on_with(tmp_path: Path):
    bench = Bench(tmp_path)
    assert bench.draw("a fox", "a dog").tally.saved == 2
    ended = bench.draw("a fox", "a dog", "a cow")
    assert (ended.tally.saved, ended.tally.there, ended.error) == (1, 2, None)
    assert len([event for event in bench.heard if isinstance(event, ItemSaved)]) == 3
    assert len(list(read_items(tmp_path / "out" / MANIFEST))) == 3
    assert not bench.run.running


def test_a_folder_that_cannot_be_written_is_told_of_at_once(tmp_path: Path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    bench = Bench(tmp_path)
    listed = prompt_list(tmp_path, sheet_text([row_with(prompt="a fox")]), "rows.csv")
    with pytest.raises(OutputError):
        bench.run.start(listed, tmp_path / "out", 5, 2, PictureKind.PNG, ".png")


def test_an_error_that_ends_the_run_is_told(tmp_path: Path):
    bench = Bench(tmp_path)
    listed = prompt_list(tmp_path, sheet_text([row_with(prompt="a fox")]), "rows.csv")
    listed.path.unlink()
    bench.run.start(listed, tmp_path / "out", 5, 2, PictureKind.PNG, ".png")
    assert bench.ended.wait(30)
    bench.run.close()
    ended = bench.heard[-1]
    assert isinstance(ended, SheetEnded)
    assert ended.error is not None
