import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.modulated_norm.fused import modulated_layer_norm, modulated_layer_norm_int8  # noqa: E402
from sana_kernels.modulated_norm.reference import modulated_layer_norm as reference  # noqa: E402
from sana_kernels.w8a8.reference import quantize_rows  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "width", "rows"), [(1, 1, 1), (7, 63, 2), (3, 1152, 1)])
def test_it_is_no_worse_than_the_reference(tokens: int, width: int, rows: int, dtype: torch.dtype):
    parts = noise(2, tokens, width) * 3 + 1, noise(rows, 1, width), noise(rows, 1, width, seed=1)
    x, scale, shift = (part.to(dtype) for part in parts)
    truth = reference(x.double(), scale.double(), shift.double())
    assert_no_worse(modulated_layer_norm(x, scale, shift), reference(x, scale, shift), truth)


@pytest.mark.usefixtures("poison")
def test_tokens_and_signals_may_be_strided_views():
    wide, signals = noise(2, 5, 140), noise(2, 6, 70)
    x, (shift, scale, *_) = wide[:, ::2, :70], signals.chunk(6, dim=1)
    assert not x.is_contiguous()
    torch.testing.assert_close(modulated_layer_norm(x, scale, shift), reference(x, scale, shift), rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_quantized_result_is_that_of_quantizing_the_reference(dtype: torch.dtype):
    x, scale, shift = (part.to(dtype) for part in (noise(2, 5, 77), noise(1, 1, 77), noise(1, 1, 77, seed=1)))
    values, steps = modulated_layer_norm_int8(x, scale, shift)
    expected, expected_steps = quantize_rows(reference(x.float(), scale.float(), shift.float()))
    torch.testing.assert_close(steps, expected_steps, rtol=1e-4, atol=1e-7)
    # Next to a half, a last bit of the norm decides.
    assert (values.int() - expected.int()).abs().max() <= 1
    assert (values != expected).float().mean() < 0.01
