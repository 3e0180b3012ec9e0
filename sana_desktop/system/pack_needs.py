"""What packs have in common about memory and disk: numbers of the networks that all share, and what fits."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.system.hardware import Hardware

# Of all memory, how much programs can have before the system itself suffers.
SHARE_OF_MEMORY = 0.92
MOST_FILES = 20_000

# Numbers in the networks that a pack does not bring or the catalog shares.
GEMMA_2_2B = 2_614_000_000
GEMMA_2_WORDS = 256_000 * 2304
GEMMA_2_ATTENTION = 26 * 2304 * (8 * 256 + 2 * 4 * 256 + 8 * 256)
GEMMA_3_270M = 268_000_000
GEMMA_3_WORDS = 262_144 * 640
GEMMA_3_ATTENTION = 18 * 640 * (4 * 256 + 2 * 256 + 4 * 256)
DC_AE_ENCODER, DC_AE_DECODER = 153_027_104, 159_223_171


class FitLevel(StrEnum):
    """Whether a pack can draw here: at once, after other programs were closed, or not at all."""

    FITS = "fits"
    TIGHT = "tight"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A forecast in bytes for the memory that counts: the card's where one draws, else the machine's.

    `plan` is how it would be drawn, and `stored` in how few bits weights would be kept, if they have to be.
    """

    level: FitLevel
    needed: int
    memory_total: int
    on_gpu: bool
    plan: MemoryPlan = PLANS[0]
    stored: Precision | None = None


def level_of(needed: int, free: int, total: int) -> FitLevel:
    """How `needed` bytes fit into a memory of `total`, of which `free` are."""
    if needed <= free:
        return FitLevel.FITS
    return FitLevel.TIGHT if needed <= SHARE_OF_MEMORY * total else FitLevel.NO


def fit_for(needed: int, hardware: Hardware, plan: MemoryPlan = PLANS[0], stored: Precision | None = None) -> Fit:
    """Compare what is needed with the memory that counts."""
    place = hardware.gpu or hardware
    return Fit(
        level=level_of(needed, place.memory_free, place.memory_total),
        needed=needed,
        memory_total=place.memory_total,
        on_gpu=hardware.gpu is not None,
        plan=plan,
        stored=stored,
    )


def folder_bytes(folder: Path) -> int:
    """What the files below `folder` take on the disk; files that vanish meanwhile take nothing."""
    total, seen = 0, 0
    for place, _, names in os.walk(folder):
        for name in names:
            seen += 1
            if seen > MOST_FILES:
                return total
            try:
                total += (Path(place) / name).stat().st_size
            except OSError:
                continue
    return total
