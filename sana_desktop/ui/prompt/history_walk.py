"""Walking through earlier prompts without losing the one that is being written."""

from collections.abc import Sequence


class HistoryWalk:
    """The draft is the newest entry: walking away from it and back again finds it.

    A recalled prompt that is written on becomes the draft; the draft before it stays among the entries.
    """

    def __init__(self) -> None:
        self._entries: tuple[str, ...] = ()
        self._at = 0
        self._left: tuple[str, ...] = ()

    def step(self, shown: str, history: Sequence[str], by: int) -> str | None:
        """The prompt to show instead of `shown`, `by` steps older (1) or newer (-1); None at either end.

        `history` is newest first.
        """
        if not self._entries or shown != self._entries[self._at]:
            if self._at and self._entries[0].strip():
                self._left = (self._entries[0], *self._left)
            self._entries = tuple(dict.fromkeys((shown, *self._left, *history)))
            self._at = 0
        if not 0 <= self._at + by < len(self._entries):
            return None
        self._at += by
        return self._entries[self._at]

    def end(self) -> None:
        """What is shown now was drawn or comes from elsewhere: the next step begins with it."""
        self._entries, self._at, self._left = (), 0, ()
