import pytest
import torch

from sana_kernels.modulated_norm.lean import modulated_layer_norm
from sana_kernels.modulated_norm.reference import modulated_layer_norm as reference
from support.tiny_models import noise


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("width", [1, 7, 64])
def test_it_equals_the_reference_with_one_modulation_for_all_rows_or_one_each(rows: int, width: int):
    x, scale, shift = noise(3, 5, width), noise(rows, 1, width), noise(rows, 1, width, seed=1)
    torch.testing.assert_close(modulated_layer_norm(x, scale, shift), reference(x, scale, shift))


def test_half_precision_is_no_further_from_the_truth_than_the_reference():
    x, scale, shift = noise(2, 9, 64) * 3, noise(1, 1, 64), noise(1, 1, 64, seed=1)
    x16, scale16, shift16 = (part.bfloat16() for part in (x, scale, shift))
    truth = reference(x16.double(), scale16.double(), shift16.double())
    plain = (reference(x16, scale16, shift16).double() - truth).abs().max()
    assert (modulated_layer_norm(x16, scale16, shift16).double() - truth).abs().max() <= 2 * plain + 1e-6
