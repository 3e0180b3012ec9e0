"""Lists with columns: CSV with a header, and JSON Lines."""

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.fields import Cell, entry_from, known_flags, unknown_flag
from sana_desktop.domain.batch.problem import Problem, problem_of
from sana_desktop.errors import KnownError, PromptListError
from sana_desktop.services.batch.lines import LONGEST_LINE, Line

# A quoted cell may hold line ends. One that holds more was never closed.
MOST_LINES_OF_A_ROW = 200
MOST_COLUMNS = 200
_DELIMITERS = (",", ";", "\t")


def csv_entries(lines: Iterable[Line | Problem]) -> Iterator[Entry | Problem]:
    """Entries of a table whose first row names the columns as flags are named; commas, semicolons or tabs.

    Yields a problem for each row that is none, and warnings before their entry. Raises `KnownError` for a header
    that is none: without it no row can be understood.
    """
    rows = _Rows(lines)
    header = rows.header()
    if header is None:
        return
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        number, cells = row
        if not any(cell.text.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield Problem(
                number,
                cells[min(len(cells), len(header)) - 1].column,
                f"Expected {len(header)} columns as in the header, found {len(cells)}.",
                "A text with a comma in it stands between double quotes.",
            )
            continue
        yield from _entry(number, dict(zip(header, cells, strict=True)))


def json_entries(lines: Iterable[Line | Problem]) -> Iterator[Entry | Problem]:
    """Entries of lines that are JSON objects whose names are those of flags; null and absent are the default."""
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            try:
                cells = _json_cells(line.text)
            except PromptListError as error:
                yield problem_of(line.number, error)
            else:
                yield from _entry(line.number, cells)


def _entry(number: int, cells: dict[str, Cell]) -> Iterator[Entry | Problem]:
    found: list[Problem] = []
    try:
        entry = entry_from(number, cells, found)
    except PromptListError as error:
        yield problem_of(number, error)
        return
    yield from found
    yield entry


class _Rows:
    """Rows of CSV with the columns of their cells."""

    def __init__(self, lines: Iterable[Line | Problem]) -> None:
        self._lines = iter(lines)
        self._delimiter = ","
        self._returned: deque[Line | Problem] = deque()

    def _next(self) -> Line | Problem | None:
        return self._returned.popleft() if self._returned else next(self._lines, None)

    def header(self) -> list[str] | None:
        """The names of the columns, None for an empty file."""
        first = next((line for line in self._lines if isinstance(line, Problem) or line.text.strip()), None)
        if first is None:
            return None
        if isinstance(first, Problem):
            raise KnownError(str(first))
        known = known_flags()
        for self._delimiter in _DELIMITERS:
            row = self._cut(first.number, first.text)
            if isinstance(row, Problem):
                raise KnownError(str(row))
            names = [cell.text.strip().lower() for cell in row[1]]
            if "prompt" in names:
                break
        else:
            raise KnownError(
                f"line {first.number}, column 1: the table has no column “prompt”.",
                hint=f"The first row names the columns: {', '.join(known[:8])}, ...",
            )
        for name, cell in zip(names, row[1], strict=True):
            if name not in known:
                error = unknown_flag(name, cell.column, what="column")
                raise KnownError(f"line {first.number}, column {cell.column}: {error}", hint=error.hint)
        if len(set(names)) < len(names):
            raise KnownError(f"line {first.number}, column 1: two columns have the same name.")
        return names

    def __iter__(self) -> Iterator[tuple[int, list[Cell]] | Problem]:
        while (line := self._next()) is not None:
            if isinstance(line, Problem):
                yield line
            elif line.text.count('"') % 2 == 0:
                yield self._cut(line.number, line.text)
            else:
                yield from self._joined(line)

    def _joined(self, first: Line) -> Iterator[tuple[int, list[Cell]] | Problem]:
        """A row that goes on over several lines; where it never ends, its first line alone is at fault."""
        taken: list[Line | Problem] = []
        text = first.text
        while (line := self._next()) is not None:
            taken.append(line)
            if isinstance(line, Line):
                text += "\n" + line.text
                if line.text.count('"') % 2:
                    yield self._cut(first.number, text)
                    return
            if isinstance(line, Problem) or len(taken) >= MOST_LINES_OF_A_ROW or len(text) > LONGEST_LINE:
                break
        yield Problem(
            first.number,
            first.text.rindex('"') + 1,
            "A quotation mark is never closed.",
            "Inside a quoted text, write two for one.",
        )
        self._returned.extendleft(reversed(taken))

    def _cut(self, number: int, text: str) -> tuple[int, list[Cell]] | Problem:
        try:
            rows = list(csv.reader(text.splitlines(keepends=True), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            at = text.find('"')
            return Problem(number, at + 1, f"The row is not readable CSV ({error}).")
        words = rows[0] if rows else [""]
        if len(words) > MOST_COLUMNS:
            return Problem(number, 1, f"The row has more than {MOST_COLUMNS} columns.")
        return number, [Cell(word, column) for word, column in zip(words, self._columns(text), strict=False)]

    def _columns(self, text: str) -> Iterator[int]:
        """Where the cells begin: behind every delimiter outside quotation marks."""
        yield 1
        quoted = False
        for at, letter in enumerate(text):
            if letter == '"':
                quoted = not quoted
            elif letter == self._delimiter and not quoted:
                yield at + 2


def _json_cells(text: str) -> dict[str, Cell]:
    try:
        pairs: object = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise PromptListError(f"The line is not readable JSON ({error.msg}).", column=error.colno) from None
    # Numbers of thousands of digits, constants that are no JSON; a few kilobytes of brackets exhaust the stack.
    except (ValueError, RecursionError) as error:
        raise PromptListError(f"The line is not readable JSON ({str(error)[:80]}).") from None
    if not isinstance(pairs, _Pairs):
        raise PromptListError("Expected an object on the line.", hint='For example {"prompt": "a red fox", "seed": 7}.')
    cells: dict[str, Cell] = {}
    for name, value in pairs:
        column = max(0, text.find(f'"{name}"')) + 1
        if name in cells:
            raise PromptListError(f"“{name[:40]}” is there twice.", column=column)
        if value is None:
            continue
        if type(value) not in (str, int, float, bool):
            raise PromptListError(f"“{name[:40]}” is not a text, a number, true or false.", column=column)
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        if "\0" in shown:
            raise PromptListError(f"“{name[:40]}” holds a zero byte.", column=column)
        cells[name] = Cell(shown, column)
    return cells


class _Pairs(list[tuple[str, object]]):
    """An object of JSON as it was written."""


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")
