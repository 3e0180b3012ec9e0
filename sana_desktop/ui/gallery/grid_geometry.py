"""Where the pictures of a grid lie: plain arithmetic, the same effort for ten pictures and for a hundred thousand."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; right and bottom are the first pixels outside."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """`count` square cells of `side` pixels in rows, with `gap` pixels between and around them, `width` at most.

    What is left over in a row is shared out between its cells, so that rows end where the view ends. `columns` is
    how many cells a row has, one at least. Places are counted from the top of the first row.
    """

    count: int
    width: int
    side: int
    gap: int
    columns: int = field(init=False)

    def __post_init__(self) -> None:
        # Once: it is asked for a thousand times while a page is painted.
        object.__setattr__(self, "columns", max(1, (self.width - self.gap) // (self.side + self.gap)))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.columns)

    @property
    def pitch(self) -> int:
        """From the top of one row to the top of the next."""
        return self.side + self.gap

    @property
    def height(self) -> int:
        """All rows together."""
        return self.gap + self.rows * self.pitch

    def box(self, place: int) -> Box:
        """Where a cell lies; `place` counts from 0."""
        row, column = divmod(place, self.columns)
        return Box(self._left(column), self.gap + row * self.pitch, self.side, self.side)

    def at(self, x: int, y: int) -> int | None:
        """The cell at a point, None between cells and behind the last one."""
        place = self.near(x, y)
        if place is None:
            return None
        box = self.box(place)
        inside = box.left <= x < box.left + box.width and box.top <= y < box.top + box.height
        return place if inside else None

    def near(self, x: int, y: int) -> int | None:
        """The cell that is nearest to a point, which may lie outside of the grid; None if there are no cells."""
        if not self.count:
            return None
        row = min(max((y - self.gap // 2) // self.pitch, 0), self.rows - 1)
        return min(row * self.columns + self._column(x), self.count - 1)

    def between(self, top: int, height: int) -> range:
        """The cells that are seen, at least in part, in a view of `height` that begins at `top`."""
        first = max(0, (top - self.gap) // self.pitch)
        last = max(0, -(-(top + height) // self.pitch))
        return range(min(self.count, first * self.columns), min(self.count, last * self.columns))

    def in_rectangle(self, left: int, top: int, right: int, bottom: int) -> list[range]:
        """The cells that a rectangle touches, row by row; right and bottom belong to it."""
        if not self.count:
            return []
        first_column, last_column = self._column(left), self._column(right)
        first_row = max(0, (top - self.gap) // self.pitch)
        last_row = min(self.rows - 1, (bottom - self.gap) // self.pitch)
        found: list[range] = []
        for row in range(first_row, last_row + 1):
            start = row * self.columns + first_column
            found.append(range(min(start, self.count), min(start + last_column - first_column + 1, self.count)))
        return [places for places in found if places]

    def _left(self, column: int) -> int:
        spare = max(0, self.width - self.gap - self.columns * self.pitch)
        # With a single row nothing has to be filled.
        share = 0 if self.count < self.columns else spare * column // max(1, self.columns - 1)
        return self.gap + column * self.pitch + share

    def _column(self, x: int) -> int:
        column = min(max((x - self.gap // 2) // self.pitch, 0), self.columns - 1)
        # The spare pixels have pushed the cells to the right.
        while column and self._left(column) - self.gap // 2 > x:
            column -= 1
        return column
