from dataclasses import replace
from typing import cast

import pytest
import torch
from torch import nn

from sana_desktop.errors import JobCancelledError
from sana_models.configs import DC_AE_F32C32, DCAEConfig
from sana_models.dc_ae import DCAutoencoder, Decoder
from sana_models.dc_ae_blocks import EfficientViTBlock, ResBlock, Upsample
from sana_models.dc_ae_tiles import decode_by_tiles, encode_by_tiles, halo_of
from support.tiny_models import (
    SHALLOW_DCAE,
    TINY_DCAE,
    TINY_DCAE_LITE,
    TINY_DCAE_RESIDUAL,
    cancel_at_call,
    diffusers_dcae,
    largest_error,
    random_dcae,
)

# Of the largest value: what the order of fp32 additions may change.
TOLERANCE = 5e-6
KINDS = {
    "attention": TINY_DCAE,
    "lite": TINY_DCAE_LITE,
    "residual": TINY_DCAE_RESIDUAL,
    "strided-doubling": replace(TINY_DCAE_RESIDUAL, downsample_block_type="Conv", upsample_block_type="interpolate"),
    "shallow": SHALLOW_DCAE,
}


def _uneven(*shape: int) -> torch.Tensor:
    """Noise that grows twentyfold from left to right and from top to bottom: no tile looks like another."""
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))
    return noise * torch.logspace(-1, 0.3, shape[-1]) * torch.logspace(-0.5, 0.3, shape[-2])[:, None]


@pytest.mark.parametrize("tile", [1, 3, 4, 9])
@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_a_tiled_decode_is_the_untiled_one(kind: str, tile: int):
    vae = random_dcae(KINDS[kind])
    latents = _uneven(1, vae.config.latent_channels, 5, 7)
    whole = vae.decode(latents)
    assert largest_error(decode_by_tiles(vae, latents, tile=tile), whole) <= TOLERANCE * whole.abs().max()


@pytest.mark.parametrize("tile", [1, 3, 4, 9])
@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_a_tiled_encode_is_the_untiled_one(kind: str, tile: int):
    vae = random_dcae(KINDS[kind])
    images = _uneven(1, 3, 5 * vae.config.compression, 7 * vae.config.compression)
    whole = vae.encode(images)
    assert largest_error(encode_by_tiles(vae, images, tile=tile), whole) <= TOLERANCE * whole.abs().max()


@torch.inference_mode()
def test_tiling_as_diffusers_does_it_is_far_from_exact():
    # Shows that the input above is one on which per-tile attention fails.
    vae = random_dcae()
    oracle = diffusers_dcae(vae)
    oracle.enable_tiling(96, 96, 64, 64)
    latents = _uneven(1, 32, 5, 7)
    whole = vae.decode(latents)
    assert largest_error(oracle.decode(latents).sample, whole) > 100 * TOLERANCE * whole.abs().max()


def _last_stages(decoder: Decoder) -> list[nn.Module]:
    count = sum(len(cast(nn.Sequential, stage)) for stage in list(decoder.up_blocks)[:3])
    return list(decoder.blocks())[-count:]


def _chain(config: DCAEConfig) -> list[nn.Module]:
    """The blocks of a decoder's last three stages, and its end."""
    decoder = random_dcae(config).double().decoder
    blocks = _last_stages(decoder)
    return [*blocks, decoder.norm_out, decoder.conv_act, decoder.conv_out]


@pytest.mark.parametrize("kind", ["attention", "lite", "strided-doubling"])
@torch.inference_mode()
def test_the_halo_is_as_far_as_the_chain_sees(kind: str):
    chain = nn.Sequential(*_chain(KINDS[kind]))
    halo, cell = halo_of(list(chain)), 10
    x = torch.randn(1, KINDS[kind].decoder_block_out_channels[3], 1, 24, dtype=torch.float64)
    here = slice(8 * cell, 8 * (cell + 1))
    before = chain(x)[..., here]
    assert not torch.equal(chain(_changed(x, cell + halo))[..., here], before)
    assert torch.equal(chain(_changed(x, cell + halo + 1))[..., here], before)


def _changed(x: torch.Tensor, column: int) -> torch.Tensor:
    changed = x.clone()
    changed[..., column] += 100
    return changed


def test_the_published_decoder_needs_seven_cells_of_an_eighth():
    with torch.device("meta"):
        decoder = DCAutoencoder(DC_AE_F32C32).decoder
    blocks = _last_stages(decoder)
    assert sum(isinstance(block, Upsample) for block in blocks) == 3
    assert sum(isinstance(block, ResBlock) for block in blocks) == 9
    assert halo_of([*blocks, decoder.norm_out, decoder.conv_act, decoder.conv_out]) == 7


def test_attention_is_not_taken_for_local():
    with pytest.raises(TypeError, match="EfficientViTBlock is not known to be local"):
        halo_of([EfficientViTBlock(8, 4, ())])


@torch.inference_mode()
def test_a_cancel_ends_the_decode_between_the_layers_of_any_tile():
    vae = random_dcae(TINY_DCAE_LITE)
    latents = torch.randn(1, 32, 2, 2)
    calls: list[None] = []
    decode_by_tiles(vae, latents, tile=1, on_layer=lambda: calls.append(None))
    for call in (0, len(calls) // 2, len(calls) - 1):
        with pytest.raises(JobCancelledError):
            decode_by_tiles(vae, latents, tile=1, on_layer=cancel_at_call(call))


@torch.inference_mode()
def test_half_precision_differs_by_rounding_only():
    vae = random_dcae().bfloat16()
    latents = _uneven(1, 32, 5, 7).bfloat16()
    whole = vae.decode(latents).float()
    tiled = decode_by_tiles(vae, latents, tile=2, keep_as=torch.float32)
    # A few of the last places of bf16, which has eight bits.
    assert largest_error(tiled, whole) <= 4 * 2**-8 * whole.abs().max()
