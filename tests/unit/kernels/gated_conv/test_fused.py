import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.gated_conv.fused import LARGE, SMALL, Shape, example, gated_depthwise_conv, silu_for  # noqa: E402
from sana_kernels.gated_conv.reference import gated_depthwise_conv as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("height", "width", "channels"), [(1, 1, 2), (3, 7, 6), (2, 17, 134)])
def test_it_is_no_worse_than_the_reference(height: int, width: int, channels: int, dtype: torch.dtype):
    parts = noise(2, height, width, channels), noise(channels, 1, 3, 3), noise(channels)
    x, weight, bias = (part.to(dtype) for part in parts)
    truth = reference(x.double(), weight.double(), bias.double())
    assert_no_worse(gated_depthwise_conv(x, weight, bias), reference(x, weight, bias), truth)


@pytest.mark.usefixtures("poison")
def test_the_layout_of_the_input_does_not_matter():
    x, weight, bias = example(torch.device("cpu"), torch.float32)
    planes = x.permute(0, 3, 1, 2).contiguous().permute(0, 2, 3, 1)
    found = gated_depthwise_conv(planes, weight, bias)
    torch.testing.assert_close(found, reference(x, weight, bias), rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("shape", [SMALL, LARGE, Shape(2, 2, 32, 1)], ids=["short", "long", "tiny"])
def test_the_size_of_strips_does_not_matter(shape: Shape):
    x, weight, bias = noise(1, 9, 5, 6), noise(6, 1, 3, 3), noise(6)
    found = gated_depthwise_conv(x, weight, bias, shape=shape)
    torch.testing.assert_close(found, reference(x, weight, bias), rtol=1e-4, atol=1e-5)


def test_the_approximate_tanh_is_for_bf16_on_cards_only():
    found = {dtype: silu_for(dtype, torch.device("cuda")) for dtype in DTYPES}
    assert found == {torch.bfloat16: 2, torch.float16: 1, torch.float32: 1}
    assert {silu_for(dtype, torch.device("cpu")) for dtype in DTYPES} == {0}
