"""The published Sana models, from `resources/catalog.toml`: how to recognise them and how to run them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.system.small_files import read_toml
from sana_desktop.system.strict_table import StrictTable

FORMAT = 1
FLOW_DEFAULT_STEPS = 20
SPRINT_DEFAULT_STEPS = 2
DEFAULT_GUIDANCE = 4.5
DEFAULT_FLOW_SHIFT = 3.0
PIXELS_PER_LATENT = 32


class Variant(StrEnum):
    """The word that names the half-precision copy of the files in a repository."""

    FP16 = "fp16"
    BF16 = "bf16"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShape:
    """What tells the families of transformers apart."""

    layers: int
    heads: int
    qk_norm: bool
    guidance_embeds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models of one shape; `parameters` counts the transformer's."""

    id: str
    name: str
    shape: NetworkShape
    parameters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A licence that somebody has to accept, and where it can be read."""

    id: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """What is fetched of a repository: `files` by name, and one copy of the weights of each of `networks`.

    The networks in `by_variant` take the copy that their model's `variant` names, the others the plain one.
    """

    files: tuple[str, ...]
    networks: tuple[str, ...]
    by_variant: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogModel:
    """One published model. `precisions` are those its transformer was trained to bear, best first.

    `flow_shift` is diffusers' number; `official_flow_shift` is NVlabs', None where they agree.
    `repository` is None where no diffusers folder is known. A Sprint model has no flow shift: 1.0.
    An `english_only` model was trained on English captions alone.
    """

    id: str
    name: str
    family: Family
    repository: str | None
    checkpoint_repository: str
    checkpoints: tuple[str, ...]
    base_size: int
    precisions: tuple[Precision, ...]
    variant: Variant | None
    steps: int
    guidance: float
    solver: Solver
    flow_shift: float
    official_flow_shift: float | None
    interpolation_scale: float | None
    timestep_scale: float
    licence: str
    terms: tuple[Terms, ...]
    english_only: bool

    @property
    def sample_size(self) -> int:
        """Side of the latents of training, which is also the base grid of the positions."""
        return self.base_size // PIXELS_PER_LATENT

    @property
    def transformer_bytes(self) -> int:
        """Size of the transformer in 16 bit."""
        return 2 * self.family.parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All families and models; the byte counts are downloads shared by every model."""

    families: tuple[Family, ...]
    models: tuple[CatalogModel, ...]
    text_encoder_bytes: int
    autoencoder_bytes: int
    tokenizer_bytes: int
    fetch: FetchRules

    def download_bytes(self, model: CatalogModel) -> int:
        """What one copy of everything that `model` needs weighs, its transformer in 16 bit."""
        return model.transformer_bytes + self.text_encoder_bytes + self.autoencoder_bytes + self.tokenizer_bytes

    def named(self, name: str) -> CatalogModel | None:
        """The model that `name` means: an id, a repository, a checkpoint file, or a folder called after one."""
        wanted = plain_name(name)
        for model in self.models:
            names = [model.id, model.checkpoint_repository, *model.checkpoints]
            if wanted in (plain_name(known) for known in names):
                return model
        return None

    def with_shape(
        self, shape: NetworkShape, sample_size: int, interpolation_scale: float | None, timestep_scale: float
    ) -> tuple[CatalogModel, ...]:
        """The models that such a network may be, judged by its configuration alone."""
        wanted = (shape, sample_size, interpolation_scale, timestep_scale)
        return tuple(
            model
            for model in self.models
            if (model.family.shape, model.sample_size, model.interpolation_scale, model.timestep_scale) == wanted
        )

    def family_of(self, shape: NetworkShape) -> Family | None:
        """The family that `shape` belongs to, if it is a published one."""
        return next((family for family in self.families if family.shape == shape), None)


def plain_name(name: str) -> str:
    """The part of a repository, file or folder name that names a model, in one spelling.

    "Efficient-Large-Model/Sana_600M_1024px_diffusers" and "sana-600m-1024px" both become the latter.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1].lower().replace("_", "-")
    return re.sub(r"(-diffusers|\.pth|\.pt|\.safetensors)$", "", last)


def read_catalog(path: Path) -> Catalog:
    """Read a catalog file; raises `PackError` naming the entry and key at fault."""
    document = StrictTable(read_toml(path), path.name)
    document.whole("format", FORMAT, FORMAT)
    components = document.table("components")
    families = {name: _family(name, table) for name, table in document.named_tables("family")}
    terms = {name: _terms(name, table) for name, table in document.named_tables("terms")}
    catalog = Catalog(
        families=tuple(families.values()),
        models=tuple(_model(table, families, terms) for table in document.tables("model")),
        text_encoder_bytes=components.whole("text_encoder_bytes", 1, 2**40),
        autoencoder_bytes=components.whole("autoencoder_bytes", 1, 2**40),
        tokenizer_bytes=components.whole("tokenizer_bytes", 1, 2**40),
        fetch=_fetch_rules(document.table("fetch")),
    )
    components.finish()
    document.finish()
    return catalog


def _family(name: str, table: StrictTable) -> Family:
    family = Family(
        id=name,
        name=table.text("name"),
        shape=NetworkShape(
            layers=table.whole("layers", 1, 1000),
            heads=table.whole("heads", 1, 1000),
            qk_norm=table.flag("qk_norm"),
            guidance_embeds=table.flag("guidance_embeds"),
        ),
        parameters=table.whole("parameters", 1, 2**40),
    )
    table.finish()
    return family


def _terms(name: str, table: StrictTable) -> Terms:
    terms = Terms(id=name, name=table.text("name"), url=table.text("url"))
    table.finish()
    return terms


def _fetch_rules(table: StrictTable) -> FetchRules:
    rules = FetchRules(
        files=table.texts("files"), networks=table.texts("networks"), by_variant=table.texts("by_variant")
    )
    table.finish()
    return rules


def _model(table: StrictTable, families: dict[str, Family], terms: dict[str, Terms]) -> CatalogModel:
    family_id = table.text("family")
    if family_id not in families:
        table.refuse("family", f"one of {', '.join(families)}", family_id)
    wanted = table.texts("terms")
    if not set(wanted) <= set(terms):
        table.refuse("terms", f"some of {', '.join(terms)}", list(wanted))
    model = CatalogModel(
        id=table.text("id"),
        name=table.text("name"),
        family=families[family_id],
        repository=table.text("repository") if table.has("repository") else None,
        checkpoint_repository=table.text("checkpoint_repository"),
        checkpoints=table.texts("checkpoints"),
        base_size=table.whole("base_size", 32, 8192),
        precisions=table.choices("precisions", Precision),
        variant=table.choice("variant", Variant) if table.has("variant") else None,
        steps=table.whole("steps", 1, 1000),
        guidance=table.number("guidance", 0, 100),
        solver=table.choice("solver", Solver),
        flow_shift=table.number("flow_shift", 0.01, 100, 1.0),
        official_flow_shift=_optional_number(table, "official_flow_shift"),
        interpolation_scale=_optional_number(table, "interpolation_scale"),
        timestep_scale=table.number("timestep_scale", 1e-6, 1000, 1.0),
        licence=table.text("licence"),
        terms=tuple(terms[name] for name in wanted),
        english_only=table.flag("english_only", False),
    )
    table.finish()
    return model


def _optional_number(table: StrictTable, key: str) -> float | None:
    return table.number(key, 0.01, 100) if table.has(key) else None
