import pytest
import torch

from sana_kernels.w8a8.lean import int8_product, w8a8_linear
from sana_kernels.w8a8.reference import quantize_rows
from sana_kernels.w8a8.reference import w8a8_linear as reference
from support.tiny_models import noise


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(("rows", "depth", "columns"), [(1, 1, 1), (5, 77, 3), (33, 2880, 130)])
@pytest.mark.parametrize("bias", [True, False])
def test_it_equals_the_reference_bit_by_bit(rows: int, depth: int, columns: int, bias: bool, dtype: torch.dtype):
    x = noise(rows, depth).to(dtype)
    weight, scale = quantize_rows(noise(columns, depth, seed=1))
    bias_N = noise(columns).to(dtype) if bias else None
    assert torch.equal(w8a8_linear(x, weight, scale, bias_N), reference(x, weight, scale, bias_N))


@pytest.mark.parametrize("by_instruction", [True, False])
def test_the_product_is_exact_where_every_value_is_the_largest(by_instruction: bool):
    # On processors without such instructions torch emulates them, saturating sums of pairs in 16 bit: 64 is safe there.
    value = 64 if by_instruction else 127
    x = torch.full((32, 4096), value, dtype=torch.int8)
    weight = torch.full((16, 4096), -value, dtype=torch.int8)
    assert (int8_product(x, weight, by_instruction=by_instruction) == -4096 * value * value).all()
