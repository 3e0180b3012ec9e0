import pytest
import torch

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder

SMALL = PatchDecoderConfig(latent_channels=4, width=8, blocks=2, patch=4)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3), (7, 5)])
def test_every_latent_position_becomes_a_patch(height: int, width: int) -> None:
    assert PatchDecoder(SMALL)(torch.randn(2, 4, height, width)).shape == (2, 3, 4 * height, 4 * width)


def test_without_a_correction_it_is_a_linear_map_of_the_clamped_neighbourhood() -> None:
    decoder = PatchDecoder(SMALL)
    torch.nn.init.zeros_(decoder.correction.weight)
    latents = torch.zeros(1, 4, 5, 5)
    plain = decoder(latents)
    latents[0, 1, 2, 2] = 100.0
    changed = (decoder(latents) - plain).abs().amax(dim=(0, 1)) > 0
    rows, columns = changed.nonzero(as_tuple=True)
    # The position itself and its eight neighbours, four pixels each.
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 15, 4, 15)
    assert decoder(latents).abs().max() <= plain.abs().max() + 3 * decoder.linear.weight[:, 1].abs().max() + 1e-5


def test_an_outlier_cannot_burn_a_spot() -> None:
    decoder = PatchDecoder(SMALL)
    hot, hotter = (decoder(torch.full((1, 4, 3, 3), value)) for value in (50.0, 500.0))
    torch.testing.assert_close(hot, hotter)
