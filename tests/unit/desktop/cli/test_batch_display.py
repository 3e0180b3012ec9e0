from pathlib import Path

import pytest

from sana_desktop.cli.batch_display import MOST_SHOWN, Reporter
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.events import StepDone
from sana_desktop.errors import OutputError
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.batch.running import ItemSaved, RunPaused, RunResumed, Tally
from support.fake_engine import fake_picture
from support.recipes import recipe

ITEM = Item(0, 1, recipe(), "x")


class Clock:
    """Two seconds later at every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 2
        return self.now


def reporter(*, bar: bool) -> Reporter:
    return Reporter(10, Path("out"), as_json=False, clock=Clock(), bar=bar)


def saved() -> ItemSaved:
    return ItemSaved(ITEM, Path("a.png"), fake_picture(recipe()))


def test_nothing_but_paths_is_said_in_a_pipe_while_all_is_well(capsys: pytest.CaptureFixture[str]):
    shown = reporter(bar=False)
    for event in (StepDone(1, 1, 2), saved(), saved()):
        shown.show(event)
    assert capsys.readouterr() == ("a.png\na.png\n", "")


def test_people_see_how_long_the_rest_takes(capsys: pytest.CaptureFixture[str]):
    shown = reporter(bar=True)
    shown.show(saved())
    shown.show(saved())
    shown.show(StepDone(1, 1, 2))
    err = capsys.readouterr().err
    assert err.endswith("2 of 10, step 1 of 2, about 32 s left")
    shown.clear()
    assert capsys.readouterr().err == "\r\x1b[K"


def test_a_pause_is_explained(capsys: pytest.CaptureFixture[str]):
    shown = reporter(bar=False)
    shown.show(RunPaused(OutputError("No space left.")))
    shown.show(RunResumed())
    assert capsys.readouterr().err.splitlines() == [
        "paused: No space left. The run goes on by itself when there is space.",
        "there is space again; going on",
    ]


def test_problems_are_named_up_to_a_bound(capsys: pytest.CaptureFixture[str]):
    shown = reporter(bar=False)
    for line in range(MOST_SHOWN + 5):
        shown.problem(Problem(line, 1, "no"))
    assert len(capsys.readouterr().err.splitlines()) == MOST_SHOWN


def test_the_end_says_what_is_left(capsys: pytest.CaptureFixture[str]):
    reporter(bar=False).end(Tally(saved=1, there=2, failed=3))
    assert capsys.readouterr().err.splitlines() == [
        "1 pictures saved, 2 were there before, 3 failed; in out",
        "the same command with --resume goes on with the rest",
    ]
