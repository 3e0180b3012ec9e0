"""The recipe: everything that changes a pixel, and nothing else."""

import math
import re
from dataclasses import dataclass, replace

from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import RecipeError

MOST_STEPS = 1000
LARGEST_SEED = 2**63 - 1
LARGEST_GUIDANCE = 100.0
LARGEST_FLOW_SHIFT = 100.0
LONGEST_PROMPT = 100_000

_SHA256 = re.compile(r"[0-9a-f]{64}")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One picture to draw. Validated on construction: raises `RecipeError` naming the value at fault.

    `pack` is a pack's id. `flow_shift` None takes the pack's own. `latents_sha256` is set when the
    starting noise came from a file instead of the seed, and is the hash of its fp32 bytes. With `stop_after`
    the picture is what the network predicted after that many of the `steps`. Without `guidance_interval` guidance
    counts in every step.
    """

    prompt: str
    negative: str = ""
    size: Size
    steps: int
    guidance: float
    seed: int
    solver: Solver
    pack: str
    precision: Precision = Precision.AUTO
    conditioning: Conditioning = Conditioning.DIFFUSERS
    flow_shift: float | None = None
    latents_sha256: str | None = None
    emphasis: Emphasis = Emphasis.LITERAL
    stop_after: int | None = None
    guidance_interval: GuidanceInterval | None = None

    def __post_init__(self) -> None:
        _check_text("Prompt", self.prompt)
        _check_text("Negative prompt", self.negative)
        if not 1 <= self.steps <= MOST_STEPS:
            raise RecipeError(f"Steps {self.steps} is not between 1 and {MOST_STEPS}.", hint="20 is a good start.")
        _check_range("Guidance", self.guidance, 0.0, LARGEST_GUIDANCE)
        if not 0 <= self.seed <= LARGEST_SEED:
            raise RecipeError(f"Seed {self.seed} is not between 0 and {LARGEST_SEED}.")
        if self.flow_shift is not None:
            _check_range("Flow shift", self.flow_shift, 0.01, LARGEST_FLOW_SHIFT)
        if self.latents_sha256 is not None and not _SHA256.fullmatch(self.latents_sha256):
            raise RecipeError(f"Latents hash “{self.latents_sha256[:80]}” is not 64 hexadecimal digits.")
        if self.stop_after is not None and not 1 <= self.stop_after < self.steps:
            raise RecipeError(f"Stop after step {self.stop_after} is not between 1 and {self.steps - 1}.")

    @property
    def batch_key(self) -> tuple[object, ...]:
        """What pictures that are drawn together have in common: everything but their words and seeds."""
        return (
            self.size,
            self.steps,
            self.guidance,
            self.solver,
            self.pack,
            self.precision,
            self.conditioning,
            self.flow_shift,
            self.latents_sha256,
            self.stop_after,
            self.guidance_interval,
        )

    @property
    def words(self) -> tuple[object, ...]:
        """What the text encoder reads, and how."""
        return (self.prompt, self.negative, self.emphasis)

    def with_seed(self, seed: int) -> "Recipe":
        """The same picture from other noise."""
        return replace(self, seed=seed)

    def with_latents(self, sha256: str) -> "Recipe":
        """The same picture from noise that was given as a file."""
        return replace(self, latents_sha256=sha256)

    def stopped_after(self, step: int) -> "Recipe":
        """The picture as it stood after `step` steps; the same recipe if that is all of them."""
        return self if step >= self.steps else replace(self, stop_after=step)


def _check_text(name: str, text: str) -> None:
    if len(text) > LONGEST_PROMPT:
        raise RecipeError(f"{name} has {len(text)} characters; at most {LONGEST_PROMPT} can be read.")
    if _HALF.search(text):
        raise RecipeError(f"{name} holds half a character (a lone surrogate).", hint="Type or paste it again.")


def _check_range(name: str, value: float, smallest: float, largest: float) -> None:
    if not (math.isfinite(value) and smallest <= value <= largest):
        raise RecipeError(f"{name} {value} is not between {smallest:g} and {largest:g}.")
