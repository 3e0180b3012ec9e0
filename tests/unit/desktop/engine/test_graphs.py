import logging
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from sana_desktop.engine.graphs import StepGraphs
from support.fake_recorder import FakeRecorder

FIRST = ["rehearse", "record", "replay"]
NETWORK = object()


class Doubled:
    """A program, and how often its blocks were announced."""

    def __init__(self) -> None:
        self.blocks = 0

    def __call__(self, inputs: Sequence[Tensor], on_block: Callable[[], None] | None) -> Tensor:
        x, added = inputs
        for _ in range(3):
            if on_block is not None:
                on_block()
        return 2 * x + added

    def run(self, graphs: StepGraphs, value: float, *, added: Tensor | None = None, size: int = 4) -> Tensor:
        """One step with inputs of its own."""
        x = torch.full((size,), value)
        return graphs.run(NETWORK, "step", self, [x, torch.zeros(1) if added is None else added], self._on_block)

    def _on_block(self) -> None:
        self.blocks += 1


@pytest.fixture
def program() -> Doubled:
    return Doubled()


def test_the_first_step_is_computed_and_the_others_are_replayed_with_their_own_numbers(program: Doubled) -> None:
    recorder = FakeRecorder()
    graphs = StepGraphs(recorder)
    answers = [program.run(graphs, value) for value in (1.0, 2.0, 3.0)]
    assert [answer.tolist() for answer in answers] == [[2.0] * 4, [4.0] * 4, [6.0] * 4]
    assert recorder.told == [*FIRST, "replay", "replay"]
    assert graphs.take_words() == "steps replayed as CUDA graphs"
    assert graphs.take_words() == ""


def test_a_replay_calls_on_block_once_and_not_at_all_while_it_is_recorded(program: Doubled) -> None:
    graphs = StepGraphs(FakeRecorder())
    program.run(graphs, 1.0)
    assert program.blocks == 3
    program.run(graphs, 2.0)
    assert program.blocks == 4


def test_what_on_block_raises_ends_the_step(program: Doubled) -> None:
    graphs = StepGraphs(FakeRecorder())
    program.run(graphs, 1.0)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        graphs.run(NETWORK, "step", program, [torch.ones(4), torch.zeros(1)], stop)
    assert program.run(graphs, 5.0).tolist() == [10.0] * 4


def test_inputs_that_are_another_tensor_are_copied_and_the_same_are_not(program: Doubled) -> None:
    graphs, one, other = StepGraphs(FakeRecorder()), torch.ones(1), torch.full((1,), 7.0)
    assert program.run(graphs, 1.0, added=one).tolist() == [3.0] * 4
    assert program.run(graphs, 1.0, added=other).tolist() == [9.0] * 4
    assert program.run(graphs, 1.0, added=other).tolist() == [9.0] * 4
    assert program.run(graphs, 1.0, added=one).tolist() == [3.0] * 4


def test_answers_outlast_the_next_replay_and_work_outside_of_inference_mode(program: Doubled) -> None:
    graphs = StepGraphs(FakeRecorder())
    answers = [program.run(graphs, value) for value in (1.0, 2.0, 3.0)]
    assert not any(answer.is_inference() for answer in answers)
    assert answers[1].add_(1).tolist() == [5.0] * 4
    assert answers[2].tolist() == [6.0] * 4


def test_every_shape_kind_and_network_has_a_recording_of_its_own(program: Doubled) -> None:
    recorder = FakeRecorder()
    graphs = StepGraphs(recorder)
    program.run(graphs, 1.0)
    program.run(graphs, 1.0, size=5)
    graphs.run(NETWORK, "another", program, [torch.ones(4), torch.zeros(1)], None)
    graphs.run(object(), "step", program, [torch.ones(4), torch.zeros(1)], None)
    assert recorder.told == FIRST * 4
    program.run(graphs, 1.0)
    assert recorder.told == [*FIRST * 4, "replay"]


def test_the_recording_that_was_unused_the_longest_makes_place(program: Doubled) -> None:
    recorder = FakeRecorder()
    graphs = StepGraphs(recorder, most=2)
    for size in (4, 5, 4, 6):
        program.run(graphs, 1.0, size=size)
    recorder.told.clear()
    program.run(graphs, 1.0, size=4)
    assert recorder.told == ["replay"]
    recorder.told.clear()
    program.run(graphs, 1.0, size=5)
    assert recorder.told == FIRST


@pytest.mark.parametrize("error", [RuntimeError("operation not permitted\nwhen capturing"), MemoryError("no room")])
def test_what_cannot_be_recorded_is_computed_and_the_reason_is_told_once(
    program: Doubled, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = FakeRecorder(failure=error)
    graphs = StepGraphs(recorder)
    with caplog.at_level(logging.WARNING):
        answers = [program.run(graphs, value).tolist() for value in (1.0, 2.0)]
    assert answers == [[2.0] * 4, [4.0] * 4]
    assert recorder.told == ["rehearse", "record"]
    assert len(caplog.records) == 1
    assert graphs.take_words() == f"no CUDA graphs: {type(error).__name__}: {str(error).splitlines()[0]}"


@pytest.mark.parametrize("off_by", [0.5, float("nan")])
def test_a_replay_that_gives_something_else_is_not_used(program: Doubled, off_by: float) -> None:
    graphs = StepGraphs(FakeRecorder(off_by=off_by))
    assert [program.run(graphs, value)[0] for value in (1.0, 2.0)] == [2.0, 4.0]
    assert "a replay is off by" in graphs.take_words()


def test_rounding_is_no_reason_to_refuse(program: Doubled) -> None:
    graphs = StepGraphs(FakeRecorder(off_by=1e-5))
    assert program.run(graphs, 1.0)[0] == 2.0
    assert program.run(graphs, 2.0)[0] == pytest.approx(4.0, abs=1e-4)
    assert graphs.take_words() == "steps replayed as CUDA graphs"


def test_nothing_is_recorded_where_memory_is_short_and_it_is_tried_again(program: Doubled) -> None:
    recorder = FakeRecorder(needed=300, room=1000)
    graphs = StepGraphs(recorder)
    assert [program.run(graphs, value)[0] for value in (1.0, 2.0)] == [2.0, 4.0]
    assert recorder.told == ["rehearse", "rehearse"]
    assert graphs.take_words() == "no CUDA graphs: memory is short"


def test_what_was_forgotten_gives_its_memory_back_and_is_recorded_anew(program: Doubled) -> None:
    recorder = FakeRecorder()
    graphs = StepGraphs(recorder)
    assert not graphs.forget()
    program.run(graphs, 1.0)
    assert graphs.held_bytes == 1
    assert graphs.forget()
    assert graphs.held_bytes == 0
    assert recorder.told == [*FIRST, "release"]
    program.run(graphs, 1.0)
    assert recorder.told == [*FIRST, "release", *FIRST]


def test_after_giving_up_nothing_is_recorded_any_more(program: Doubled) -> None:
    recorder = FakeRecorder()
    graphs = StepGraphs(recorder)
    program.run(graphs, 1.0)
    assert graphs.give_up("memory was full")
    assert not graphs.give_up("memory was full")
    graphs.take_words()
    assert program.run(graphs, 3.0)[0] == 6.0
    assert recorder.told == [*FIRST, "release"]
    assert graphs.take_words() == "no CUDA graphs: memory was full"


def test_without_a_recorder_there_is_nothing_to_say(program: Doubled) -> None:
    graphs = StepGraphs(None)
    assert not graphs.give_up("memory was full")
    assert program.run(graphs, 1.0)[0] == 2.0
    assert (graphs.take_words(), graphs.held_bytes) == ("", 0)
