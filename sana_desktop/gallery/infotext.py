"""The recipe as the "parameters" text that other picture tools read.

The format is A1111's: the prompt, the negative prompt, and one line of settings.
"""

import json
from collections.abc import Iterator

from sana_desktop.domain.choices import Emphasis, Solver
from sana_desktop.domain.picture import Picture

SAMPLERS = {
    Solver.FLOW_DPM: "Flow DPM++ 2M",
    Solver.FLOW_EULER: "Flow Euler",
    Solver.SPRINT: "Sprint",
}


def infotext(picture: Picture) -> str:
    """Prompt, negative prompt if there is one, and always the line of settings."""
    lines = [_printable(picture.recipe.prompt)]
    if picture.recipe.negative:
        lines.append(f"Negative prompt: {_printable(picture.recipe.negative)}")
    lines.append(", ".join(f"{key}: {_quoted(value)}" for key, value in _settings(picture)))
    return "\n".join(lines).strip()


def _settings(picture: Picture) -> Iterator[tuple[str, str]]:
    recipe = picture.recipe
    yield "Steps", str(recipe.steps)
    yield "Sampler", SAMPLERS[recipe.solver]
    yield "Schedule type", "Simple"
    yield "CFG scale", str(recipe.guidance)
    yield "Seed", str(recipe.seed)
    yield "Size", f"{picture.width}x{picture.height}"
    yield "Model", recipe.pack
    # Readers take a missing RNG for noise drawn on a GPU.
    yield "RNG", "CPU"
    if recipe.flow_shift is not None:
        yield "Flow shift", str(recipe.flow_shift)
    if recipe.guidance_interval is not None:
        yield "Guidance interval", str(recipe.guidance_interval)
    if recipe.emphasis is Emphasis.WEIGHTED:
        # The weights are written as in other tools, but count in our own way.
        yield "Emphasis", "Sana"
    yield "Precision", picture.provenance.precision
    yield "Version", f"Sana Desktop {picture.provenance.app_version}"


def _quoted(value: str) -> str:
    """Values that would break the line into other pairs are written as JSON strings."""
    return json.dumps(value, ensure_ascii=False) if any(mark in value for mark in ",:\n") else value


def _printable(text: str) -> str:
    """Without control characters, which end text chunks early or upset terminals; the exact text is in the recipe."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text)
