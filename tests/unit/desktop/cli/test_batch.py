import csv
import json
import os
import signal
from pathlib import Path

import pytest

from sana_desktop.domain.events import Phase
from sana_desktop.errors import MachineError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.batch.manifest import read_items
from support.fake_engine import FakeEngine
from support.terminal import RANDOM_SEED, Terminal

TEXT = """\
# the first list
a red fox
a dog's face --seed 5 --steps 2 --width 64 --height 32
"""


class Runs:
    """Runs the command on one list in one folder."""

    def __init__(self, folder: Path, text: str = TEXT, name: str = "list.txt") -> None:
        self.path = folder / name
        self.path.write_text(text, encoding="utf-8")
        self.out = folder / "out"
        self.folder = folder
        self.number = 0

    def __call__(self, *more: str, engine: FakeEngine | None = None):
        self.number += 1
        self.terminal = Terminal(self.folder / f"home-{self.number}", engine)
        return self.terminal.run("batch", str(self.path), "--out", str(self.out), *more)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.rglob("*.png"))


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_a_list_becomes_pictures_whose_paths_are_standard_output(runs: Runs):
    result = runs()

    assert result.exit_code == 0
    names = ["000001-4242-a-red-fox.png", "000002-5-a-dog-s-face.png"]
    assert result.stdout.splitlines() == [str(runs.out / name) for name in names]
    assert runs.names() == names
    recipe = read_recipe(runs.out / names[1])
    assert (recipe.seed, recipe.steps, str(recipe.size), recipe.pack) == (5, 2, "64x32", "toy")
    assert "2 pictures saved" in result.stderr
    assert [line["file"] for line in read_items(runs.out / "manifest.jsonl")] == names


def test_pictures_are_in_the_gallery(runs: Runs):
    runs()
    found = runs.terminal.run("gallery", "search", "fox")
    assert "000001-4242-a-red-fox.png" in found.stdout


def test_json_gives_one_line_per_picture(runs: Runs):
    result = runs("--json")
    assert [json.loads(line)["seed"] for line in result.stdout.splitlines()] == [RANDOM_SEED, 5]


def test_a_run_is_gone_on_with_under_the_same_seeds(runs: Runs):
    runs("--seed", "7", "--limit", "1")
    engine = FakeEngine()
    result = runs("--resume", engine=engine)
    assert result.exit_code == 0
    assert [batch[0].seed for batch in engine.batches] == [5]
    assert "1 were there before" in result.stderr
    assert runs.names() == ["000001-7-a-red-fox.png", "000002-5-a-dog-s-face.png"]


def test_a_run_is_not_begun_over_another(runs: Runs):
    runs()
    result = runs()
    assert result.exit_code == 2
    assert "--resume" in result.stderr


def test_bad_lines_are_named_and_left_out(runs: Runs):
    runs.path.write_text("fox\nfox --sed 3\n", encoding="utf-8")
    result = runs()
    assert result.exit_code == 1
    assert "line 2, column 5: error: There is no flag “sed”. Did you mean seed?" in result.stderr
    assert len(runs.names()) == 1


def test_a_dry_run_makes_nothing(runs: Runs):
    result = runs("--dry-run")
    assert result.exit_code == 0
    assert "2 pictures of 2 lines, 2 different prompts" in result.stdout
    assert not runs.out.exists()
    runs.path.write_text("a {fox", encoding="utf-8")
    result = runs("--dry-run", "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert (document["pictures"], document["errors"]) == (0, 1)
    assert (document["problems"][0]["line"], document["problems"][0]["column"]) == (1, 3)


def test_shards_draw_the_list_together(runs: Runs):
    assert "--seed" in runs("--shard", "1/2").stderr
    runs("--shard", "1/2", "--seed", "1")
    runs("--shard", "2/2", "--seed", "1")
    assert len(runs.names()) == 2
    assert {path.name for path in runs.out.glob("*.jsonl")} == {"manifest-1-of-2.jsonl", "manifest-2-of-2.jsonl"}


def test_wildcards_styles_and_grids_come_from_their_options(runs: Runs, tmp_path: Path):
    runs.path.write_text("a __colours__ fox --styles ink\n", encoding="utf-8")
    (tmp_path / "wildcards").mkdir()
    (tmp_path / "wildcards" / "colours.txt").write_text("red\nblue\n", encoding="utf-8")
    with (tmp_path / "styles.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([["name", "prompt", "negative_prompt"], ["ink", "ink, {prompt}", "photo"]])
    engine = FakeEngine()
    result = runs("--combinatorial", "--styles", str(tmp_path / "styles.csv"), "--x", "Steps: 1,2", engine=engine)
    assert result.exit_code == 0
    drawn = [(batch[0].steps, batch[0].prompt, batch[0].negative) for batch in engine.batches]
    assert drawn == [(steps, f"ink, a {colour} fox", "photo") for steps in (1, 2) for colour in ("red", "blue")]


def test_several_of_one_prompt_are_drawn_together(runs: Runs):
    runs.path.write_text("fox --n_iter 3\n", encoding="utf-8")
    engine = FakeEngine()
    runs("--jobs-per-batch", "2", engine=engine)
    assert [len(batch) for batch in engine.batches] == [2, 1]


def test_a_contact_sheet_shows_them_all(runs: Runs):
    result = runs("--contact-sheet")
    assert "contact-sheet-1.png" in result.stderr
    assert (runs.out / "contact-sheet-1.png").is_file()


def test_ctrl_c_finishes_the_picture_and_says_how_to_go_on(runs: Runs):
    runs.path.write_text("fox --n_iter 50\n", encoding="utf-8")
    steps: list[int] = []

    def on_step(step: int) -> None:
        steps.append(step)
        if len(steps) == 6:
            os.kill(os.getpid(), signal.SIGINT)

    result = runs(engine=FakeEngine(on_step=on_step))
    assert result.exit_code == 130
    assert "--resume goes on" in result.stderr
    assert 2 <= len(runs.names()) < 50


def test_a_picture_that_fails_is_reported_and_the_rest_drawn(runs: Runs):
    phases: list[Phase] = []

    def on_phase(phase: Phase) -> None:
        phases.append(phase)
        if len(phases) == 2:
            raise MachineError("too little memory", hint="Close something.")

    result = runs(engine=FakeEngine(on_phase=on_phase))
    assert result.exit_code == 1
    assert "picture 1 (line 2): too little memory Close something." in result.stderr
    assert len(runs.names()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--shard", "3/2"), "part of a list"),
        (("--x", "Colour: red"), "no axis"),
        (("--styles", "none.csv"), "no file"),
        (("--resume",), "no run to go on with"),
        (("--size", "100x100"), "multiple of 32"),
    ],
)
def test_wrong_options_are_answered_with_a_line(runs: Runs, options: tuple[str, ...], message: str):
    result = runs(*options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_list_that_is_not_there_is_named(tmp_path: Path):
    result = Terminal(tmp_path).run("batch", str(tmp_path / "none.txt"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "no list at" in result.stderr
    assert not (tmp_path / "out").exists()
