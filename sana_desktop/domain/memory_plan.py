"""How a picture is drawn in the memory there is: which networks stay, where they work, in which pieces it is decoded.

Plans change pixels by rounding only.
"""

from dataclasses import dataclass, replace

PIXELS_PER_POSITION = 32


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What is where, and when.

    With `resident` networks stay in memory for the next picture; otherwise only the one that works is there. `tile` is
    the largest side, in latent positions, that is decoded at once; None is the whole picture. `text_on_cpu` and
    `decode_on_cpu` take text encoder and autoencoder off a graphics card that is too small for them.
    """

    resident: bool = True
    tile: int | None = None
    text_on_cpu: bool = False
    decode_on_cpu: bool = False

    @property
    def tiling(self) -> str:
        """How the decode is cut up, and that it is done on the processor where a card draws."""
        cut = "whole" if self.tile is None else f"tiles of {self.tile * PIXELS_PER_POSITION} px"
        return f"{cut}, on the processor" if self.decode_on_cpu else cut

    @property
    def words(self) -> str:
        """What it says to people."""
        parts = ["all networks stay in memory" if self.resident else "one network at a time"]
        if self.text_on_cpu:
            parts.append("the text read on the processor")
        if self.decode_on_cpu:
            parts.append("decoded on the processor")
        elif self.tile is not None:
            parts.append(f"decoded in tiles of {self.tile * PIXELS_PER_POSITION} px")
        return ", ".join(parts)


_ONE = MemoryPlan(resident=False)

PLANS = (
    MemoryPlan(),
    _ONE,
    replace(_ONE, tile=16),
    replace(_ONE, tile=8),
    replace(_ONE, tile=4),
    replace(_ONE, tile=16, decode_on_cpu=True),
)
"""The ladder, for a decode: each takes less than the one before."""

CHOICES = {
    "fast": PLANS[0],
    "lean": PLANS[1],
    "tiles-512": PLANS[2],
    "tiles-256": PLANS[3],
    "tiles-128": PLANS[4],
}
"""Plans by the names that people choose them by."""
