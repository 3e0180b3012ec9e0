"""Prompt lists as files: which format one has, and its entries as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.line import COMMENTS, parse_line
from sana_desktop.domain.batch.lists import ListFormat
from sana_desktop.domain.batch.problem import Problem, problem_of
from sana_desktop.domain.batch.shorthands import Names, Places, column_as_written, with_axes
from sana_desktop.errors import KnownError, PromptListError
from sana_desktop.services.batch.lines import Line, read_lines
from sana_desktop.services.batch.tables import csv_entries, json_entries

_ENDINGS = {".csv": ListFormat.CSV, ".tsv": ListFormat.CSV, ".jsonl": ListFormat.JSONL, ".ndjson": ListFormat.JSONL}


def format_of(path: Path, wished: ListFormat = ListFormat.AUTO) -> ListFormat:
    """The format to read a file in: what was asked for, or what its name says, or text."""
    return wished if wished is not ListFormat.AUTO else _ENDINGS.get(path.suffix.lower(), ListFormat.TEXT)


def read_list(path: Path, wished: ListFormat = ListFormat.AUTO) -> Iterator[Entry | Problem]:
    """The entries of a list in order, and for each line that is none a problem of the weight `error`.

    Warnings come before the entry that they are about. One line is held at a time. Raises `KnownError` where
    nothing can be read: no such file, another encoding, a table without a header.
    """
    if not path.is_file():
        raise KnownError(f"There is no list at {path}.", hint="Give the path of a text, CSV or JSON Lines file.")
    try:
        file = path.open("rb")
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}).") from error
    with file:
        yield from entries(read_lines(file), format_of(path, wished))


def entries(lines: Iterable[Line | Problem], kind: ListFormat) -> Iterator[Entry | Problem]:
    """The entries in lines of a format, as `read_list`."""
    match kind:
        case ListFormat.CSV:
            return csv_entries(lines)
        case ListFormat.JSONL:
            return json_entries(lines)
        case _:
            return _text_entries(lines)


def _text_entries(lines: Iterable[Line | Problem]) -> Iterator[Entry | Problem]:
    found: list[Problem] = []
    names = Names()
    for line in lines:
        if isinstance(line, Problem):
            yield line
            continue
        # Line ends that editors do not count, and A1111 does.
        for column, text in _pieces(line.text):
            try:
                if "$" in text or "[" in text:
                    entry = _with_shorthands(line.number, text, found, column, names)
                else:
                    entry = parse_line(line.number, text, found, column=column)
            except PromptListError as error:
                found.clear()
                yield problem_of(line.number, error)
                continue
            if found:
                yield from found
                found.clear()
            if entry is not None:
                yield entry


def _with_shorthands(number: int, line: str, found: list[Problem], column: int, names: Names) -> Entry | None:
    """As `parse_line`, for a line in which something may stand for something else."""

    def written(place: int) -> int:
        return column_as_written(column_as_written(place, axes), texts) + indent + column - 1

    text = line.strip()
    indent = len(line) - len(line.lstrip())
    if text.startswith(COMMENTS):
        return None
    texts: Places = []
    axes: Places = []
    try:
        if names.define(text):
            return None
        text, texts = names.replaced(text)
        text, axes = with_axes(text)
        entry = parse_line(number, text, found)
    except PromptListError as error:
        raise PromptListError(str(error), column=written(error.column), hint=error.hint) from None
    found[:] = [replace(problem, column=written(problem.column)) for problem in found]
    if entry is None:
        return None
    return replace(entry, columns={flag: written(place) for flag, place in entry.columns.items()})


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    pieces = text.splitlines(keepends=True)
    if len(pieces) < 2:
        return ((1, text),)
    columns = [1]
    for piece in pieces[:-1]:
        columns.append(columns[-1] + len(piece))
    return zip(columns, (piece.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029") for piece in pieces), strict=True)
