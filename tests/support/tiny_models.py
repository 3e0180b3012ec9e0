"""Small networks of every kind with random weights, and the equal networks of diffusers, the oracle.

diffusers is imported inside the functions that need it: it takes seconds, and most tests do not.
"""

import itertools
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from sana_desktop.errors import JobCancelledError
from sana_models.configs import DCAEConfig, DiTConfig, TinyDecoderConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from sana_models.tiny_decoder import TinyDecoder

Network = TypeVar("Network", bound=nn.Module)

TINY_DIT = DiTConfig(
    layers=2, heads=4, head_channels=8, cross_heads=2, cross_head_channels=16, caption_channels=12, sample_size=4
)
TINY_DIT_VARIANTS = {
    "plain": TINY_DIT,
    "qk-norm": replace(TINY_DIT, qk_norm=True),
    "sprint": replace(TINY_DIT, qk_norm=True, guidance_embeds=True),
    "positions": replace(TINY_DIT, interpolation_scale=1.0),
    "stretched-positions": replace(TINY_DIT, interpolation_scale=2.0),
}

# Every feature of the published autoencoder at 32-fold compression: attention in the three deep stages.
TINY_DCAE = DCAEConfig(
    attention_head_dim=8,
    encoder_block_out_channels=(4, 8, 8, 16, 32, 64),
    decoder_block_out_channels=(4, 8, 8, 16, 32, 64),
    encoder_layers_per_block=(1, 1, 1, 1, 1, 2),
    decoder_layers_per_block=(1, 1, 1, 1, 2, 1),
)
# As the light decoder: no attention, no block at full resolution.
TINY_DCAE_LITE = replace(
    TINY_DCAE,
    decoder_block_types="ResBlock",
    decoder_layers_per_block=(0, 1, 1, 1, 2, 1),
    decoder_qkv_multiscales=((),) * 6,
    upsample_block_type="pixel_shuffle",
    decoder_conv_act_fn="silu",
)
# As the autoencoder of the starter pack: residual blocks only, sides changed by moving pixels to channels.
TINY_DCAE_RESIDUAL = replace(
    TINY_DCAE_LITE,
    encoder_block_types="ResBlock",
    encoder_layers_per_block=(0, 1, 1, 1, 2, 1),
    encoder_qkv_multiscales=((),) * 6,
    downsample_block_type="pixel_unshuffle",
    decoder_conv_act_fn="relu",
)
# Three stages and heads of 32 channels: the deepest stage has 32 positions for a picture of 16 x 32.
SHALLOW_DCAE = DCAEConfig(
    latent_channels=4,
    encoder_block_types=("ResBlock", "EfficientViTBlock", "EfficientViTBlock"),
    decoder_block_types=("ResBlock", "EfficientViTBlock", "EfficientViTBlock"),
    encoder_block_out_channels=(8, 32, 64),
    decoder_block_out_channels=(8, 32, 64),
    encoder_layers_per_block=(1, 1, 2),
    decoder_layers_per_block=(1, 2, 1),
    encoder_qkv_multiscales=((), (), (5,)),
    decoder_qkv_multiscales=((), (3, 5), (5,)),
)

TINY_TINY_DECODER = TinyDecoderConfig(widths=(8, 8, 8, 4, 4, 4), blocks_per_stage=1)


def randomise(network: Network, seed: int = 0) -> Network:
    """Draw every parameter, also those that start as zero or one, so that none can be forgotten unnoticed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.ndim > 1:
                parameter.copy_(noise * parameter[0].numel() ** -0.5)
            else:
                parameter.copy_(0.3 * noise + (1.0 if name.endswith("weight") else 0.0))
    return network.eval()


def random_dit(config: DiTConfig = TINY_DIT, seed: int = 0) -> SanaTransformer:
    """Our transformer with random weights, fp32 on the CPU."""
    return randomise(SanaTransformer(config), seed)


def random_dcae(config: DCAEConfig = TINY_DCAE, seed: int = 0) -> DCAutoencoder:
    """Our autoencoder with random weights, fp32 on the CPU."""
    return randomise(DCAutoencoder(config), seed)


def random_tiny_decoder(config: TinyDecoderConfig = TINY_TINY_DECODER, seed: int = 0) -> TinyDecoder:
    """Our preview decoder with random weights, fp32 on the CPU."""
    return randomise(TinyDecoder(config), seed)


def in_file_layout(transformer: SanaTransformer) -> dict[str, Tensor]:
    """The transformer's weights as files hold them: pointwise convolutions as [out, in, 1, 1]."""
    state = transformer.state_dict()
    for name, tensor in state.items():
        if name.endswith(("patch_embed.proj.weight", "conv_inverted.weight", "conv_point.weight")):
            state[name] = tensor[:, :, None, None]
    return state


def diffusers_dit_settings(config: DiTConfig) -> dict[str, Any]:
    """What diffusers calls the fields of `config`."""
    return {
        "in_channels": config.in_channels,
        "out_channels": config.out_channels,
        "num_attention_heads": config.heads,
        "attention_head_dim": config.head_channels,
        "num_layers": config.layers,
        "num_cross_attention_heads": config.cross_heads,
        "cross_attention_head_dim": config.cross_head_channels,
        "cross_attention_dim": config.width,
        "caption_channels": config.caption_channels,
        "mlp_ratio": config.mlp_ratio,
        "norm_eps": config.norm_eps,
        "sample_size": config.sample_size,
        "interpolation_scale": config.interpolation_scale,
        "guidance_embeds": config.guidance_embeds,
        "guidance_embeds_scale": config.guidance_embeds_scale,
        "qk_norm": "rms_norm_across_heads" if config.qk_norm else None,
        "timestep_scale": config.timestep_scale,
    }


def diffusers_dit(transformer: SanaTransformer) -> Any:
    """The oracle (`SanaTransformer2DModel`, untyped as diffusers is) with the weights of `transformer`."""
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    oracle = SanaTransformer2DModel(**diffusers_dit_settings(transformer.config))
    oracle.load_state_dict(in_file_layout(transformer), strict=True)
    return oracle.eval()


def diffusers_dcae(autoencoder: DCAutoencoder) -> Any:
    """The oracle (`AutoencoderDC`, untyped as diffusers is) with the weights of `autoencoder`."""
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

    oracle = AutoencoderDC(**asdict(autoencoder.config))
    oracle.load_state_dict(autoencoder.state_dict(), strict=True)
    return oracle.eval()


def noise(*shape: int, seed: int = 0) -> Tensor:
    """N(0, 1) values, fp32, the same for the same shape and seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed + sum(shape)))


def largest_error(found: Tensor, expected: Tensor) -> float:
    """Largest absolute difference; shapes and dtypes must be equal, and nothing may be NaN."""
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    error = float((found.detach().double() - expected.detach().double()).abs().max())
    assert error == error, "found NaN"
    return error


def cancel_at_call(call: int) -> Callable[[], None]:
    """A callback that raises `JobCancelledError` when called for the `call`-th time, counted from 0."""
    calls = itertools.count()

    def on_call() -> None:
        if next(calls) == call:
            raise JobCancelledError("cancelled")

    return on_call
