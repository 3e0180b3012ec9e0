import pytest
import torch

from support.kernels import DTYPES, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.w8a8.fused import NARROW, WIDE, Tile, example, int8_linear, quantize_rows, tile_for, w8a8_linear  # noqa: E402
from sana_kernels.w8a8.reference import int8_linear as reference  # noqa: E402
from sana_kernels.w8a8.reference import quantize_rows as quantize  # noqa: E402
from sana_kernels.w8a8.reference import w8a8_linear as whole_reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "depth", "columns"), [(1, 1, 1), (100, 77, 130), (129, 64, 65)])
@pytest.mark.parametrize("whole", [True, False], ids=["bias-and-residual", "bare"])
def test_it_equals_the_reference_up_to_the_rounding_of_the_result(
    rows: int, depth: int, columns: int, whole: bool, dtype: torch.dtype
):
    x, x_scale = quantize(noise(rows, depth))
    weight, weight_scale = quantize(noise(columns, depth, seed=1))
    bias = noise(columns).to(dtype) if whole else None
    residual = noise(rows, columns).to(dtype) if whole else None
    arguments = (x, x_scale, weight, weight_scale, bias, residual)
    found = int8_linear(*arguments, dtype=dtype)
    torch.testing.assert_close(found, reference(*arguments, dtype=dtype))


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("tile", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_size_of_tiles_does_not_matter(tile: Tile):
    x, x_scale = quantize(noise(5, 140))
    weight, weight_scale = quantize(noise(260, 140, seed=1))
    arguments = (x, x_scale, weight, weight_scale, noise(260))
    found = int8_linear(*arguments, dtype=torch.float32, tile=tile)
    torch.testing.assert_close(found, reference(*arguments, dtype=torch.float32))


def test_wide_tiles_are_for_the_cards_that_they_were_measured_on():
    assert tile_for((9, 0), residual=False) is WIDE
    assert tile_for((9, 0), residual=True) is NARROW
    assert tile_for((8, 0), residual=False) is tile_for((12, 0), residual=False) is NARROW


@pytest.mark.usefixtures("poison")
def test_rows_may_lie_apart():
    x, x_scale = quantize(noise(5, 40))
    weight, weight_scale = quantize(noise(3, 40, seed=1))
    apart = torch.zeros(5, 77, dtype=torch.int8)
    apart[:, :40] = x
    found = int8_linear(apart[:, :40], x_scale, weight, weight_scale, None, dtype=torch.float32)
    torch.testing.assert_close(found, reference(x, x_scale, weight, weight_scale, None, dtype=torch.float32))


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
def test_quantizing_gives_the_same_steps_ties_included(dtype: torch.dtype):
    x = noise(6, 77).to(dtype)
    x[2] = 0
    x[3] = torch.arange(77) - 38.5
    x[3, 0] = 127
    values, scale = quantize_rows(x)
    expected, expected_scale = quantize(x)
    assert torch.equal(scale, expected_scale)
    assert torch.equal(values, expected)


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_whole_layer_is_no_further_off_than_a_step_of_its_inputs(dtype: torch.dtype):
    x, weight, scale, bias = example(torch.device("cpu"), dtype)
    found, expected = w8a8_linear(x, weight, scale, bias), whole_reference(x, weight, scale, bias)
    assert found.dtype is dtype
    assert (found - expected).abs().max() <= 0.01 * expected.abs().max()
