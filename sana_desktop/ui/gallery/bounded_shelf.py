"""Values that are kept as long as there is room; those that were not looked at for longest go first."""

from collections import OrderedDict
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class BoundedShelf(Generic[_Key, _Value]):
    """Holds values whose costs are at most `most` together, though always the newest one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._cost = 0
        self._values: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: _Key) -> bool:
        return key in self._values

    @property
    def cost(self) -> int:
        """Of all values together."""
        return self._cost

    def put(self, key: _Key, value: _Value, cost: int = 1) -> None:
        """Keep a value, in place of one that has the same key."""
        self.drop(key)
        self._values[key] = (value, cost)
        self._cost += cost
        while self._cost > self._most and len(self._values) > 1:
            _, (_, gone) = self._values.popitem(last=False)
            self._cost -= gone

    def get(self, key: _Key) -> _Value | None:
        """The value, which counts as looked at now; None if it is not there."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def drop(self, key: _Key) -> None:
        """Forget a value, if it is there."""
        found = self._values.pop(key, None)
        if found is not None:
            self._cost -= found[1]

    def clear(self) -> None:
        """Forget all."""
        self._values.clear()
        self._cost = 0
