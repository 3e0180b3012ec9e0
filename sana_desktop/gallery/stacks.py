"""Pictures that look nearly the same, put behind the first of them."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sana_desktop.gallery.looks import groups_of
from sana_desktop.gallery.order import Marks, Numbers


@dataclass(frozen=True, slots=True)
class Stacked:
    """Pictures without those that stand behind another one, and how many there are in each stack of more than one."""

    pictures: "array[int]"
    sizes: Mapping[int, int] = field(default_factory=dict[int, int])


class Stacks:
    """The stacks of a gallery: `pictures` with their `looks`, in any order; pictures without one stand alone."""

    def __init__(self, pictures: Numbers, looks: Numbers) -> None:
        self._size = int(pictures.max()) + 1 if len(pictures) else 0
        self._groups = np.arange(self._size)
        self._groups[pictures] = pictures[groups_of(looks)]

    def marks(self, picture: int, size: int) -> Marks:
        """The marks (see `order`) of those in the stack of a picture, itself among them."""
        marks = np.zeros(size, np.bool_)
        if 0 <= picture < size:
            marks[picture] = True
        if 0 <= picture < self._size:
            alike = np.flatnonzero(self._groups == self._groups[picture])
            marks[alike[alike < size]] = True
        return marks

    def stacked(self, found: "array[int]") -> Stacked:
        """What of `found` is seen when every stack shows its first picture only."""
        if not found:
            return Stacked(found)
        numbers = np.frombuffer(found, np.int64)
        groups = numbers.copy()
        known = numbers < self._size
        groups[known] = self._groups[numbers[known]]
        _, first, counts = np.unique(groups, return_index=True, return_counts=True)
        order = np.argsort(first)
        shown, sizes = numbers[first[order]], counts[order]
        kept = array("q")
        kept.frombytes(shown.tobytes())
        many = sizes > 1
        return Stacked(kept, dict(zip(shown[many].tolist(), sizes[many].tolist(), strict=True)))
