import torch
from torch.nn import functional

from sana_kernels import channel_rms_norm
from support.tiny_models import noise


def test_it_divides_by_the_root_of_the_mean_square_then_scales_and_shifts():
    x, weight, bias = noise(2, 3, 5, 7), noise(7), noise(7, seed=1)
    expected = x / (x.square().mean(dim=-1, keepdim=True) + 1e-5).sqrt() * weight + bias
    torch.testing.assert_close(channel_rms_norm(x, weight, bias), expected)
    torch.testing.assert_close(channel_rms_norm(x, weight, bias, silu=True), functional.silu(expected))
