import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from sana_desktop.cli.drawing import draw
from sana_desktop.domain.events import Event, Phase, PictureSaved, StepDone
from sana_desktop.domain.job import Order
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import BugError, RecipeError
from sana_desktop.services.saving import OutputPlan
from support.fake_engine import FakeEngine
from support.recipes import recipe

ORDER = Order(recipe=recipe(size=Size(32, 32), steps=2), count=2)


class Screen:
    """A display and a place for results that remember, in one list, what was on the terminal."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.threads: set[str] = set()

    def show(self, event: Event) -> None:
        self.threads.add(threading.current_thread().name)
        if isinstance(event, StepDone):
            self.told.append(f"step {event.step}")

    def clear(self) -> None:
        self.told.append("clear")

    def result(self, saved: PictureSaved) -> None:
        self.told.append(f"result {saved.picture.recipe.seed}")


def run(engine: FakeEngine, folder: Path, order: Order = ORDER) -> Screen:
    screen = Screen()
    draw(order, OutputPlan(folder=folder), lambda: engine, screen, screen.result)
    return screen


def raising(error: BaseException) -> Callable[[Phase], None]:
    def on_phase(phase: Phase) -> None:
        if phase is Phase.SAMPLE:
            raise error

    return on_phase


def test_results_appear_one_by_one_after_the_display_made_room(tmp_path: Path):
    engine = FakeEngine()
    screen = run(engine, tmp_path)

    assert screen.told == ["step 1", "step 2", "clear", "result 7", "step 1", "step 2", "clear", "result 8", "clear"]
    assert len(list(tmp_path.iterdir())) == 2
    assert engine.closed


def test_all_output_comes_from_the_thread_that_asked(tmp_path: Path):
    assert run(FakeEngine(), tmp_path).threads == {threading.current_thread().name}


def test_notices_make_room_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    screen = run(FakeEngine(notice="The prompt\nwas cut."), tmp_path)

    assert screen.told[0] == "clear"
    assert capsys.readouterr().err == "note: The prompt was cut.\n" * 2


def test_the_error_that_ended_the_job_is_raised(tmp_path: Path):
    error = RecipeError("Too much.")

    with pytest.raises(RecipeError) as caught:
        run(FakeEngine(on_phase=raising(error)), tmp_path)
    assert caught.value is error
    with pytest.raises(BugError, match="ZeroDivisionError"):
        run(FakeEngine(on_phase=raising(ZeroDivisionError())), tmp_path)
    assert not list(tmp_path.iterdir())


def test_output_that_cannot_be_written_stops_the_drawing(tmp_path: Path):
    engine, screen = FakeEngine(), Screen()

    def show(saved: PictureSaved) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        draw(
            Order(recipe=recipe(size=Size(32, 32), steps=2), count=1000),
            OutputPlan(folder=tmp_path),
            lambda: engine,
            screen,
            show,
        )
    assert engine.closed
    assert screen.told[-1] == "clear"
    assert len(engine.batches) < 1000


def test_an_interrupt_ends_with_its_code_and_keeps_what_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    engine = FakeEngine(on_step=lambda step: interrupt_second_picture())

    def interrupt_second_picture() -> None:
        if len(engine.batches) == 2:
            interrupt_and_wait(engine)

    with pytest.raises(typer.Exit) as caught:
        run(engine, tmp_path)

    assert caught.value.exit_code == 130
    assert capsys.readouterr().err.startswith("cancelled 0.")
    assert [path.name.split("_")[2] for path in tmp_path.iterdir()] == ["7"]


def interrupt_and_wait(engine: FakeEngine) -> None:
    """Press Ctrl+C, from the engine's thread, and wait until the main thread has passed it on."""
    os.kill(os.getpid(), signal.SIGINT)
    assert engine.cancel._event.wait(30.0)
