"""What is wrong with a line of a prompt list, or was not heeded, and where."""

from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.errors import KnownError, PromptListError


class Weight(StrEnum):
    """Whether a line is left out because of a problem, or drawn in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A message for a place in the list; line and column count from 1."""

    line: int
    column: int
    message: str
    hint: str = ""
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"line {self.line}, column {self.column}: {self.weight}: {self.message}{hint}"


def problem_of(line: int, error: KnownError, column: int = 1) -> Problem:
    """The problem that an error is; `column` is used where the error knows none."""
    if isinstance(error, PromptListError):
        column = error.column
    return Problem(line, column, str(error), error.hint)
