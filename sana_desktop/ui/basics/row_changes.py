"""From one list of rows to another in the steps that item models can tell their views."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Views follow each run of removed or inserted rows; beyond this many, reading everything anew is quicker.
MOST_RUNS = 50


@dataclass(frozen=True, slots=True)
class Removed:
    """`count` rows from `first` on go."""

    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Arranged:
    """The same rows in another order."""

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inserted:
    """`rows` come in, the first of them as number `first`."""

    first: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """Everything is new."""

    rows: tuple[int, ...]


Change = Removed | Arranged | Inserted | Replaced


def row_changes(old: Sequence[int], new: Sequence[int]) -> list[Change]:
    """The changes that, made one after the other, turn `old` into `new`; no row may be twice in a list.

    First what goes, from the bottom, then the order of what stays, then what comes, from the top.
    """
    stays = set(old) & set(new)
    removed = [Removed(first, len(rows)) for first, rows in _runs(old, stays)]
    inserted = [Inserted(first, rows) for first, rows in _runs(new, stays)]
    if len(removed) + len(inserted) > MOST_RUNS:
        return [Replaced(tuple(new))]
    before = [row for row in old if row in stays]
    after = [row for row in new if row in stays]
    arranged: list[Change] = [Arranged(tuple(after))] if before != after else []
    return [*reversed(removed), *arranged, *inserted]


def _runs(rows: Sequence[int], without: set[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Neighbouring rows that are not in `without`, and where they begin."""
    run: list[int] = []
    for place, row in enumerate(rows):
        if row not in without:
            run.append(row)
        elif run:
            yield place - len(run), tuple(run)
            run = []
    if run:
        yield len(rows) - len(run), tuple(run)
