import pytest
import torch
from torch import Tensor

from sana_kernels import modulated_layer_norm
from support.tiny_models import noise


def _naive(x: Tensor, scale: Tensor, shift: Tensor, eps: float) -> Tensor:
    x = x.double()
    centred = x - x.mean(dim=-1, keepdim=True)
    variance = centred.square().mean(dim=-1, keepdim=True)
    return centred / (variance + eps).sqrt() * (1 + scale.double()) + shift.double()


@pytest.mark.parametrize(("tokens", "width"), [(1, 2), (3, 63), (341, 41), (7, 1152)])
@pytest.mark.parametrize("eps", [1e-6, 1e-2])
def test_it_equals_the_formula(tokens: int, width: int, eps: float):
    x, scale, shift = noise(2, tokens, width) * 2 + 1, noise(2, 1, width), noise(2, 1, width, seed=1)
    found = modulated_layer_norm(x, scale, shift, eps=eps)
    torch.testing.assert_close(found.double(), _naive(x, scale, shift, eps), rtol=1e-4, atol=1e-4)


def test_every_picture_of_a_batch_has_its_own_scale_and_shift():
    x = noise(1, 4, 6).expand(2, 4, 6)
    scale = torch.stack([torch.zeros(1, 6), torch.ones(1, 6)])
    shift = torch.stack([torch.zeros(1, 6), torch.full((1, 6), 5.0)])
    plain, changed = modulated_layer_norm(x, scale, shift)
    torch.testing.assert_close(changed, 2 * plain + 5)


def test_a_scale_of_zero_leaves_the_norm_alone():
    found = modulated_layer_norm(noise(1, 3, 64), torch.zeros(1, 1, 64), torch.zeros(1, 1, 64))
    torch.testing.assert_close(found.mean(dim=-1), torch.zeros(1, 3), rtol=0, atol=1e-6)
    torch.testing.assert_close(found.var(dim=-1, correction=0), torch.ones(1, 3), rtol=0, atol=1e-4)


def test_a_constant_token_becomes_the_shift():
    shift = noise(1, 1, 8)
    found = modulated_layer_norm(torch.full((1, 2, 8), 7.0), noise(1, 1, 8, seed=1), shift)
    assert torch.equal(found, shift.expand(1, 2, 8))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_takes_its_moments_in_fp32(dtype: torch.dtype):
    x = (noise(1, 5, 1152) + 100).to(dtype)
    scale, shift = noise(1, 1, 1152).to(dtype), noise(1, 1, 1152, seed=1).to(dtype)
    found = modulated_layer_norm(x, scale, shift)
    assert found.dtype is dtype
    truth = _naive(x, scale, shift, 1e-6)
    # Three roundings: the norm, its product with the scale, the sum with the shift.
    assert (found.double() - truth).abs().max() <= 3 * torch.finfo(dtype).eps * truth.abs().max()
