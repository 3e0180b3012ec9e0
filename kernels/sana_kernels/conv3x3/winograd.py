"""3x3 convolution with a quarter of the multiplications, for CPUs in fp32 (Winograd; Lavin and Gray, arXiv 1509.09308).

F(4x4, 3x3): a tile of 4 x 4 results needs 6 x 6 inputs. With tiles d and kernels g transformed,
Y = A^T [ (G g G^T) * (B^T d B) ] A, where "*" is a matrix product over channels at each of the 36 places of a tile:
36 products for 16 results, where the definition takes 144. The picture is worked off in blocks of tiles that stay in
the processor's cache from their reading to the end of `finish`.

Shapes: B batch, D F channels before and after, h w height and width, R C rows and columns of tiles of a block,
T = R * C, P = 36 places of a tile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from sana_kernels.conv3x3.reference import Finish, Place
from sana_kernels.lanes import share

RESULTS, INPUTS = 4, 6
# Points 0, 1, -1, 2, -2 and infinity: errors in fp32 stay near 1e-5 of the largest result.
INPUT_TRANSFORM = (
    (4.0, 0.0, -5.0, 0.0, 1.0, 0.0),
    (0.0, -4.0, -4.0, 1.0, 1.0, 0.0),
    (0.0, 4.0, -4.0, -1.0, 1.0, 0.0),
    (0.0, -2.0, -1.0, 2.0, 1.0, 0.0),
    (0.0, 2.0, -1.0, -2.0, 1.0, 0.0),
    (0.0, 4.0, 0.0, -5.0, 0.0, 1.0),
)
KERNEL_TRANSFORM = (
    (1 / 4, 0.0, 0.0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0.0, 0.0, 1.0),
)
RESULT_TRANSFORM = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    (0.0, 1.0, -1.0, 2.0, -2.0, 0.0),
    (0.0, 1.0, 1.0, 4.0, 4.0, 0.0),
    (0.0, 1.0, -1.0, 8.0, -8.0, 1.0),
)
# The place whose product every one of the 16 results takes once: column 1 of `RESULT_TRANSFORM`, along both axes.
ADDED_TO_ALL = 1 * INPUTS + 1
# Enough for the products to run at full speed, few enough for a block to stay in the cache.
TILES_OF_A_BLOCK = 64


def conv3x3(
    x_BDhw: Tensor,
    weight_FD33: Tensor,
    bias_F: Tensor | None = None,
    *,
    doubled: bool = False,
    finish: Finish | None = None,
    before_block: Callable[[], None] | None = None,
) -> Tensor:
    """As the reference, for fp32 on a CPU without gradients; the result lies channels-last."""
    batch, _, height, width = x_BDhw.shape
    if doubled:
        height, width = 2 * height, 2 * width
    kernels_PDF = kernels_at_places(weight_FD33)
    channels, filters = kernels_PDF.shape[1:]
    grid = _Grid(height, width)
    x_BhwD = x_BDhw.movedim(1, -1)
    out_BhwF = torch.empty(batch, height, width, filters)

    def lane(places: Iterator[Place]) -> None:
        desk = _Desk(grid, channels, filters, repeats=2 if doubled else 1)
        for place in places:
            if before_block is not None:
                before_block()
            row, rows, columns = place
            made_hwF = desk.convolve(x_BhwD[row.start], rows.start, columns.start, kernels_PDF, bias_F)
            made_BhwF = made_hwF[None, : rows.stop - rows.start, : columns.stop - columns.start]
            out_BhwF[place] = made_BhwF if finish is None else finish(made_BhwF, place)

    share(grid.places(batch), lane)
    return out_BhwF.movedim(-1, 1)


def kernels_at_places(weight_FD33: Tensor) -> Tensor:
    """The kernels at the 36 places of a tile, G g G^T: [P, D, F]; four times the memory of the weight."""
    filters, channels = weight_FD33.shape[:2]
    weight_9X = weight_FD33.permute(2, 3, 1, 0).reshape(9, channels * filters)
    return (_both_axes(KERNEL_TRANSFORM) @ weight_9X).view(-1, channels, filters)


@cache
def _both_axes(transform: tuple[tuple[float, ...], ...]) -> Tensor:
    """One matrix that applies `transform` to the rows and to the columns of flattened squares."""
    matrix = torch.tensor(transform, dtype=torch.float64)
    return torch.kron(matrix, matrix).float().contiguous()


@dataclass(frozen=True, slots=True)
class _Grid:
    """The blocks of tiles that cover a picture; all are `R` x `C` tiles large, those at the edges reach over it."""

    height: int
    width: int

    @property
    def C(self) -> int:  # the letter of the shapes
        """Columns of tiles of a block."""
        columns = -(-self.width // RESULTS)
        return -(-columns // -(-columns // TILES_OF_A_BLOCK))

    @property
    def R(self) -> int:
        """Rows of tiles of a block."""
        return min(max(1, TILES_OF_A_BLOCK // self.C), -(-self.height // RESULTS))

    def places(self, batch: int) -> Iterator[Place]:
        """Batch row, rows and columns of every block."""
        high, wide = self.R * RESULTS, self.C * RESULTS
        for row in range(batch):
            for top in range(0, self.height, high):
                rows = slice(top, min(top + high, self.height))
                for left in range(0, self.width, wide):
                    yield slice(row, row + 1), rows, slice(left, min(left + wide, self.width))


class _Desk:
    """The memory in which one block after the other is worked off."""

    def __init__(self, grid: _Grid, channels: int, filters: int, *, repeats: int) -> None:
        self._height, self._width, self._repeats = grid.height, grid.width, repeats
        self._R, self._C = grid.R, grid.C
        tiles, places = self._R * self._C, INPUTS * INPUTS
        # Zero where it stands for what lies outside of the picture.
        self._read = torch.zeros(self._R * RESULTS + 2, self._C * RESULTS + 2, channels)
        self._tiles = torch.empty(INPUTS, INPUTS, self._R, self._C, channels)
        self._inputs = torch.empty(places, tiles * channels)
        self._products = torch.empty(places, tiles, filters)
        self._results = torch.empty(RESULTS * RESULTS, tiles * filters)

    def convolve(self, x_hwD: Tensor, top: int, left: int, kernels_PDF: Tensor, bias_F: Tensor | None) -> Tensor:
        """The block at `top` and `left`, as large as blocks are: [4R, 4C, F]."""
        self._fill(x_hwD, top - 1, left - 1)
        row, column, channel = self._read.stride()
        square = (INPUTS, INPUTS, self._R, self._C, self._read.shape[2])
        self._tiles.copy_(self._read.as_strided(square, (row, column, RESULTS * row, RESULTS * column, channel)))
        torch.mm(_both_axes(INPUT_TRANSFORM), self._tiles.view(INPUTS * INPUTS, -1), out=self._inputs)
        torch.bmm(self._inputs.view(*self._products.shape[:2], -1), kernels_PDF, out=self._products)
        if bias_F is not None:
            self._products[ADDED_TO_ALL].add_(bias_F)
        torch.mm(_both_axes(RESULT_TRANSFORM), self._products.view(INPUTS * INPUTS, -1), out=self._results)
        squares = self._results.view(RESULTS, RESULTS, self._R, self._C, -1).permute(2, 0, 3, 1, 4)
        return squares.reshape(self._R * RESULTS, self._C * RESULTS, -1)

    def _fill(self, x_hwD: Tensor, top: int, left: int) -> None:
        """Read what the block needs; `top` and `left` may lie one outside of the picture."""
        high, wide, _ = self._read.shape
        first, last = max(top, 0), min(top + high, self._height)
        start, stop = max(left, 0), min(left + wide, self._width)
        if (last - first, stop - start) != (high, wide):
            self._read.zero_()
        # Every `repeats`-th row and column shows the same position of what is read.
        for row in range(first, first + self._repeats):
            for column in range(start, start + self._repeats):
                self._read[row - top : last - top : self._repeats, column - left : stop - left : self._repeats] = x_hwD[
                    self._positions(row, last), self._positions(column, stop)
                ]

    def _positions(self, first: int, last: int) -> slice:
        """What stands in every `repeats`-th of first..last."""
        return slice(first // self._repeats, (last - 1 - first) // self._repeats + first // self._repeats + 1)
