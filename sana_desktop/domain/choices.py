"""The named choices: of a recipe, and of how its drawing is shown."""

from dataclasses import dataclass
from enum import StrEnum


class Solver(StrEnum):
    """How the flow is integrated from noise to picture."""

    FLOW_DPM = "flow-dpm"
    FLOW_EULER = "flow-euler"
    SPRINT = "sprint"


class Precision(StrEnum):
    """Arithmetic of the transformer, and with `fp32` of all networks; `auto` follows the pack and the device.

    `int8` and `nf4` say how weights of transformer and text encoder are stored (`auto` then chooses the arithmetic).
    `w8a8` also computes the transformer's products in 8 bit; the text encoder is stored as with `int8`.
    """

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    INT8 = "int8"
    NF4 = "nf4"
    W8A8 = "w8a8"

    @property
    def quantizes(self) -> bool:
        """Whether this stores weights in fewer bits than any arithmetic has."""
        return self in (Precision.INT8, Precision.NF4, Precision.W8A8)


class Conditioning(StrEnum):
    """Whose rules turn a prompt into text features; the two give slightly different pictures.

    `diffusers` lower-cases the prompt and gives the empty negative prompt its own mask;
    `official` keeps the letters and lets the negative prompt wear the positive prompt's mask.
    """

    DIFFUSERS = "diffusers"
    OFFICIAL = "official"


class Emphasis(StrEnum):
    """What “(word:1.3)” in a prompt means: those very letters, or that the word counts 1.3 times as much."""

    LITERAL = "literal"
    WEIGHTED = "weighted"


class PreviewChoice(StrEnum):
    """How the forming picture is shown; `auto` takes the tiny decoder where it costs little enough."""

    AUTO = "auto"
    LINEAR = "linear"
    TINY = "tiny"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """What the user wants to see of a forming picture; `budget` is the share of a run that it may cost, 0 to 1."""

    choice: PreviewChoice = PreviewChoice.AUTO
    budget: float = 0.03
