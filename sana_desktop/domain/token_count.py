"""How much of a pack's room a prompt takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens that a prompt takes, and how many its pack reads; what comes after `limit` is left out.

    `cut_at` is the character of the prompt with which the left-out part begins, None if all of it is read.
    """

    used: int
    limit: int
    cut_at: int | None = None

    @property
    def over(self) -> int:
        """How many tokens too many there are, 0 if all are read."""
        return max(0, self.used - self.limit)
