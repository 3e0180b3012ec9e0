import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.channel_norm.fused import channel_rms_norm  # noqa: E402
from sana_kernels.channel_norm.reference import channel_rms_norm as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("silu", [False, True])
@pytest.mark.parametrize(("height", "width", "channels"), [(1, 1, 1), (3, 7, 63), (5, 2, 130)])
def test_it_is_no_worse_than_the_reference(height: int, width: int, channels: int, silu: bool, dtype: torch.dtype):
    parts = noise(2, height, width, channels) * 5, noise(channels), noise(channels, seed=1)
    x, weight, bias = (part.to(dtype) for part in parts)
    truth = reference(x.double(), weight.double(), bias.double(), silu=silu)
    plain = reference(x, weight, bias, silu=silu)
    assert_no_worse(channel_rms_norm(x, weight, bias, silu=silu), plain, truth)


@pytest.mark.usefixtures("poison")
def test_the_layout_of_the_input_does_not_matter():
    x, weight, bias = noise(2, 6, 3, 5).permute(0, 2, 3, 1), noise(6), noise(6, seed=1)
    torch.testing.assert_close(channel_rms_norm(x, weight, bias), reference(x, weight, bias))
