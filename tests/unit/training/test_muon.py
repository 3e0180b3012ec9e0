import pytest
import torch
from torch import nn

from training.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (6, 6)])
def test_an_orthogonal_direction_has_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert values.min() > 0.5
    assert values.max() < 1.3


@pytest.mark.parametrize("layer", [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 3, 3), nn.Conv2d(3, 4, 3, bias=False)])
def test_a_step_moves_weights_about_as_far_as_adamw_would(layer: nn.Conv2d) -> None:
    before = layer.weight.detach().clone()
    layer.weight.grad = torch.randn_like(layer.weight)
    Muon([parameter for parameter in layer.parameters() if parameter.ndim == 4], lr=0.1).step()
    moved = (layer.weight.detach() - before).square().mean().sqrt()
    assert 0.1 * 0.2 * 0.5 < moved < 0.1 * 0.2 * 1.3


def test_weights_shrink_by_their_decay_and_those_without_gradient_stay() -> None:
    still, moved = (nn.Parameter(torch.ones(2, 2)) for _ in range(2))
    moved.grad = torch.zeros(2, 2)
    Muon([still, moved], lr=0.1, weight_decay=0.5).step()
    assert torch.equal(still, torch.ones(2, 2))
    torch.testing.assert_close(moved.detach(), torch.full((2, 2), 0.95))


def test_a_closure_is_refused() -> None:
    with pytest.raises(ValueError, match="no closure"):
        Muon([nn.Parameter(torch.ones(2, 2))], lr=0.1).step(lambda: 0.0)
