"""A folder written by diffusers' `SanaPipeline.save_pretrained`, recognised as a pack as it stands."""

import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.sizes import LARGEST_SIDE
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
    plain_name,
)
from sana_desktop.system.pack_file import is_pack_id
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, PackPreview, PackText, PreviewKind
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.tensor_header import read_tensor_header

INDEX_NAME = "model_index.json"
PIPELINES = (
    "SanaPipeline",
    "SanaPAGPipeline",
    "SanaSprintPipeline",
    "SanaSprintImg2ImgPipeline",
    "SanaControlNetPipeline",
)
UNKNOWN_LICENCE = "unknown"
CUSTOM_FAMILY = "custom"
SANA_CHANNELS = 32

_STORED = {"F16": Precision.FP16, "BF16": Precision.BF16}


@dataclass(frozen=True, slots=True)
class _Network:
    """What transformer/config.json says that matters for running it."""

    shape: NetworkShape
    sample_size: int
    interpolation_scale: float | None
    timestep_scale: float
    latent_channels: int


def read_diffusers_folder(folder: Path, catalog: Catalog) -> PackManifest:
    """Describe a pipeline folder from its own configuration files and the catalog.

    A model is known by the name of its folder, or by a shape that only models with the same rules
    have. Steps, guidance, precision and licence of a known model come from the catalog, the flow
    shift always from the folder's scheduler. Raises `PackError` for a folder of another pipeline.
    """
    index = read_json_object(folder / INDEX_NAME)
    pipeline = index.get("_class_name")
    if pipeline not in PIPELINES:
        raise PackError(
            f"{folder.name} is not a Sana model: its {INDEX_NAME} says {str(pipeline)[:60]!r}.",
            hint=f"Expected one of {', '.join(PIPELINES)}.",
        )
    network = _read_network(folder / "transformer")
    alike = catalog.with_shape(network.shape, network.sample_size, network.interpolation_scale, network.timestep_scale)
    named = _named_model(folder, index, catalog, alike)
    known = named or (alike[0] if alike and len({_rules(model) for model in alike}) == 1 else None)
    family = catalog.family_of(network.shape)
    scheduler = _optional_json(folder / "scheduler" / "scheduler_config.json")
    sprint = network.shape.guidance_embeds or scheduler.get("_class_name") == "SCMScheduler"
    return PackManifest(
        folder=folder,
        id=pack_id_from(folder.name),
        name=named.name if named else display_name(folder.name),
        version="1",
        family=family.id if family else CUSTOM_FAMILY,
        licence=known.licence if known else UNKNOWN_LICENCE,
        base_size=min(network.sample_size * PIXELS_PER_LATENT, LARGEST_SIDE),
        default_steps=known.steps if known else SPRINT_DEFAULT_STEPS if sprint else FLOW_DEFAULT_STEPS,
        default_guidance=known.guidance if known else DEFAULT_GUIDANCE,
        default_solver=Solver.SPRINT if sprint else Solver.FLOW_DPM,
        flow_shift=1.0 if sprint else _flow_shift(scheduler),
        official_flow_shift=known.official_flow_shift if known else None,
        precisions=PackPrecisions(transformer=known.precisions if known else stored_precisions(folder / "transformer")),
        text=PackText(),
        preview=PackPreview() if network.latent_channels == SANA_CHANNELS else PackPreview(kind=PreviewKind.NONE),
    )


def pack_id_from(name: str) -> str:
    """An id for a pack in a folder or file called `name`."""
    slug = re.sub(r"[^a-z0-9._-]+", "-", plain_name(name)).strip("-._")[:64]
    return slug if is_pack_id(slug) else "pack"


def display_name(name: str) -> str:
    """A folder or file name as it can be shown and written: no half characters, at most 200 of them."""
    return name.encode("utf-8", "replace").decode("utf-8")[:200] or "Pack"


def stored_precisions(transformer: Path) -> tuple[Precision, ...]:
    """Precisions of a transformer that no catalog knows: its stored type and fp32, or bf16 and fp32.

    fp16 weights outside the catalog run in fp16 because they were saved so by somebody who ran them
    so; nothing else may, because most Sana transformers leave fp16's range.
    """
    shards = sorted(transformer.glob("*.safetensors"))
    if shards:
        kinds = {info.dtype for info in read_tensor_header(shards[0]).values()}
        if len(kinds) == 1 and (stored := _STORED.get(kinds.pop())) is not None:
            return (stored, Precision.FP32)
    return (Precision.BF16, Precision.FP32)


def _named_model(
    folder: Path, index: dict[str, object], catalog: Catalog, alike: tuple[CatalogModel, ...]
) -> CatalogModel | None:
    """The model that the folder is called after, if the network has that model's shape."""
    for name in (folder.name, index.get("_name_or_path")):
        model = catalog.named(name) if isinstance(name, str) else None
        if model in alike:
            return model
    return None


def _rules(model: CatalogModel) -> tuple[object, ...]:
    return (model.precisions, model.steps, model.guidance, model.licence, model.official_flow_shift)


def _read_network(transformer: Path) -> _Network:
    config = read_json_object(transformer / "config.json")
    where = f"{transformer.parent.name}/transformer/config.json"
    scale = config.get("interpolation_scale")
    return _Network(
        shape=NetworkShape(
            layers=_whole(config, "num_layers", where),
            heads=_whole(config, "num_attention_heads", where),
            qk_norm=config.get("qk_norm") is not None,
            guidance_embeds=config.get("guidance_embeds") is True,
        ),
        sample_size=_whole(config, "sample_size", where),
        interpolation_scale=None if scale is None else _number(config, "interpolation_scale", 1.0, where),
        timestep_scale=_number(config, "timestep_scale", 1.0, where),
        latent_channels=_whole({"in_channels": SANA_CHANNELS} | config, "in_channels", where),
    )


def _optional_json(path: Path) -> dict[str, object]:
    return read_json_object(path) if path.exists() else {}


def _flow_shift(scheduler: dict[str, object]) -> float:
    # FlowMatchEulerDiscreteScheduler calls the same number `shift`.
    key = "flow_shift" if "flow_shift" in scheduler else "shift"
    shift = _number(scheduler, key, DEFAULT_FLOW_SHIFT, "scheduler_config.json")
    if not 0.01 <= shift <= 100:
        raise PackError(f"scheduler_config.json: “{key}” must be a number from 0.01 to 100, found {shift}.")
    return shift


def _whole(config: dict[str, object], key: str, where: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10_000:
        raise PackError(f"{where}: “{key}” must be a whole number from 1 to 10000, found {str(value)[:60]!r}.")
    return value


def _number(config: dict[str, object], key: str, default: float, where: str) -> float:
    value = config.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise PackError(f"{where}: “{key}” must be a number, found {str(value)[:60]!r}.")
    return float(value)
