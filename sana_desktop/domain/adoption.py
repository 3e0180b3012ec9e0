"""Taking settings over from a picture that another program may have made.

What does not fit is brought to the nearest that does, and every such change is said in a sentence.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.inspected import Inspected
from sana_desktop.domain.recipe import LARGEST_GUIDANCE, LARGEST_SEED, LONGEST_PROMPT, MOST_STEPS, Recipe
from sana_desktop.domain.sizes import Size, nearest_sides

_SOLVERS = {
    "flow dpm++ 2m": Solver.FLOW_DPM,
    "flow-dpm": Solver.FLOW_DPM,
    "flow_dpm-solver": Solver.FLOW_DPM,
    "dpm++ 2m": Solver.FLOW_DPM,
    "dpmpp_2m": Solver.FLOW_DPM,
    "flow euler": Solver.FLOW_EULER,
    "flow-euler": Solver.FLOW_EULER,
    "euler": Solver.FLOW_EULER,
    "sprint": Solver.SPRINT,
}


class Part(StrEnum):
    """What of a picture's settings somebody wants to use."""

    PROMPT = "prompt"
    SEED = "seed"
    SIZE = "size"
    ALL = "all"
    ALL_BUT_SEED = "all but the seed"

    def includes(self, field: "Part") -> bool:
        """Whether the prompt, the seed or the size belongs to this part."""
        return self is field or self is Part.ALL or (self is Part.ALL_BUT_SEED and field is not Part.SEED)

    @property
    def is_all(self) -> bool:
        """Whether everything else belongs to it as well."""
        return self in (Part.ALL, Part.ALL_BUT_SEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Settings to take over, each of them possible for a `Recipe`; None leaves what is set as it is.

    `recipe` holds everything else of a picture of ours (precision, conditioning, flow shift, emphasis) where all is
    taken over. `pack` is only named if it is installed. `notes` say what had to be changed.
    """

    prompt: str | None = None
    negative: str | None = None
    seed: int | None = None
    size: Size | None = None
    steps: int | None = None
    guidance: float | None = None
    solver: Solver | None = None
    pack: str | None = None
    recipe: Recipe | None = None
    notes: tuple[str, ...] = ()


def adopt(found: Inspected, part: Part, packs: Collection[str] = ()) -> Adoption:
    """What to take over from a picture; `packs` are the ids of those that are installed. Never raises."""
    notes: list[str] = []
    prompt = negative = None
    if part.includes(Part.PROMPT) and (found.prompt or found.negative):
        prompt, negative = _text(found.prompt, "prompt", notes), _text(found.negative, "negative prompt", notes)
    seed = _seed(found.seed, notes) if part.includes(Part.SEED) else None
    size = _size(found.size, notes) if part.includes(Part.SIZE) else None
    if not part.is_all:
        return Adoption(prompt=prompt, negative=negative, seed=seed, size=size, notes=tuple(notes))
    return Adoption(
        prompt=prompt,
        negative=negative,
        seed=seed,
        size=size,
        steps=_steps(found.steps, notes),
        guidance=_guidance(found.guidance, notes),
        solver=_solver(found, notes),
        pack=_pack(found, packs, notes),
        recipe=found.recipe,
        notes=tuple(notes),
    )


def fitting_size(width: int, height: int) -> Size:
    """The size that can be drawn and is nearest to the given one, side by side."""
    return Size(_fitting_side(width), _fitting_side(height))


def _fitting_side(side: int) -> int:
    return min(nearest_sides(side), key=lambda possible: abs(possible - side))


def _text(text: str, name: str, notes: list[str]) -> str:
    if len(text) > LONGEST_PROMPT:
        notes.append(f"The {name} has {len(text)} characters: the first {LONGEST_PROMPT} are taken.")
        text = text[:LONGEST_PROMPT]
    # Halves of characters can come out of JSON, and a recipe refuses them.
    return text.encode("utf-8", "replace").decode("utf-8")


def _seed(seed: int | None, notes: list[str]) -> int | None:
    if seed is None or 0 <= seed <= LARGEST_SEED:
        return seed
    notes.append(f"Seed {seed} is not between 0 and {LARGEST_SEED}: yours stays.")
    return None


def _size(size: tuple[int, int] | None, notes: list[str]) -> Size | None:
    if size is None or min(size) < 1:
        return None
    fitting = fitting_size(*size)
    if size != (fitting.width, fitting.height):
        notes.append(f"Size {size[0]} × {size[1]} → {fitting.width} × {fitting.height}.")
    return fitting


def _steps(steps: int | None, notes: list[str]) -> int | None:
    if steps is None or 1 <= steps <= MOST_STEPS:
        return steps
    possible = min(max(steps, 1), MOST_STEPS)
    notes.append(f"Steps {steps} → {possible}.")
    return possible


def _guidance(guidance: float | None, notes: list[str]) -> float | None:
    if guidance is None or not math.isfinite(guidance) or 0 <= guidance <= LARGEST_GUIDANCE:
        return guidance if guidance is not None and math.isfinite(guidance) else None
    possible = min(max(guidance, 0.0), LARGEST_GUIDANCE)
    notes.append(f"Guidance {guidance:g} → {possible:g}.")
    return possible


def _solver(found: Inspected, notes: list[str]) -> Solver | None:
    if found.recipe is not None:
        return found.recipe.solver
    if not found.sampler:
        return None
    solver = _SOLVERS.get(found.sampler.strip().casefold())
    if solver is None:
        notes.append(f"Sampler “{found.sampler[:60]}” is not ours: Flow-DPM is taken.")
        return Solver.FLOW_DPM
    return solver


def _pack(found: Inspected, packs: Collection[str], notes: list[str]) -> str | None:
    name = found.model if found.recipe is None else found.recipe.pack
    if not name or name in packs:
        return name or None
    notes.append(f"Model “{name[:60]}” is not installed here: yours stays.")
    return None
