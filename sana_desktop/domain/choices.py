"""The named choices of a recipe."""

from enum import StrEnum


class Solver(StrEnum):
    """How the flow is integrated from noise to picture."""

    FLOW_DPM = "flow-dpm"
    FLOW_EULER = "flow-euler"
    SPRINT = "sprint"


class Precision(StrEnum):
    """Arithmetic of the transformer, and with `fp32` of all networks; `auto` follows the pack and the device."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


class Conditioning(StrEnum):
    """Whose rules turn a prompt into text features; the two give slightly different pictures.

    `diffusers` lower-cases the prompt and gives the empty negative prompt its own mask;
    `official` keeps the letters and lets the negative prompt wear the positive prompt's mask.
    """

    DIFFUSERS = "diffusers"
    OFFICIAL = "official"
