import pytest
import torch

from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.errors import JobCancelledError
from support.tiny_models import cancel_at_call, random_dcae


def nothing() -> None:
    pass


def test_latents_are_unscaled_before_the_autoencoder_sees_them() -> None:
    vae = random_dcae()
    latents = torch.randn(1, 32, 2, 3)
    with torch.no_grad():
        unscaled = (latents / vae.config.scaling_factor).contiguous(memory_format=torch.channels_last)
        expected = vae.decode(unscaled)
    assert torch.equal(decode_latents(vae, latents, nothing), expected)


def test_a_picture_has_the_same_bits_alone_and_in_a_batch() -> None:
    vae = random_dcae()
    latents = torch.randn(3, 32, 2, 2)
    together = decode_latents(vae, latents, nothing)
    assert torch.equal(together[1:2], decode_latents(vae, latents[1:2], nothing))


def test_a_cancel_stops_the_decode_at_the_next_layer() -> None:
    with pytest.raises(JobCancelledError):
        decode_latents(random_dcae(), torch.randn(1, 32, 2, 2), cancel_at_call(3))


def test_pixels_are_rounded_and_clipped_to_eight_bits() -> None:
    levels = torch.tensor([-2.0, -1.0, 0.0, 1.0, 3.0, 1 / 255])
    image = levels[None, None, None, :].repeat(1, 3, 1, 1)
    (rgb,) = to_pixels(image)
    assert list(rgb[::3]) == [0, 0, 128, 255, 255, 128]


def test_pixels_come_row_by_row_with_red_first() -> None:
    image = torch.stack([torch.full((1, 2), value) for value in (1.0, -1.0, 1.0)])[None]
    assert to_pixels(image) == [bytes([255, 0, 255, 255, 0, 255])]


def test_tiles_change_the_picture_by_rounding_only() -> None:
    vae = random_dcae()
    latents = torch.randn(2, 32, 3, 5)
    whole = decode_latents(vae, latents, nothing)
    assert torch.allclose(decode_latents(vae, latents, nothing, tile=2), whole, atol=1e-5)


def test_a_cancel_stops_a_tiled_decode_at_the_next_layer() -> None:
    with pytest.raises(JobCancelledError):
        decode_latents(random_dcae(), torch.randn(1, 32, 2, 2), cancel_at_call(3), tile=1)


def test_rows_of_a_tall_picture_stay_in_order() -> None:
    rows = torch.linspace(-1, 1, 700)
    (rgb,) = to_pixels(rows[None, None, :, None].repeat(1, 3, 1, 2))
    assert list(rgb[::6]) == [round(float(value)) for value in (rows + 1) * 127.5]
