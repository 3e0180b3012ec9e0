"""The shape of an original checkpoint, read off the shapes of its tensors: the files come without a config."""

from collections.abc import Mapping

from torch import Tensor

from sana_desktop.engine.weights.configs import MOST_LAYERS
from sana_desktop.engine.weights.key_maps import count_blocks
from sana_desktop.errors import WeightsError
from sana_models.configs import DC_AE_F32C32, DC_AE_LITE_F32C32, DCAEConfig, DiTConfig

HEAD_CHANNELS = 32
CROSS_HEADS = {1152: 16, 2240: 20}
GUIDANCE_MARK = "cfg_embedder.mlp.0.weight"
QK_NORM_MARK = "blocks.0.attn.q_norm.weight"
FULL_RESOLUTION_STAGE = "decoder.stages.0."


def detect_transformer(weights: Mapping[str, Tensor]) -> DiTConfig:
    """The shape of an original transformer.

    Training resolution, positions and time scale leave no trace in the weights: the values returned
    are those of a 1024 px model without positions. Raises `WeightsError` for anything that is not
    Sana, and for a width whose number of cross-attention heads no published model tells.
    """
    latents = _shape(weights, "x_embedder.proj.weight", 4)
    width = latents[0]
    if latents[2:] != (1, 1) or width not in CROSS_HEADS:
        raise WeightsError(
            f"This Sana checkpoint is of an unknown kind: expected patch size 1 and width "
            f"{' or '.join(map(str, CROSS_HEADS))}, found {latents[2]} and {width}."
        )
    layers = count_blocks(weights)
    if not 1 <= layers <= MOST_LAYERS:
        raise WeightsError(f"This is no Sana checkpoint: expected 1 to {MOST_LAYERS} blocks, found {layers}.")
    return DiTConfig(
        layers=layers,
        heads=width // HEAD_CHANNELS,
        head_channels=HEAD_CHANNELS,
        cross_heads=CROSS_HEADS[width],
        cross_head_channels=width // CROSS_HEADS[width],
        caption_channels=_shape(weights, "y_embedder.y_proj.fc1.weight", 2)[1],
        in_channels=latents[1],
        out_channels=_shape(weights, "final_layer.linear.weight", 2)[0],
        mlp_ratio=_ratio(_shape(weights, "blocks.0.mlp.inverted_conv.conv.weight", 4)[0] // 2, width),
        qk_norm=QK_NORM_MARK in weights,
        guidance_embeds=GUIDANCE_MARK in weights,
    )


def detect_autoencoder(weights: Mapping[str, Tensor]) -> DCAEConfig:
    """Which of the two published shapes an original DC-AE has; comparing all names and shapes is left to others."""
    full = any(name.startswith(FULL_RESOLUTION_STAGE) for name in weights)
    return DC_AE_F32C32 if full else DC_AE_LITE_F32C32


def _shape(weights: Mapping[str, Tensor], name: str, axes: int) -> tuple[int, ...]:
    if name not in weights or weights[name].ndim != axes:
        raise WeightsError(
            f"This is no Sana checkpoint: it has no `{name}` with {axes} axes.",
            hint="Expected an original Sana .pth file, or a folder saved by diffusers.",
        )
    return tuple(weights[name].shape)


def _ratio(hidden: int, width: int) -> float:
    """The number that times `width`, rounded down, is `hidden`."""
    ratio = hidden / width
    return ratio if int(width * ratio) == hidden else (hidden + 0.5) / width
