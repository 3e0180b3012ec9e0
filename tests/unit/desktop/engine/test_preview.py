import pytest
import torch
from torch import nn

from sana_desktop.engine.preview import Preview, decoded_preview, linear_preview, sana_linear_map
from sana_models.configs import PatchDecoderConfig, TinyDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from sana_models.tiny_decoder import TinyDecoder
from support.tiny_models import random_tiny_decoder


def _latents(height: int, width: int, channels: int = 32) -> torch.Tensor:
    return torch.randn(1, channels, height, width, generator=torch.Generator().manual_seed(height * width))


def _pixel(preview: Preview, x: int, y: int) -> tuple[int, int, int]:
    start = 3 * (y * preview.width + x)
    red, green, blue = preview.rgb[start : start + 3]
    return red, green, blue


def test_latents_of_zero_are_the_mean_colour():
    assert linear_preview(sana_linear_map(), torch.zeros(1, 32, 1, 1)) == Preview(bytes([115, 106, 97]), 1, 1)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5), (3, 7), (32, 32)])
def test_the_linear_preview_has_a_pixel_per_latent_position(height: int, width: int):
    preview = linear_preview(sana_linear_map(), _latents(height, width))
    assert (preview.width, preview.height) == (width, height)
    assert len(preview.rgb) == 3 * width * height


def test_channel_24_is_brightness_and_6_goes_from_red_to_blue():
    latents = torch.zeros(1, 32, 2, 3)
    latents[0, 24, 0, 2] = 2.0
    latents[0, 6, 1, 0] = 3.0
    preview = linear_preview(sana_linear_map(), latents)
    mean = _pixel(preview, 0, 0)
    # round(255 * (bias + value * weight)), by hand.
    assert _pixel(preview, 2, 0) == (72, 59, 54)
    assert _pixel(preview, 0, 1) == (67, 119, 125)
    assert _pixel(preview, 1, 1) == mean, "neighbours do not change"


def test_colours_out_of_range_are_clipped():
    latents = torch.zeros(1, 32, 1, 2)
    latents[0, 24, 0] = torch.tensor([100.0, -100.0])
    assert linear_preview(sana_linear_map(), latents).rgb == bytes([0, 0, 0, 255, 255, 255])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_latents_of_any_precision_can_be_previewed(dtype: torch.dtype):
    latents = torch.zeros(1, 32, 2, 2, dtype=dtype, requires_grad=True)
    assert linear_preview(sana_linear_map(), latents).rgb == bytes([115, 106, 97] * 4)
    assert len(decoded_preview(random_tiny_decoder(), latents).rgb) == 3 * 64 * 64


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 1), (2, 5)])
def test_the_decoded_preview_is_what_the_decoder_draws(height: int, width: int):
    decoder = random_tiny_decoder()
    latents = _latents(height, width)
    preview = decoded_preview(decoder, latents)
    assert (preview.width, preview.height) == (32 * width, 32 * height)
    assert len(preview.rgb) == 3 * preview.width * preview.height
    image = decoder(latents)[0].detach()
    for x, y in ((0, 0), (preview.width - 1, 0), (5, preview.height - 1)):
        expected = [round(255 * min(max(value, 0.0), 1.0)) for value in image[:, y, x].tolist()]
        assert _pixel(preview, x, y) == pytest.approx(expected, abs=1)


def test_a_patch_decoder_draws_a_preview_of_its_own_size():
    torch.manual_seed(0)
    decoder = PatchDecoder(PatchDecoderConfig(width=8, patch=4))
    preview = decoded_preview(decoder, _latents(2, 3))
    assert (preview.width, preview.height) == (12, 8)
    with pytest.raises(ValueError, match=r"expected latents of shape \[1, 32, h, w\]"):
        decoded_preview(decoder, torch.zeros(1, 16, 2, 2))


def test_rows_of_a_preview_are_red_green_blue_from_the_top_left():
    decoder = TinyDecoder(TinyDecoderConfig(latent_channels=4, widths=(2, 2), blocks_per_stage=0, blocks_in_head=0))
    decoder[-1] = _Colours()
    preview = decoded_preview(decoder, torch.zeros(1, 4, 1, 1))
    assert preview == Preview(bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]), 2, 2)


class _Colours(nn.Module):
    """Red, green in the upper row; blue, white in the lower."""

    def forward(self, _: torch.Tensor) -> torch.Tensor:
        red, green, blue, white = (1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0), (2.0, 2.0, 2.0)
        return torch.tensor([[red, green], [blue, white]]).permute(2, 0, 1)[None]


def test_the_preview_follows_the_precision_of_the_decoder():
    latents = _latents(1, 2)
    sharp = decoded_preview(random_tiny_decoder(), latents)
    coarse = decoded_preview(random_tiny_decoder().bfloat16(), latents)
    worst = max(abs(a - b) for a, b in zip(sharp.rgb, coarse.rgb, strict=True))
    assert 0 < worst < 32


@pytest.mark.parametrize("shape", [(2, 32, 1, 1), (1, 4, 1, 1), (32, 1, 1)])
def test_anything_but_one_picture_is_refused_with_both_shapes(shape: tuple[int, ...]):
    with pytest.raises(ValueError, match=r"expected latents of shape \[1, 32, h, w\], found \["):
        linear_preview(sana_linear_map(), torch.zeros(shape))
    with pytest.raises(ValueError, match=r"expected latents of shape \[1, 32, h, w\], found \["):
        decoded_preview(random_tiny_decoder(), torch.zeros(shape))
