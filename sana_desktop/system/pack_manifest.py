"""What a pack says about itself, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.errors import PackError


class TextSource(StrEnum):
    """Where the text encoder of a pack comes from: its own folders, or an installed Python package."""

    FOLDER = "folder"
    GEMMA3_270M_GGUF = "gemma3-270m-gguf"


class PreviewKind(StrEnum):
    """How unfinished latents become a small picture.

    `linear` without a file is the 32-to-RGB map of the published DC-AE; with one, the file holds
    `weight` [3, K] and `bias` [3]. `tiny` is a tiny decoder in the pack's own file, `taesana` the
    public one for the published DC-AE. Packs on the latents of the published DC-AE (`taesana`, or `linear`
    without a file) that bring no tiny decoder use the program's own, in `resources/preview/`.
    """

    NONE = "none"
    LINEAR = "linear"
    TINY = "tiny"
    TAESANA = "taesana"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPrecisions:
    """Arithmetic that each part may run in, the best first; never empty, never `auto`."""

    transformer: tuple[Precision, ...]
    text_encoder: tuple[Precision, ...] = (Precision.BF16, Precision.FP32)
    vae: tuple[Precision, ...] = (Precision.BF16, Precision.FP32)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackText:
    """How prompts reach the transformer: with the complex human instruction or bare, and how long."""

    source: TextSource = TextSource.FOLDER
    instruction: bool = True
    max_tokens: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPreview:
    """Which preview decoder fits the pack's latents; `file` is a path inside the pack.

    `tiny` is a tiny decoder beside another kind, for machines and moments that can afford it.
    """

    kind: PreviewKind = PreviewKind.LINEAR
    file: Path | None = None
    tiny: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that belong to it."""
        return tuple(file for file in (self.file, self.tiny) if file is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackManifest:
    """One installed pack: what it is, how it wants to be run, and where its parts are.

    `folder` holds `transformer/` and `vae/` in the diffusers layout, and `text_encoder/` and
    `tokenizer/` where `text.source` is `folder`. `flow_shift` has no meaning for the Sprint solver;
    `official_flow_shift` is NVlabs' own number where diffusers ships another. `notice` is what the
    user should be told about the pack's limits, empty if nothing; `examples` are prompts that it draws well.
    """

    folder: Path
    id: str
    name: str
    version: str
    family: str
    licence: str
    base_size: int
    default_steps: int
    default_guidance: float
    default_solver: Solver
    flow_shift: float
    official_flow_shift: float | None = None
    precisions: PackPrecisions
    text: PackText
    preview: PackPreview
    description: str = ""
    notice: str = ""
    examples: tuple[str, ...] = ()

    @property
    def transformer_folder(self) -> Path:
        """Weights and configuration of the linear DiT."""
        return self.folder / "transformer"

    @property
    def vae_folder(self) -> Path:
        """Weights and configuration of the DC-AE."""
        return self.folder / "vae"

    @property
    def text_encoder_folder(self) -> Path:
        """Weights and configuration of Gemma, for a pack that brings its own."""
        return self.folder / "text_encoder"

    @property
    def tokenizer_folder(self) -> Path:
        """Gemma's tokenizer, for a pack that brings its own."""
        return self.folder / "tokenizer"

    def missing_parts(self) -> tuple[str, ...]:
        """Names of the folders that drawing needs and that are not there."""
        needed = [self.transformer_folder, self.vae_folder]
        if self.text.source is TextSource.FOLDER:
            needed += [self.text_encoder_folder, self.tokenizer_folder]
        return tuple(part.name for part in needed if not part.is_dir())

    def require_parts(self) -> None:
        """Raise `PackError` naming what is missing, and how to get it, unless the pack can draw."""
        missing = self.missing_parts()
        if missing:
            raise PackError(
                f"Pack “{self.id}” cannot draw yet: it has no {' and no '.join(missing)}.",
                hint="Import it again together with a complete pack that it can share them with: "
                "`sana-desktop packs import FILE --base OTHER_PACK`.",
            )
