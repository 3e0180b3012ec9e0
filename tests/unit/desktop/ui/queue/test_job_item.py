import pytest

from sana_desktop.domain.cancel import Stop
from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState, Order
from sana_desktop.errors import BugError, MachineError
from sana_desktop.ui.queue.job_item import JobItem, about_text, phase_text, state_text
from support.recipes import recipe


def item(count: int = 1, **changes: object) -> JobItem:
    return JobItem(1, Order(recipe=recipe(seed=42), count=count), **changes)  # pyright: ignore[reportArgumentType]


RUNNING = JobState.RUNNING


def test_what_is_drawn_is_said_in_short():
    assert about_text(item()) == "256 × 256 · 20 steps · seed 42"


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (item(), "Waiting"),
        (item(restored=True), "Waiting, from last time"),
        (item(count=4), "Waiting · 4 pictures"),
        (item(count=4, restored=True, done=1), "1 of 4 · Waiting, from last time"),
        (item(state=RUNNING), "Starting"),
        (item(state=RUNNING, phase=Phase.LOAD), "Loading the model"),
        (item(state=RUNNING, phase=Phase.SAMPLE), "Drawing"),
        (item(state=RUNNING, phase=Phase.SAMPLE, step=7), "Step 7 of 20"),
        (item(state=RUNNING, phase=Phase.DECODE, step=20), "Decoding"),
        (item(count=9, done=2, state=RUNNING, phase=Phase.SAVE), "2 of 9 · Saving"),
        (item(state=RUNNING, phase=Phase.SAMPLE, step=7, stopping=Stop.DISCARD), "Cancelling"),
        (item(state=RUNNING, phase=Phase.SAMPLE, step=7, stopping=Stop.KEEP), "Stopping, keeping what is there"),
        (item(count=9, done=2, state=RUNNING, phase=Phase.SAVE, resting=True), "2 of 9 · Paused"),
        (item(state=JobState.FINISHED), "Finished"),
        (item(state=JobState.CANCELLED, latency=0.0213), "Cancelled 0.02 s after you asked"),
        (item(state=JobState.FAILED, error=MachineError("Too little memory.")), "Failed: Too little memory."),
        (item(state=JobState.FAILED, error=BugError("KeyError: 3")), "Failed: a mistake of Sana Desktop's"),
    ],
)
def test_where_a_job_stands_is_said_in_words(of: JobItem, text: str):
    assert state_text(of) == text


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_words(phase: Phase):
    assert len(phase_text(phase)) > 4
