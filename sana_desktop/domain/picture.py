"""A finished picture as it leaves the engine."""

from dataclasses import dataclass, field

from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds spent in each phase of one picture; `preview` is the part of `sample` that its previews took."""

    load: float
    encode: float
    sample: float
    decode: float
    preview: float = 0.0

    @property
    def total(self) -> float:
        """Seconds from request to pixels."""
        return self.load + self.encode + self.sample + self.decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What was decided while drawing, for the record: same recipe and provenance, same pixels.

    `batch_seeds` lists the seeds drawn together, in order, where the device does not give
    bit-identical pictures alone and in a batch; empty for a picture drawn alone. `kernels` names the versions of the
    operations, `tiling` how the decode was cut up; pictures of older programs say neither.
    """

    device: str
    precision: str
    precision_reason: str
    pack_version: str
    app_version: str
    torch_version: str
    batch_seeds: tuple[int, ...] = ()
    kernels: str = ""
    tiling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryUse:
    """Bytes in use at the most in each phase, of the card or of this process, and `idle` ones before any network.

    A phase that did not run, because what it makes was there already, has 0.
    """

    plan: MemoryPlan = PLANS[0]
    idle: int = 0
    encode: int = 0
    sample: int = 0
    decode: int = 0

    @property
    def peak(self) -> int:
        """The largest of them."""
        return max(self.encode, self.sample, self.decode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """RGB rows of 8-bit pixels (width * height * 3 bytes, top row first) and where they came from.

    `latents` are what they were decoded from, as little-endian 16-bit floats of [channels, height / 32, width / 32];
    empty where nobody has them. `memory` is what drawing it took; the same picture is the same whatever it took.
    """

    rgb: bytes
    width: int
    height: int
    recipe: Recipe
    provenance: Provenance
    timings: Timings
    notices: tuple[str, ...] = ()
    latents: bytes = field(default=b"", repr=False)
    memory: MemoryUse = field(default=MemoryUse(), compare=False)
