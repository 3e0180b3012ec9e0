"""A local function of an image applied piece by piece, with the same result as in one piece.

A function is local if an output position depends on inputs within a few cells (its halo) only, like any chain of
convolutions. Each tile is read with its halo, and only what the halo cannot have touched is kept, so there is nothing
to blend. At the border of the picture a tile ends where the picture ends: there the function pads as it always does.

Shapes: B batch, D channels, h w rows and columns of cells. A cell is what tiles are counted in: `reads` x `reads`
input positions, which become `writes` x `writes` output positions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Span:
    """The cells start..stop that are kept of one tile, and low..high that are read for it, along one side."""

    start: int
    stop: int
    low: int
    high: int

    def read(self, cells: int) -> slice:
        """What is read of an input with so many positions per cell."""
        return slice(self.low * cells, self.high * cells)

    def written(self, cells: int) -> slice:
        """Where the result belongs in an output with so many positions per cell."""
        return slice(self.start * cells, self.stop * cells)

    def kept(self, cells: int) -> slice:
        """What is kept of the tile's result, with so many positions per cell."""
        return slice((self.start - self.low) * cells, (self.stop - self.low) * cells)


def spans(length: int, tile: int, halo: int) -> Iterator[Span]:
    """Cut `length` cells into pieces of nearly equal size, none larger than `tile`."""
    if length < 1 or tile < 1 or halo < 0:
        raise ValueError(f"expected a length and a tile of at least 1 and no negative halo: {length}, {tile}, {halo}")
    pieces = -(-length // tile)
    for piece in range(pieces):
        start, stop = piece * length // pieces, (piece + 1) * length // pieces
        yield span_of(slice(start, stop), length, halo)


def span_of(kept: slice, length: int, halo: int) -> Span:
    """What to read of `length` cells to keep those of `kept`, which has a start and a stop."""
    return Span(kept.start, kept.stop, max(0, kept.start - halo), min(length, kept.stop + halo))


def apply_by_tiles(
    local: Callable[[Tensor], Tensor],
    x_BDhw: Tensor,
    *,
    tile: int,
    halo: int,
    reads: int = 1,
    writes: int = 1,
    keep_on: torch.device | None = None,
    keep_as: torch.dtype | None = None,
) -> Tensor:
    """`local(x_BDhw)`, computed in tiles of at most `tile` cells a side, each read with `halo` cells around it.

    The result is gathered on `keep_on` as `keep_as`: where `local` runs and as it gives them, unless said otherwise.
    Raises what `local` raises; ValueError for an image that is not a whole number of cells.
    """
    rows, columns = x_BDhw.shape[-2] // reads, x_BDhw.shape[-1] // reads
    if (rows * reads, columns * reads) != tuple(x_BDhw.shape[-2:]):
        raise ValueError(f"expected sides that are multiples of {reads}, found {tuple(x_BDhw.shape[-2:])}")
    whole: Tensor | None = None
    for row in spans(rows, tile, halo):
        for column in spans(columns, tile, halo):
            made = local(x_BDhw[..., row.read(reads), column.read(reads)])
            kept = made[..., row.kept(writes), column.kept(writes)]
            if whole is None:
                shape = (*made.shape[:2], rows * writes, columns * writes)
                whole = torch.empty(shape, dtype=keep_as or made.dtype, device=keep_on or made.device)
            whole[..., row.written(writes), column.written(writes)] = kept
            # Before the next tile is made, or the peak would hold two.
            del made, kept
    assert whole is not None
    return whole
