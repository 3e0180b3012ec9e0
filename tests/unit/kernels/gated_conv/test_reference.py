import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sana_kernels import gated_depthwise_conv
from support.tiny_models import noise


def _naive(x_BhwF: Tensor, weight_F133: Tensor, bias_F: Tensor) -> Tensor:
    """Nine shifted copies of the zero-padded picture, in fp64; the second half of the channels gates the first."""
    height, width = x_BhwF.shape[1:3]
    padded = functional.pad(functional.silu(x_BhwF.double()), (0, 0, 1, 1, 1, 1))
    mixed = bias_F.double().expand(*x_BhwF.shape).clone()
    for row in range(3):
        for column in range(3):
            mixed += padded[:, row : row + height, column : column + width] * weight_F133[:, 0, row, column].double()
    half = mixed.shape[-1] // 2
    return mixed[..., :half] * functional.silu(mixed[..., half:])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5), (3, 7), (8, 2), (41, 13)])
@pytest.mark.parametrize("channels", [2, 6, 64])
def test_it_equals_nine_shifted_products(height: int, width: int, channels: int):
    x = noise(2, height, width, channels)
    weight, bias = noise(channels, 1, 3, 3), noise(channels)
    found = gated_depthwise_conv(x, weight, bias)
    assert found.shape == (2, height, width, channels // 2)
    torch.testing.assert_close(found.double(), _naive(x, weight, bias), rtol=1e-4, atol=1e-5)


def test_the_result_does_not_depend_on_the_memory_layout():
    x, weight, bias = noise(2, 5, 3, 8), noise(8, 1, 3, 3), noise(8)
    planes = x.permute(0, 3, 1, 2).contiguous().permute(0, 2, 3, 1)
    assert planes.stride() != x.stride()
    torch.testing.assert_close(
        gated_depthwise_conv(planes, weight, bias), gated_depthwise_conv(x, weight, bias), rtol=1e-5, atol=1e-6
    )


def test_a_shut_gate_lets_nothing_through():
    weight, bias = torch.zeros(4, 1, 3, 3), torch.tensor([5.0, 7.0, 0.0, 10.0])
    found = gated_depthwise_conv(noise(1, 2, 2, 4), weight, bias)
    assert torch.equal(found[..., 0], torch.zeros(1, 2, 2))
    torch.testing.assert_close(found[..., 1], torch.full((1, 2, 2), 7 * functional.silu(torch.tensor(10.0)).item()))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_keeps_the_nine_products_together(dtype: torch.dtype):
    x, weight, bias = (part.to(dtype) for part in (noise(1, 7, 9, 16), noise(16, 1, 3, 3), noise(16)))
    found = gated_depthwise_conv(x, weight, bias)
    assert found.dtype is dtype
    truth = _naive(x, weight, bias)
    # Roundings of the activation, the convolution, the gate and the product.
    assert (found.double() - truth).abs().max() <= 4 * torch.finfo(dtype).eps * truth.abs().max()
