from pathlib import Path

import torch
from torch import nn

from training.checkpoints import MovingAverage, load_state, save_state


def test_there_is_no_state_at_the_first_start(tmp_path: Path) -> None:
    assert load_state(tmp_path / "state.pt") is None


def test_a_state_comes_back_and_leaves_no_partial_file(tmp_path: Path) -> None:
    save_state(tmp_path / "state.pt", {"step": 3, "weights": {"a": torch.ones(2)}})
    state = load_state(tmp_path / "state.pt")
    assert state is not None
    assert state["step"] == 3
    assert torch.equal(state["weights"]["a"], torch.ones(2))
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]


def test_the_average_follows_quickly_at_first_and_slowly_later() -> None:
    layer = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(layer.weight)
    average = MovingAverage(layer, decay=0.9)
    nn.init.ones_(layer.weight)
    average.update(layer)
    assert torch.isclose(average.parameters["weight"], torch.tensor(1 - 2 / 11)).all()
    for _ in range(300):
        average.update(layer)
    nn.init.zeros_(layer.weight)
    before = average.parameters["weight"].item()
    average.update(layer)
    assert abs(average.parameters["weight"].item() - 0.9 * before) < 1e-6


def test_an_average_goes_on_where_it_was_saved() -> None:
    layer = nn.Linear(2, 2)
    one = MovingAverage(layer, decay=0.99)
    one.update(layer)
    other = MovingAverage(nn.Linear(2, 2), decay=0.99)
    other.load_state_dict(one.state_dict())
    assert other.updates == 1
    assert torch.equal(other.parameters["weight"], one.parameters["weight"])
