import torch

from sana_kernels.conv3x3 import lean, reference
from support.tiny_models import noise


def test_it_pays_for_wide_layers_of_large_stages_in_fp32():
    wide, narrow = torch.empty(64, 64, 3, 3), torch.empty(3, 128, 3, 3)
    assert lean.pays(64 * 64, wide)
    assert not lean.pays(16 * 16, wide)
    assert not lean.pays(512 * 512, narrow)
    assert not lean.pays(64 * 64, wide.bfloat16())


@torch.inference_mode()
def test_both_forms_give_the_reference():
    weight, bias = noise(64, 64, 3, 3, seed=1) / 24, noise(64, seed=2)
    for side in (8, 48):
        x = noise(1, 64, side, side)
        expected = reference.conv3x3(x, weight, bias)
        torch.testing.assert_close(lean.conv3x3(x, weight, bias), expected, rtol=0, atol=1e-4)
