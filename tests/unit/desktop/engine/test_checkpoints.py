from pathlib import Path

import pytest
import torch

from sana_desktop.engine.checkpoints import SECONDS_BETWEEN, Checkpoints
from sana_desktop.engine.journal import JournalEntry, WorkJournal
from sana_desktop.engine.sampling import SamplerState
from support.recipes import recipe


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def state(step: int) -> SamplerState:
    latents = torch.full((1, 32, 8, 8), float(step))
    return SamplerState(step, latents, latents)


def entry_below(folder: Path) -> JournalEntry:
    return WorkJournal(folder).entry([recipe()], {})


def on_disk(folder: Path) -> int | None:
    work = entry_below(folder).read()
    return None if work is None else work.state.step


def checkpoints(folder: Path, clock: Clock, last_step: int = 20) -> Checkpoints:
    return Checkpoints(entry_below(folder), last_step, lambda text: None, clock)


def test_a_picture_that_takes_less_than_two_seconds_writes_nothing_while_it_is_drawn(tmp_path: Path) -> None:
    clock = Clock()
    done = checkpoints(tmp_path / "journal", clock)
    done.begin_steps()
    for step in range(1, 21):
        clock.now += SECONDS_BETWEEN / 21
        done.saw(state(step))
        done.write_if_due()
    assert not (tmp_path / "journal").exists()


def test_a_slow_picture_writes_once_in_two_seconds(tmp_path: Path) -> None:
    clock = Clock()
    done = checkpoints(tmp_path, clock)
    done.begin_steps()
    seen: list[int | None] = []
    for step in range(1, 7):
        clock.now += 0.7 * SECONDS_BETWEEN
        done.saw(state(step))
        done.write_if_due()
        seen.append(on_disk(tmp_path))
    assert seen == [None, 2, 2, 4, 4, 6]


def test_time_before_the_steps_does_not_count(tmp_path: Path) -> None:
    clock = Clock()
    done = checkpoints(tmp_path, clock)
    clock.now += 60.0
    done.begin_steps()
    done.saw(state(1))
    done.write_if_due()
    assert on_disk(tmp_path) is None


def test_the_last_state_is_written_when_that_is_asked_for(tmp_path: Path) -> None:
    done = checkpoints(tmp_path, Clock())
    done.write()
    assert on_disk(tmp_path) is None
    done.saw(state(1))
    done.saw(state(2))
    done.write()
    assert on_disk(tmp_path) == 2


def test_it_begins_with_what_was_left_and_its_notices(tmp_path: Path) -> None:
    before = checkpoints(tmp_path, Clock())
    assert (before.step, before.state) == (0, None)
    assert before.note([("cut",)]) == ["cut"]
    assert before.note([("cut",)]) == []
    before.saw(state(7))
    before.write()
    after = checkpoints(tmp_path, Clock())
    assert (after.step, after.notices) == (7, (("cut",),))


@pytest.mark.parametrize(("last_step", "step"), [(6, 0), (7, 7), (8, 7)])
def test_what_was_left_beyond_the_last_step_is_of_no_use(tmp_path: Path, last_step: int, step: int) -> None:
    before = checkpoints(tmp_path, Clock())
    before.saw(state(7))
    before.write()
    assert checkpoints(tmp_path, Clock(), last_step).step == step


def test_a_journal_that_cannot_be_written_is_told_of_once_and_disturbs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    clock, warnings = Clock(), list[str]()
    done = Checkpoints(entry_below(tmp_path / "file" / "journal"), 20, warnings.append, clock)
    for step in (1, 2, 3):
        clock.now += 10.0
        done.saw(state(step))
        done.write_if_due()
    done.write()
    (warning,) = warnings
    assert "could not be kept" in warning
    assert done.step == 3


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    done = checkpoints(tmp_path, Clock())
    done.saw(state(1))
    done.write()
    done.forget()
    assert on_disk(tmp_path) is None
