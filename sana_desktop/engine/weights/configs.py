"""`config.json` of a transformer or autoencoder to our configuration values and back.

The keys are those of diffusers' `SanaTransformer2DModel` and `AutoencoderDC`. A setting that our
networks do not have is an error: ignoring it would draw wrong pictures without a word.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from sana_desktop.errors import PackError
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.strict_table import StrictTable
from sana_models.configs import BlockTypes, DCAEConfig, DiTConfig

CONFIG_NAME = "config.json"
TRANSFORMER_CLASS = "SanaTransformer2DModel"
AUTOENCODER_CLASS = "AutoencoderDC"
QK_NORM_NAME = "rms_norm_across_heads"

# Bounds of what is built before any weight is looked at: generous for networks, small for memory.
MOST_LAYERS = 256
MOST_CHANNELS = 65_536
MOST_STAGES = 8


def read_transformer_config(folder: Path) -> DiTConfig:
    """The shape in `folder`/config.json; raises `PackError` naming the key that cannot be honoured.

    Keys that older files lack (positions, QK norm, guidance, time scale) take the values that those
    older models have: none, none, off, 1.
    """
    table, where = _open(folder, TRANSFORMER_CLASS)
    in_channels = table.whole("in_channels", 1, MOST_CHANNELS, 32)
    interpolation = table.number("interpolation_scale", 1e-3, 1e3) if table.has("interpolation_scale") else None
    values = {
        "layers": table.whole("num_layers", 1, MOST_LAYERS),
        "heads": table.whole("num_attention_heads", 1, MOST_CHANNELS),
        "head_channels": table.whole("attention_head_dim", 1, MOST_CHANNELS),
        "cross_heads": table.whole("num_cross_attention_heads", 1, MOST_CHANNELS),
        "cross_head_channels": table.whole("cross_attention_head_dim", 1, MOST_CHANNELS),
        "caption_channels": table.whole("caption_channels", 1, MOST_CHANNELS),
        "in_channels": in_channels,
        "out_channels": table.whole("out_channels", 1, MOST_CHANNELS, in_channels),
        "mlp_ratio": table.number("mlp_ratio", 0.01, 64, 2.5),
        "norm_eps": table.number("norm_eps", 0, 1, 1e-6),
        "qk_norm": _qk_norm(table),
        "guidance_embeds": table.flag("guidance_embeds", False),
        "guidance_embeds_scale": table.number("guidance_embeds_scale", 0, 1e3, 0.1),
        "timestep_scale": table.number("timestep_scale", 1e-6, 1e3, 1.0),
        "sample_size": table.whole("sample_size", 1, MOST_CHANNELS),
        "interpolation_scale": interpolation,
    }
    _expect(table, "patch_size", table.whole("patch_size", 1, MOST_CHANNELS, 1), 1)
    _expect(table, "attention_bias", table.flag("attention_bias", False), False)
    _expect(table, "norm_elementwise_affine", table.flag("norm_elementwise_affine", False), False)
    # Dropout is for training; here it is read only so that it counts as known.
    table.number("dropout", 0, 1, 0.0)
    cross_width = table.whole("cross_attention_dim", 1, MOST_CHANNELS, _width(values))
    _expect(table, "cross_attention_dim", cross_width, _width(values))
    table.finish(harmless=(False,))
    try:
        return DiTConfig(**values)  # pyright: ignore[reportArgumentType] - each value was read with its kind above
    except ValueError as error:
        raise PackError(f"{where}: {error}.") from error


def transformer_config_json(config: DiTConfig) -> dict[str, object]:
    """The complete config.json that reads back as `config`, here and in diffusers."""
    return {
        "_class_name": TRANSFORMER_CLASS,
        "attention_bias": False,
        "attention_head_dim": config.head_channels,
        "caption_channels": config.caption_channels,
        "cross_attention_dim": config.width,
        "cross_attention_head_dim": config.cross_head_channels,
        "dropout": 0.0,
        "guidance_embeds": config.guidance_embeds,
        "guidance_embeds_scale": config.guidance_embeds_scale,
        "in_channels": config.in_channels,
        "interpolation_scale": config.interpolation_scale,
        "mlp_ratio": config.mlp_ratio,
        "norm_elementwise_affine": False,
        "norm_eps": config.norm_eps,
        "num_attention_heads": config.heads,
        "num_cross_attention_heads": config.cross_heads,
        "num_layers": config.layers,
        "out_channels": config.out_channels,
        "patch_size": 1,
        "qk_norm": QK_NORM_NAME if config.qk_norm else None,
        "sample_size": config.sample_size,
        "timestep_scale": config.timestep_scale,
    }


def read_autoencoder_config(folder: Path) -> DCAEConfig:
    """The shape in `folder`/config.json; raises `PackError` naming the key that cannot be honoured."""
    table, where = _open(folder, AUTOENCODER_CLASS)
    values: dict[str, object] = {
        "in_channels": table.whole("in_channels", 1, 16, 3),
        "latent_channels": table.whole("latent_channels", 1, MOST_CHANNELS, 32),
        "attention_head_dim": table.whole("attention_head_dim", 1, MOST_CHANNELS, 32),
        # diffusers asks only whether it is "pixel_unshuffle"; the published files say "Conv".
        "downsample_block_type": table.text("downsample_block_type").replace("conv", "Conv"),
        "upsample_block_type": table.text("upsample_block_type"),
        "decoder_norm_types": _block_types(table, "decoder_norm_types", "rms_norm"),
        "decoder_act_fns": _block_types(table, "decoder_act_fns", "silu"),
        "encoder_out_shortcut": table.flag("encoder_out_shortcut", True),
        "decoder_in_shortcut": table.flag("decoder_in_shortcut", True),
        "decoder_conv_act_fn": table.text("decoder_conv_act_fn", "relu"),
        "scaling_factor": table.number("scaling_factor", 1e-6, 1e6),
    }
    for half in ("encoder", "decoder"):
        values[f"{half}_block_types"] = _block_types(table, f"{half}_block_types", None)
        values[f"{half}_block_out_channels"] = table.wholes(f"{half}_block_out_channels", 1, MOST_CHANNELS)
        values[f"{half}_layers_per_block"] = table.wholes(f"{half}_layers_per_block", 0, MOST_LAYERS)
        values[f"{half}_qkv_multiscales"] = _multiscales(table, f"{half}_qkv_multiscales")
    table.finish(harmless=(False,))
    stages = len(cast(tuple[int, ...], values["encoder_block_out_channels"]))
    if not 1 <= stages <= MOST_STAGES:
        table.refuse("encoder_block_out_channels", f"a list of 1 to {MOST_STAGES} widths", stages)
    try:
        return DCAEConfig(**values)  # pyright: ignore[reportArgumentType] - each value was read with its kind above
    except ValueError as error:
        raise PackError(f"{where}: {error}.") from error


def autoencoder_config_json(config: DCAEConfig) -> dict[str, object]:
    """The complete config.json that reads back as `config`, here and in diffusers."""
    return {"_class_name": AUTOENCODER_CLASS, **dataclasses.asdict(config)}


def _open(folder: Path, class_name: str) -> tuple[StrictTable, str]:
    values = read_json_object(folder / CONFIG_NAME)
    where = f"{folder.name}/{CONFIG_NAME}"
    found = values.get("_class_name", class_name)
    if found != class_name:
        raise PackError(f"{where}: expected a {class_name}, found {str(found)[:60]!r}.")
    if values.get("quantization_config"):
        raise PackError(
            f"{where}: these weights were quantised by another program, which this one cannot read.",
            hint="Use the 16-bit weights of the model.",
        )
    return StrictTable(_meaningful(values), where), where


def _meaningful(values: Mapping[str, object]) -> dict[str, object]:
    """Without notes (`_...`) and without nulls, which stand for "not given"."""
    return {key: value for key, value in values.items() if not key.startswith("_") and value is not None}


def _expect(table: StrictTable, key: str, found: object, expected: object) -> None:
    if found != expected:
        table.refuse(key, f"{expected} (Sana Desktop draws no other)", found)


def _qk_norm(table: StrictTable) -> bool:
    if not table.has("qk_norm"):
        return False
    _expect(table, "qk_norm", table.text("qk_norm"), QK_NORM_NAME)
    return True


def _width(values: Mapping[str, object]) -> int:
    return cast(int, values["heads"]) * cast(int, values["head_channels"])


def _block_types(table: StrictTable, key: str, default: str | None) -> BlockTypes:
    """One name for all stages, or a list with one per stage."""
    return table.texts(key) if table.is_list(key) else table.text(key, default)


def _multiscales(table: StrictTable, key: str) -> tuple[tuple[int, ...], ...]:
    """Kernel sizes of the extra attention branches, a list per stage."""
    return tuple(
        StrictTable({key: sizes}, f"{table.where}, stage {stage}").wholes(key, 1, 31)
        for stage, sizes in enumerate(table.list_of(key))
    )
