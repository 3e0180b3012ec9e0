import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.journal import KEPT_SECONDS, UNFINISHED_SECONDS, JournalEntry, WorkJournal
from sana_desktop.engine.journal_file import Work
from sana_desktop.engine.sampling import SamplerState
from sana_desktop.errors import MachineError
from support.recipes import recipe

MADE_BY = {"pack": "tiny", "torch_version": "2"}


def some_work(recipes: list[Recipe], step: int = 4) -> Work:
    size = recipes[0].size
    x, clean = torch.randn(2, len(recipes), 32, size.latent_height, size.latent_width)
    return Work(SamplerState(step, x, clean), (("noticed",),) * len(x))


def written(journal: WorkJournal, recipes: list[Recipe], step: int = 4) -> Work:
    work = some_work(recipes, step)
    journal.entry(recipes, MADE_BY).write(work, lasting=True)
    return work


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def found(entry: JournalEntry) -> int | None:
    """The step that the entry holds."""
    work = entry.read()
    return None if work is None else work.state.step


@pytest.mark.parametrize("lasting", [True, False])
def test_work_is_found_by_its_recipes_in_another_process(tmp_path: Path, lasting: bool) -> None:
    recipes = [recipe(seed=1), recipe(seed=2)]
    work = some_work(recipes)
    WorkJournal(tmp_path / "journal").entry(recipes, MADE_BY).write(work, lasting=lasting)
    again = WorkJournal(tmp_path / "journal").entry(list(recipes), dict(MADE_BY)).read()
    assert again is not None
    assert torch.equal(again.state.x, work.state.x)
    assert again.notices == (("noticed",), ("noticed",))


def test_a_batch_has_one_file_which_the_next_state_replaces(tmp_path: Path) -> None:
    journal = WorkJournal(tmp_path)
    for step in (2, 5):
        written(journal, [recipe()], step)
    assert only_file(tmp_path).suffix == ".safetensors"
    assert found(journal.entry([recipe()], MADE_BY)) == 5


@pytest.mark.parametrize(
    "others",
    [
        [recipe(seed=8)],
        [recipe(prompt="a pear")],
        [recipe(), recipe(seed=8)],
        [recipe(guidance=4.6)],
        [recipe(latents_sha256="0" * 64)],
    ],
)
def test_other_recipes_find_nothing(tmp_path: Path, others: list[Recipe]) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    assert journal.entry(others, MADE_BY).read() is None


def test_what_another_program_began_is_of_no_use_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    with caplog.at_level(logging.WARNING):
        assert journal.entry([recipe()], {**MADE_BY, "torch_version": "3"}).read() is None
    assert "starts anew: another version" in caplog.text


def test_a_picture_that_stops_early_goes_on_from_the_work_of_the_whole_one(tmp_path: Path) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    assert found(journal.entry([recipe().stopped_after(9)], MADE_BY)) == 4


@pytest.mark.parametrize("content", [b"", b"\x00" * 3000, b"not a file of ours", b"x" * 3_000_000])
def test_an_entry_that_is_damaged_or_strange_is_as_good_as_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    only_file(tmp_path).write_bytes(content)
    assert journal.entry([recipe()], MADE_BY).read() is None
    assert "is of no use" in caplog.text
    written(journal, [recipe()], step=7)
    assert found(journal.entry([recipe()], MADE_BY)) == 7


def test_a_folder_in_the_place_of_an_entry_is_as_good_as_none(tmp_path: Path) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    path = only_file(tmp_path)
    path.unlink()
    path.mkdir()
    assert journal.entry([recipe()], MADE_BY).read() is None
    journal.forget([recipe()])
    assert path.is_dir()


@pytest.mark.parametrize(
    "by",
    [recipe(), recipe().stopped_after(3), recipe(latents_sha256="a" * 64)],
    ids=["as it was given", "as it was stopped", "as its noise was read"],
)
def test_what_is_forgotten_leaves_no_file_whichever_recipe_names_it(tmp_path: Path, by: Recipe) -> None:
    journal = WorkJournal(tmp_path)
    given = replace(by, stop_after=None)
    written(journal, [given])
    journal.forget([by])
    journal.forget([by])
    assert list(tmp_path.iterdir()) == []


def test_an_entry_forgets_itself(tmp_path: Path) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])
    journal.entry([recipe()], {"any": "body"}).forget()
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_older_state_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = WorkJournal(tmp_path)
    written(journal, [recipe()])

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(MachineError, match="No space left"):
        written(journal, [recipe()], step=9)
    only_file(tmp_path)
    assert found(journal.entry([recipe()], MADE_BY)) == 4


def test_a_folder_that_cannot_be_made_is_the_machines_fault_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MachineError, match="could not be kept in .*file"):
        written(WorkJournal(tmp_path / "file" / "journal"), [recipe()])


def test_a_sweep_removes_what_nobody_came_back_for_and_nothing_else(tmp_path: Path) -> None:
    journal, now = WorkJournal(tmp_path), 2_000_000_000.0
    ages = {
        "old.safetensors": KEPT_SECONDS + 1,
        "new.safetensors": KEPT_SECONDS - 1,
        "left.partial": UNFINISHED_SECONDS + 1,
        "being-written.partial": UNFINISHED_SECONDS - 1,
        "queue.sqlite": 10 * KEPT_SECONDS,
    }
    for name, age in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - age, now - age))
    journal.sweep(now)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "being-written.partial",
        "new.safetensors",
        "queue.sqlite",
    ]


def test_a_sweep_of_no_folder_does_nothing(tmp_path: Path) -> None:
    WorkJournal(tmp_path / "nothing").sweep(0.0)
    assert list(tmp_path.iterdir()) == []
