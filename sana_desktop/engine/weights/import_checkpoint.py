"""Making a pack of an original checkpoint, which holds a transformer and nothing else."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.engine.weights.checkpoint import read_checkpoint
from sana_desktop.engine.weights.configs import read_transformer_config
from sana_desktop.engine.weights.convert import write_autoencoder, write_transformer
from sana_desktop.engine.weights.detect import detect_autoencoder, detect_transformer
from sana_desktop.engine.weights.install import Check, check_latents, free_target, lend_parts, moved, write_manifest
from sana_desktop.engine.weights.write import staged_folder
from sana_desktop.errors import PackError
from sana_desktop.system.catalog import (
    DEFAULT_FLOW_SHIFT,
    DEFAULT_GUIDANCE,
    FLOW_DEFAULT_STEPS,
    PIXELS_PER_LATENT,
    SPRINT_DEFAULT_STEPS,
    Catalog,
    CatalogModel,
    NetworkShape,
)
from sana_desktop.system.diffusers_folder import CUSTOM_FAMILY, UNKNOWN_LICENCE, display_name, pack_id_from
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, PackPreview, PackText
from sana_desktop.system.packs import read_pack, shipped_catalog
from sana_models.configs import DiTConfig

LENT_PARTS = ("vae", "text_encoder", "tokenizer")
LARGEST_PLAIN_GRID = 32


def import_checkpoint(
    source: Path,
    packs_folder: Path,
    *,
    base: PackManifest | None = None,
    pack_id: str | None = None,
    model: str | None = None,
    vae: Path | None = None,
    config: DiTConfig | None = None,
    check: Check = lambda: None,
) -> PackManifest:
    """Install the transformer in `source` as a new pack, with the other parts lent by `base`.

    Without `base` the pack is installed without them, and drawing says what is missing. `vae` is an
    original DC-AE file (`model.safetensors`) to use instead of the base's autoencoder. The model
    is known by `model` (an id of the catalog) or by the file's name; `config` overrides what the
    weights tell, for networks of unpublished shape. Guarantees and errors as in `import_pack`.
    """
    weights = read_checkpoint(source)
    shape = config or detect_transformer(weights)
    catalog = shipped_catalog()
    known = _known_model(source, model, shape, catalog)
    if known is not None:
        shape = dataclasses.replace(
            shape,
            sample_size=known.sample_size,
            interpolation_scale=known.interpolation_scale,
            timestep_scale=known.timestep_scale,
        )
    elif config is None:
        _check_resolution(weights, source)
    autoencoder = None if vae is None else read_checkpoint(vae)
    if base is not None:
        _check_base(base, shape, lends_vae=vae is None)
    target = free_target(packs_folder, pack_id or pack_id_from(source.name))
    manifest = _describe(source, target, shape, known, base, weights, catalog)
    with staged_folder(target) as staging:
        write_transformer(weights, shape, staging / "transformer", check=check)
        if autoencoder is not None:
            write_autoencoder(autoencoder, detect_autoencoder(autoencoder), staging / "vae", check=check)
        if base is not None:
            lend_parts(base, LENT_PARTS if vae is None else LENT_PARTS[1:], staging, check)
        write_manifest(manifest, staging)
    return read_pack(target)


def _known_model(source: Path, name: str | None, shape: DiTConfig, catalog: Catalog) -> CatalogModel | None:
    model = catalog.named(name or source.name)
    if name is not None and model is None:
        known = ", ".join(entry.id for entry in catalog.models)
        raise PackError(f"“{name[:80]}” is not a published model.", hint=f"Known: {known}.")
    if model is None or model.family.shape == _network_shape(shape):
        return model
    if name is None:
        # Called after a published model, but something else: its weights count, not its name.
        return None
    raise PackError(f"{source.name} is not {model.name}: the network has another shape.")


def _check_resolution(weights: Mapping[str, Tensor], source: Path) -> None:
    """Refuse to guess where a wrong guess draws garbage: whether a model for large pictures wants positions."""
    positions = weights.get("pos_embed")
    if positions is not None and positions.ndim == 3 and positions.shape[1] > LARGEST_PLAIN_GRID**2:
        raise PackError(
            f"{source.name} looks like a model for 2K or 4K pictures; the weights do not say which.",
            hint="Name it: `--model sana-1600m-2kpx-bf16` or `--model sana-1600m-4kpx-bf16`.",
        )


def _check_base(base: PackManifest, shape: DiTConfig, *, lends_vae: bool) -> None:
    if lends_vae:
        check_latents(base, shape)
    if base.transformer_folder.is_dir():
        found = read_transformer_config(base.transformer_folder).caption_channels
        if found != shape.caption_channels:
            raise PackError(
                f"The text encoder of pack “{base.id}” does not fit the transformer: expected width "
                f"{shape.caption_channels}, found {found}."
            )


def _describe(
    source: Path,
    target: Path,
    shape: DiTConfig,
    known: CatalogModel | None,
    base: PackManifest | None,
    weights: Mapping[str, Tensor],
    catalog: Catalog,
) -> PackManifest:
    family = catalog.family_of(_network_shape(shape))
    sprint = shape.guidance_embeds
    return PackManifest(
        folder=target,
        id=target.name,
        name=known.name if known else display_name(source.stem),
        version="1",
        family=family.id if family else CUSTOM_FAMILY,
        licence=known.licence if known else UNKNOWN_LICENCE,
        base_size=shape.sample_size * PIXELS_PER_LATENT,
        default_steps=known.steps if known else SPRINT_DEFAULT_STEPS if sprint else FLOW_DEFAULT_STEPS,
        default_guidance=known.guidance if known else DEFAULT_GUIDANCE,
        default_solver=Solver.SPRINT if sprint else Solver.FLOW_DPM,
        flow_shift=_flow_shift(known, sprint=sprint),
        precisions=PackPrecisions(transformer=known.precisions if known else _stored_precisions(weights)),
        text=base.text if base else PackText(),
        preview=moved(base, target).preview if base else PackPreview(),
    )


def _flow_shift(known: CatalogModel | None, *, sprint: bool) -> float:
    if known is None:
        return 1.0 if sprint else DEFAULT_FLOW_SHIFT
    # The file is NVlabs' own, and so is the number.
    return known.official_flow_shift or known.flow_shift


def _stored_precisions(weights: Mapping[str, Tensor]) -> tuple[Precision, ...]:
    """The rule of `diffusers_folder.stored_precisions`, for tensors in memory."""
    if {tensor.dtype for tensor in weights.values()} == {torch.float16}:
        return (Precision.FP16, Precision.FP32)
    return (Precision.BF16, Precision.FP32)


def _network_shape(shape: DiTConfig) -> NetworkShape:
    return NetworkShape(
        layers=shape.layers, heads=shape.heads, qk_norm=shape.qk_norm, guidance_embeds=shape.guidance_embeds
    )
