import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.cuda_graphs import step_graphs
from sana_desktop.engine.graphs import WISH

CUDA = torch.device("cuda", 0)


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
