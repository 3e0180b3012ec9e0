"""An order of pictures, and what is left of it when some of them are looked for.

Sets of pictures are marks: a whole number that has a byte for every number of a picture, 1 for those in it. A
hundred thousand bytes fit where the processor reads them at once; a set of as many numbers does not, and looking
them up one by one takes several times as long.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import compress
from operator import itemgetter
from typing import Literal

_SMALLEST_FIRST: Literal["little"] = "little"


class Order:
    """Numbers of pictures in an order that stays as it is; none of them is negative."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self._size = max(numbers, default=-1) + 1
        # With one or no place there is nothing to pick a tuple of.
        self._pick: Callable[[bytes], Sequence[int]] = (
            itemgetter(*numbers) if len(numbers) > 1 else lambda marks: [marks[number] for number in numbers]
        )

    @property
    def everything(self) -> int:
        """The marks of all pictures."""
        return int.from_bytes(b"\1" * self._size, _SMALLEST_FIRST)

    def marks(self, found: Iterable[int]) -> int:
        """The marks of pictures; those that came later than this order are passed over."""
        marks = bytearray(self._size)
        left = iter(found)
        while True:
            with suppress(IndexError):
                for number in left:
                    marks[number] = 1
                return int.from_bytes(marks, _SMALLEST_FIRST)

    def kept(self, marks: int) -> Iterable[int]:
        """The marked pictures in this order."""
        return compress(self.numbers, self._pick(marks.to_bytes(self._size, _SMALLEST_FIRST)))
