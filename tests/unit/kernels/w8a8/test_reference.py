import pytest
import torch

from sana_kernels.w8a8.reference import int8_linear, quantize_rows
from support.tiny_models import noise


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_row_is_within_half_a_step_of_what_was_quantized(dtype: torch.dtype):
    x = noise(5, 77).to(dtype)
    values, scale = quantize_rows(x)
    assert values.dtype is torch.int8
    assert ((values * scale - x.float()).abs() <= 0.5001 * scale).all()
    assert values.abs().amax(dim=-1).tolist() == [127] * 5


def test_a_row_of_zeros_stays_zero():
    values, scale = quantize_rows(torch.zeros(2, 3))
    assert torch.equal(values * scale, torch.zeros(2, 3))


def test_the_product_is_exact_up_to_one_rounding():
    x, x_scale = quantize_rows(noise(5, 2880))
    weight, weight_scale = quantize_rows(noise(7, 2880, seed=1))
    bias, residual = noise(7), noise(5, 7)
    found = int8_linear(x, x_scale, weight, weight_scale, bias, residual, dtype=torch.float32)
    expected = (x.double() * x_scale) @ (weight.double() * weight_scale).T + bias + residual
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)


def test_eight_bits_cost_about_one_per_cent_of_a_layer_with_bell_shaped_inputs():
    x, weight = noise(64, 1152), noise(96, 1152, seed=1)
    found = int8_linear(*quantize_rows(x), *quantize_rows(weight), None, dtype=torch.float32)
    error = (found - x @ weight.T).square().mean().sqrt() / (x @ weight.T).square().mean().sqrt()
    assert error < 0.02
