import torch

from sana_kernels import rms_norm_relu
from support.tiny_models import noise


def test_it_norms_over_the_whole_width_and_drops_what_is_negative():
    x, weight = noise(2, 5, 12), noise(12)
    expected = x / (x.square().mean(dim=-1, keepdim=True) + 1e-5).sqrt() * weight
    torch.testing.assert_close(rms_norm_relu(x, weight), expected.clamp_min(0))
