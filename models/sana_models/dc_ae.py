"""The deep-compression autoencoder of Sana, f32c32 (DC-AE, arXiv 2410.10733).

Shapes: B batch, H W height and width of the picture, K latent channels, h w latent height and width,
D width of a stage. Parameter names and shapes are those of diffusers' published `AutoencoderDC`
checkpoints. Never run it in fp16: activations of the published weights leave its range.
"""

from collections.abc import Iterator
from typing import cast

from torch import Tensor, nn

from sana_models.configs import BlockTypes, DCAEConfig
from sana_models.dc_ae_blocks import (
    ChannelRMSNorm,
    Downsample,
    EfficientViTBlock,
    OnLayer,
    ResBlock,
    Upsample,
    activation,
    average_channels,
    nothing,
    repeat_channels,
)

ENCODER_ACT = "silu"


class Encoder(nn.Module):
    """Picture to latents: a stage per halving of the side, each of residual or EfficientViT blocks."""

    def __init__(self, config: DCAEConfig) -> None:
        super().__init__()
        widths, depths = config.encoder_block_out_channels, config.encoder_layers_per_block
        unshuffle = config.downsample_block_type == "pixel_unshuffle"
        if depths[0] > 0:
            self.conv_in = nn.Conv2d(config.in_channels, widths[0], 3, padding=1)
        else:
            self.conv_in = Downsample(config.in_channels, widths[1], unshuffle=unshuffle, shortcut=False)
        types = _per_stage(config.encoder_block_types, len(widths))
        stages: list[nn.Module] = []
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            scales = config.encoder_qkv_multiscales[stage]
            blocks = [_block(types[stage], width, ENCODER_ACT, config.attention_head_dim, scales) for _ in range(depth)]
            if depth > 0 and stage + 1 < len(widths):
                blocks.append(Downsample(width, widths[stage + 1], unshuffle=unshuffle, shortcut=True))
            stages.append(nn.Sequential(*blocks))
        self.down_blocks = nn.ModuleList(stages)
        self.conv_out = nn.Conv2d(widths[-1], config.latent_channels, 3, padding=1)
        self.shortcut_group = widths[-1] // config.latent_channels if config.encoder_out_shortcut else 0

    def forward(self, images_B3HW: Tensor) -> Tensor:
        """Images in [-1, 1], sides a multiple of the compression, to latents [B, K, h, w]."""
        x_BDhw = self.conv_in(images_B3HW)
        for block in self.blocks():
            x_BDhw = block(x_BDhw)
        return self.leave(x_BDhw)

    def blocks(self) -> Iterator[nn.Module]:
        """All blocks in the order in which they run."""
        for stage in self.down_blocks:
            yield from cast(nn.Sequential, stage)

    def leave(self, x_BDhw: Tensor) -> Tensor:
        """What the last block made to latents."""
        latents_BKhw = self.conv_out(x_BDhw)
        if self.shortcut_group:
            latents_BKhw = latents_BKhw + average_channels(x_BDhw, self.shortcut_group)
        return latents_BKhw


class Decoder(nn.Module):
    """Latents to picture: the mirror of the encoder. `up_blocks[0]` is the stage of full resolution, run last."""

    def __init__(self, config: DCAEConfig) -> None:
        super().__init__()
        widths, depths = config.decoder_block_out_channels, config.decoder_layers_per_block
        shuffle = config.upsample_block_type == "pixel_shuffle"
        self.conv_in = nn.Conv2d(config.latent_channels, widths[-1], 3, padding=1)
        self.shortcut_repeats = widths[-1] // config.latent_channels if config.decoder_in_shortcut else 0
        types = _per_stage(config.decoder_block_types, len(widths))
        acts = _per_stage(config.decoder_act_fns, len(widths))
        stages: list[nn.Module] = []
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            scales = config.decoder_qkv_multiscales[stage]
            blocks = [_block(types[stage], width, acts[stage], config.attention_head_dim, scales) for _ in range(depth)]
            if depth > 0 and stage + 1 < len(widths):
                blocks.insert(0, Upsample(widths[stage + 1], width, shuffle=shuffle, shortcut=True))
            stages.append(nn.Sequential(*blocks))
        self.up_blocks = nn.ModuleList(stages)
        head_width = widths[0] if depths[0] > 0 else widths[1]
        self.norm_out = ChannelRMSNorm(head_width)
        self.conv_act = activation(config.decoder_conv_act_fn)
        if depths[0] > 0:
            self.conv_out = nn.Conv2d(head_width, config.in_channels, 3, padding=1)
        else:
            self.conv_out = Upsample(head_width, config.in_channels, shuffle=shuffle, shortcut=False)

    def forward(self, latents_BKhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """Latents [B, K, h, w] to images [B, 3, H, W], about [-1, 1], not clamped."""
        x_BDhw = self.enter(latents_BKhw, on_layer)
        for block in self.blocks():
            x_BDhw = block(x_BDhw, on_layer)
        return self.leave(x_BDhw, on_layer)

    def enter(self, latents_BKhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """Latents to the width of the deepest stage."""
        on_layer()
        x_BDhw = self.conv_in(latents_BKhw)
        if self.shortcut_repeats:
            x_BDhw = x_BDhw + repeat_channels(latents_BKhw, self.shortcut_repeats)
        return x_BDhw

    def blocks(self) -> Iterator[nn.Module]:
        """All blocks in the order in which they run."""
        for stage in reversed(self.up_blocks):
            yield from cast(nn.Sequential, stage)

    def leave(self, x_BDhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """What the last block made to images."""
        on_layer()
        x_BDhw = self.conv_act(self.norm_out(x_BDhw))
        on_layer()
        return self.conv_out(x_BDhw)


class DCAutoencoder(nn.Module):
    """Maps pictures to latents of 1/32 the side and back; deterministic, no scaling of the latents."""

    def __init__(self, config: DCAEConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode(self, images_B3HW: Tensor) -> Tensor:
        """Images in [-1, 1], sides a multiple of the compression, to unscaled latents [B, K, h, w]."""
        return self.encoder(images_B3HW)

    def decode(self, latents_BKhw: Tensor, on_layer: OnLayer = nothing) -> Tensor:
        """Unscaled latents to images [B, 3, H, W], about [-1, 1], not clamped.

        `on_layer` is called before every layer; an exception it raises (a cancelled job) ends the pass there.
        """
        return self.decoder(latents_BKhw, on_layer)

    def forward(self, images_B3HW: Tensor) -> tuple[Tensor, Tensor]:
        """Return latents and reconstruction, for training."""
        latents_BKhw = self.encode(images_B3HW)
        return latents_BKhw, self.decode(latents_BKhw)


def _per_stage(value: BlockTypes, stages: int) -> tuple[str, ...]:
    return (value,) * stages if isinstance(value, str) else value


def _block(kind: str, width: int, act: str, head_channels: int, kernel_sizes: tuple[int, ...]) -> nn.Module:
    return ResBlock(width, act) if kind == "ResBlock" else EfficientViTBlock(width, head_channels, kernel_sizes)
