import pytest
import torch

from sana_kernels import add_pixel_shortcut
from support.tiny_models import noise


@pytest.mark.parametrize(("deep", "shallow"), [(8, 2), (8, 4), (8, 8)])
def test_every_pixel_gets_the_channel_that_unfolds_onto_it(deep: int, shallow: int):
    x, out = noise(2, deep, 3, 5), noise(2, shallow, 6, 10)
    found = add_pixel_shortcut(out, x)
    repeats = 4 * shallow // deep
    for channel, row, column in [(0, 0, 0), (shallow - 1, 5, 9), (1, 2, 7)]:
        source = (4 * channel + 2 * (row % 2) + column % 2) // repeats
        expected = out[:, channel, row, column] + x[:, source, row // 2, column // 2]
        assert torch.equal(found[:, channel, row, column], expected)
