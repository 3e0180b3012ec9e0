from contextlib import nullcontext
from typing import Any

import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.cuda_graphs import CudaRecorder, step_graphs
from sana_desktop.engine.graphs import WISH

CUDA = torch.device("cuda", 0)


class Card:
    """What of torch's CUDA a recorder uses, telling in `told` what it was asked for; a capture takes 100 bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[str] = []
        self.reserved = 1000
        self.free = 5000
        card = self

        class Stream:
            def __init__(self, device: torch.device) -> None: ...

            def wait_stream(self, other: object) -> None: ...

        class Graph:
            def capture_begin(self, pool: object, capture_error_mode: str) -> None:
                card.told.append(f"begin in {pool}")

            def capture_end(self) -> None:
                card.told.append("end")
                card.reserved += 100

            def replay(self) -> None:
                card.told.append("replay")

        class Event:
            def __init__(self, *, blocking: bool) -> None: ...

            def record(self) -> None: ...

            def synchronize(self) -> None:
                card.told.append("wait")

        pools = iter("ABC")
        replaced: dict[str, Any] = {
            "Stream": Stream,
            "CUDAGraph": Graph,
            "Event": Event,
            "current_stream": Stream,
            "stream": lambda stream: nullcontext(),
            "graph_pool_handle": lambda: next(pools),
            "memory_reserved": lambda device: self.reserved,
            "memory_allocated": lambda device: 400,
            "max_memory_allocated": lambda device: 700,
            "mem_get_info": lambda device: (self.free, 9000),
            "synchronize": lambda device: self.told.append("settle"),
            "empty_cache": lambda: self.told.append("empty"),
        }
        for name, fake in replaced.items():
            monkeypatch.setattr(torch.cuda, name, fake)
        monkeypatch.setattr(torch.Tensor, "record_stream", lambda self, stream: None)
        self.recorder = CudaRecorder(CUDA)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    return Card(monkeypatch)


def test_recordings_share_memory_that_is_neither_free_nor_forgotten(card: Card) -> None:
    assert (card.recorder.needed(), card.recorder.room(), card.recorder.held()) == (300, 5600, 0)
    assert card.recorder.rehearse(lambda: torch.ones(1)) == 1
    kept = [card.recorder.record(lambda: torch.ones(1)) for _ in range(2)]
    assert (card.recorder.room(), card.recorder.held()) == (5600, 200)
    # The first pool is that of no recording yet.
    assert card.told == ["begin in B", "end"] * 2
    kept.clear()
    card.recorder.release()
    assert card.told[-2:] == ["settle", "empty"]
    assert card.recorder.held() == 0
    card.recorder.record(lambda: torch.ones(1))
    assert card.told[-2:] == ["begin in C", "end"]


def test_where_little_is_free_what_torch_holds_for_nothing_goes_back_first(card: Card) -> None:
    card.free = 599
    card.recorder.record(lambda: torch.ones(1))
    assert card.told[0] == "empty"


def test_two_replays_are_under_way_at_the_most(card: Card) -> None:
    recording = card.recorder.record(lambda: torch.ones(1))
    card.told.clear()
    for _ in range(4):
        recording.replay()
    assert card.told == ["replay", "replay", "wait", "replay", "wait", "replay"]


def test_a_recording_that_fails_is_ended(card: Card) -> None:
    def fail() -> torch.Tensor:
        raise RuntimeError("operation not permitted when stream is capturing")

    with pytest.raises(RuntimeError, match="not permitted"):
        card.recorder.record(fail)
    assert card.told == ["begin in B", "end"]
    assert card.recorder.held() == 0


def _words(device: torch.device, stored: Precision | None = None) -> str:
    graphs = step_graphs(device, stored)
    graphs.run(object(), "step", lambda inputs, on_block: inputs[0] + 1, [torch.ones(2)], None)
    return graphs.take_words()


def test_a_processor_records_nothing_and_has_nothing_to_say() -> None:
    assert _words(torch.device("cpu")) == ""


def test_the_environment_can_ask_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WISH, "off")
    assert _words(CUDA) == "no CUDA graphs: SANA_GRAPHS asks for none"


def test_what_looks_at_its_inputs_is_not_recorded() -> None:
    assert "int8" in _words(CUDA, Precision.INT8)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_recorded_step_gives_what_is_computed() -> None:
    graphs = step_graphs(CUDA)
    weight = torch.randn(64, 64, device=CUDA)
    for seed in range(4):
        x = torch.randn(8, 64, generator=torch.Generator().manual_seed(seed)).to(CUDA)
        answer = graphs.run(weight, "step", lambda inputs, on_block: torch.relu(inputs[0] @ weight), [x], None)
        assert torch.equal(answer, torch.relu(x @ weight))
    assert graphs.take_words() == "steps replayed as CUDA graphs"
    assert graphs.held_bytes > 0
    assert graphs.forget()
    assert graphs.held_bytes == 0
