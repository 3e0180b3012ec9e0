"""Hyperparameters of every network as frozen values, and the published presets as data."""

from dataclasses import dataclass, replace
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class DiTConfig:
    """Shape of a linear DiT. Defaults are those of Sana 0.6B at 512 and 1024 px.

    `interpolation_scale` None means no positional embedding (all models but 2K and 4K);
    `sample_size` is the latent side of training and the base grid of the positions.
    `timestep_scale` and `guidance_embeds_scale` are applied by the caller, not by the network.
    """

    layers: int = 28
    heads: int = 36
    head_channels: int = 32
    cross_heads: int = 16
    cross_head_channels: int = 72
    caption_channels: int = 2304
    in_channels: int = 32
    out_channels: int = 32
    mlp_ratio: float = 2.5
    norm_eps: float = 1e-6
    qk_norm: bool = False
    guidance_embeds: bool = False
    guidance_embeds_scale: float = 0.1
    timestep_scale: float = 1.0
    sample_size: int = 32
    interpolation_scale: float | None = None

    def __post_init__(self) -> None:
        if self.cross_heads * self.cross_head_channels != self.width:
            raise ValueError(
                f"cross-attention must be as wide as the network: expected {self.width}, "
                f"found {self.cross_heads} heads x {self.cross_head_channels} channels"
            )

    @property
    def width(self) -> int:
        """Width D of the token stream."""
        return self.heads * self.head_channels

    @property
    def ffn_width(self) -> int:
        """Hidden width of the Mix-FFN after its gate."""
        return int(self.width * self.mlp_ratio)


SANA_0_6B = DiTConfig()
SANA_1_6B = DiTConfig(layers=20, heads=70, cross_heads=20, cross_head_channels=112)
SANA_1_6B_2K = replace(SANA_1_6B, sample_size=64, interpolation_scale=1.0)
SANA_1_6B_4K = replace(SANA_1_6B, sample_size=128, interpolation_scale=2.0)
SANA_1_5_1_6B = replace(SANA_1_6B, qk_norm=True)
SANA_1_5_4_8B = replace(SANA_1_5_1_6B, layers=60)
SPRINT_0_6B = replace(SANA_0_6B, qk_norm=True, guidance_embeds=True)
SPRINT_1_6B = replace(SANA_1_6B, qk_norm=True, guidance_embeds=True)


BlockTypes = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DCAEConfig:
    """Shape of a deep-compression autoencoder, field for field as in a pack's `vae/config.json`.

    Defaults are those of dc-ae-f32c32-sana-1.0 and 1.1. Stages run from full resolution to the
    deepest; a field of type `BlockTypes` holds one name for all stages or one per stage. A first
    stage of depth 0 is folded into the stem and the head, which then change the resolution themselves.
    `scaling_factor` is applied by the caller, not by the network.
    """

    in_channels: int = 3
    latent_channels: int = 32
    attention_head_dim: int = 32
    encoder_block_types: BlockTypes = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
    decoder_block_types: BlockTypes = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
    encoder_block_out_channels: tuple[int, ...] = (128, 256, 512, 512, 1024, 1024)
    decoder_block_out_channels: tuple[int, ...] = (128, 256, 512, 512, 1024, 1024)
    encoder_layers_per_block: tuple[int, ...] = (2, 2, 2, 3, 3, 3)
    decoder_layers_per_block: tuple[int, ...] = (3, 3, 3, 3, 3, 3)
    encoder_qkv_multiscales: tuple[tuple[int, ...], ...] = ((), (), (), (5,), (5,), (5,))
    decoder_qkv_multiscales: tuple[tuple[int, ...], ...] = ((), (), (), (5,), (5,), (5,))
    upsample_block_type: str = "interpolate"
    downsample_block_type: str = "Conv"
    decoder_norm_types: BlockTypes = "rms_norm"
    decoder_act_fns: BlockTypes = "silu"
    encoder_out_shortcut: bool = True
    decoder_in_shortcut: bool = True
    decoder_conv_act_fn: str = "relu"
    scaling_factor: float = 0.41407

    def __post_init__(self) -> None:
        self._check_half("encoder", shortcut=self.encoder_out_shortcut)
        self._check_half("decoder", shortcut=self.decoder_in_shortcut)
        stages = len(self.encoder_block_out_channels)
        _check_stages("decoder_act_fns", self.decoder_act_fns, stages)
        _check_stages("decoder_norm_types", self.decoder_norm_types, stages)
        _check_names("decoder_norm_types", self.decoder_norm_types, {"rms_norm"})
        _check_names("decoder_act_fns", self.decoder_act_fns, {"relu", "silu"})
        _check_names("decoder_conv_act_fn", self.decoder_conv_act_fn, {"relu", "silu"})
        _check_names("downsample_block_type", self.downsample_block_type, {"Conv", "pixel_unshuffle"})
        _check_names("upsample_block_type", self.upsample_block_type, {"interpolate", "pixel_shuffle"})

    def _check_half(self, half: str, *, shortcut: bool) -> None:
        """Refuse what could be built but not run; `shortcut` is the one beside the latents."""
        for field in ("block_types", "block_out_channels", "layers_per_block", "qkv_multiscales"):
            _check_stages(f"{half}_{field}", getattr(self, f"{half}_{field}"), len(self.encoder_block_out_channels))
        _check_names(f"{half}_block_types", getattr(self, f"{half}_block_types"), {"ResBlock", "EfficientViTBlock"})
        depths: tuple[int, ...] = getattr(self, f"{half}_layers_per_block")
        if 0 in depths[1:-1]:
            raise ValueError(f"{half}_layers_per_block: expected empty stages at the ends only, found {depths}")
        widths: tuple[int, ...] = getattr(self, f"{half}_block_out_channels")
        used = widths if depths[0] else widths[1:]
        if any(4 * wide % deep for wide, deep in pairwise(used)):
            raise ValueError(
                f"{half}_block_out_channels: expected four times each to divide by the next, found {widths}"
            )
        if any(width % 4 for width in used) and self.downsample_block_type == "pixel_unshuffle":
            raise ValueError(f"{half}_block_out_channels: expected multiples of 4 to unshuffle, found {widths}")
        if shortcut and widths[-1] % self.latent_channels:
            raise ValueError(
                f"{half}_block_out_channels: expected the last to be a multiple of the "
                f"{self.latent_channels} latent channels, found {widths[-1]}"
            )
        scales: tuple[tuple[int, ...], ...] = getattr(self, f"{half}_qkv_multiscales")
        if any(size % 2 == 0 for sizes in scales for size in sizes):
            raise ValueError(f"{half}_qkv_multiscales: expected odd kernel sizes, found {scales}")

    @property
    def compression(self) -> int:
        """Pixels of a picture's side per latent position."""
        return 2 ** (len(self.encoder_block_out_channels) - 1)


def _check_stages(field: str, value: str | tuple[object, ...], stages: int) -> None:
    if not isinstance(value, str) and len(value) != stages:
        raise ValueError(f"{field}: expected one value for each of {stages} stages, found {len(value)}")


def _check_names(field: str, value: BlockTypes, known: set[str]) -> None:
    unknown = {value} - known if isinstance(value, str) else set(value) - known
    if unknown:
        raise ValueError(f"{field}: expected {' or '.join(sorted(known))}, found {', '.join(sorted(unknown))}")


DC_AE_F32C32 = DCAEConfig()
DC_AE_LITE_F32C32 = DCAEConfig(
    decoder_block_types="ResBlock",
    decoder_layers_per_block=(0, 3, 5, 4, 4, 4),
    decoder_qkv_multiscales=((),) * 6,
    upsample_block_type="pixel_shuffle",
    decoder_conv_act_fn="silu",
)
DC_AE_STARTER = DCAEConfig(
    encoder_block_types="ResBlock",
    decoder_block_types="ResBlock",
    encoder_block_out_channels=(24, 48, 96, 192, 256, 256),
    decoder_block_out_channels=(24, 48, 96, 192, 256, 256),
    encoder_layers_per_block=(0, 1, 1, 2, 3, 2),
    decoder_layers_per_block=(0, 1, 2, 2, 3, 2),
    encoder_qkv_multiscales=((),) * 6,
    decoder_qkv_multiscales=((),) * 6,
    upsample_block_type="pixel_shuffle",
    downsample_block_type="pixel_unshuffle",
    scaling_factor=1.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyDecoderConfig:
    """Shape of a preview decoder: one stage per doubling of the side, deepest first.

    Defaults are those of TAESANA. `widths` are the widths of the stages and then that of the head.
    """

    latent_channels: int = 32
    widths: tuple[int, ...] = (256, 128, 64, 64, 64, 64)
    blocks_per_stage: int = 3
    blocks_in_head: int = 1

    def __post_init__(self) -> None:
        if len(self.widths) < 2:
            raise ValueError(f"widths: expected at least one stage and the head, found {self.widths}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchDecoderConfig:
    """Shape of a preview decoder that makes a patch of `patch` x `patch` pixels of every latent position."""

    latent_channels: int = 32
    width: int = 256
    blocks: int = 1
    patch: int = 16


TAESANA = TinyDecoderConfig()
TINY_DECODER_STARTER = TinyDecoderConfig(widths=(256, 128, 48, 24, 12, 8), blocks_per_stage=1, blocks_in_head=0)
