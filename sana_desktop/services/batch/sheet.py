"""A prompt list as a table that people edit: rows of texts, and the file that they become."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.fields import known_flags
from sana_desktop.domain.batch.lists import ListFormat
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.lines import read_lines
from sana_desktop.services.batch.reading import format_of, read_list

COLUMNS = ("prompt", "negative_prompt", "seed", "steps", "cfg_scale", "size", "n_iter")
# Columns that are kept and written, and not shown.
HIDDEN = ("styles", "sampler_name", "sd_model", "flow_shift", "guidance_interval", "outpath_samples")
# Longer lists are for the terminal.
MOST_ROWS = 20_000
LONGEST_PASTE = 20_000_000

# A text for each of `COLUMNS` and `HIDDEN`; blank is the default.
Row = tuple[str, ...]
EMPTY: Row = ("",) * (len(COLUMNS) + len(HIDDEN))


def row_with(**cells: str) -> Row:
    """A row with these cells."""
    return tuple(cells.get(name, "") for name in (*COLUMNS, *HIDDEN))


def open_sheet(path: Path, kind: ListFormat = ListFormat.AUTO) -> tuple[list[Row], list[Problem]]:
    """The rows of a list, and what of it is not in them; raises `KnownError` where nothing can be read of it."""
    if format_of(path, kind) is ListFormat.CSV and (table := _cells_of(path)) is not None:
        # As they stand: what is wrong with a cell is told beside it.
        return table, []
    rows: list[Row] = []
    problems: list[Problem] = []
    for found in read_list(path, kind):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        if len(rows) == MOST_ROWS:
            raise _too_long(path)
        if found.axes:
            problems.append(
                Problem(found.line, found.column("x"), "The grid of the line is left out.", weight=Weight.WARNING)
            )
        rows.append(_row_of(found))
    return rows, problems


def pasted_rows(text: str) -> list[Row]:
    """Rows from the clipboard: a spreadsheet's cells between tabs, with or without a header, or a prompt a line."""
    text = text[:LONGEST_PASTE].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    try:
        cells = [row for row in csv.reader(io.StringIO(text), delimiter="\t") if any(cell.strip() for cell in row)]
    except csv.Error:
        cells = [line.split("\t") for line in text.split("\n") if line.strip()]
    if not cells:
        return []
    header = [cell.strip().casefold() for cell in cells[0]]
    names: Sequence[str] = COLUMNS
    if "prompt" in header and all(name in known_flags() for name in header):
        names, cells = [_SAME.get(name, name) for name in header], cells[1:]
    return [
        row_with(**{name: _one_line(cell) for name, cell in zip(names, row, strict=False)}) for row in cells[:MOST_ROWS]
    ]


def sheet_text(rows: Iterable[Row]) -> str:
    """The rows as a CSV list with a header: line n + 2 is row n, counted from 0."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*COLUMNS, *HIDDEN))
    for row in rows:
        # A row without a prompt is not a blank line, which would be passed over.
        writer.writerow([_one_line(cell) for cell in row])
    return file.getvalue()


_SAME = {
    "negative": "negative_prompt",
    "guidance": "cfg_scale",
    "repeat": "n_iter",
    "style": "styles",
    "solver": "sampler_name",
    "pack": "sd_model",
    "folder": "outpath_samples",
}


def _cells_of(path: Path) -> list[Row] | None:
    """The cells of a table whose columns are all known; None if it is no such table."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        lines = [line.text for line in read_lines(file) if not isinstance(line, Problem)]
    header = lines[0] if lines else ""
    delimiter = max(",;\t", key=header.count)
    try:
        table = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None
    names = [_SAME.get(name, name) for name in (cell.strip().casefold() for cell in table[0])] if table else []
    if "prompt" not in names or not set(names) <= {*COLUMNS, *HIDDEN}:
        return None
    rows = [row for row in table[1:] if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise _too_long(path)
    return [row_with(**{name: _one_line(cell) for name, cell in zip(names, row, strict=False)}) for row in rows]


def _too_long(path: Path) -> KnownError:
    return KnownError(
        f"{path.name} has more than {MOST_ROWS:,} lines.", hint="Draw it with `sana-desktop batch` in a terminal."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _row_of(entry: Entry) -> Row:
    size = entry.size
    if size is None and entry.width and entry.height:
        text = f"{entry.width}x{entry.height}"
    else:
        text = "" if size is None else str(size)
    return row_with(
        prompt=_one_line(entry.prompt),
        negative_prompt=_one_line(entry.negative or ""),
        seed=_text(entry.seed),
        steps=_text(entry.steps),
        cfg_scale=_text(entry.guidance),
        size=text,
        n_iter="" if entry.count == 1 else str(entry.count),
        styles=",".join(entry.styles),
        sampler_name="" if entry.solver is None else entry.solver.value,
        sd_model=entry.pack or "",
        flow_shift=_text(entry.flow_shift),
        guidance_interval="" if entry.guidance_interval is None else str(entry.guidance_interval),
        outpath_samples="" if entry.folder is None else str(entry.folder),
    )


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if isinstance(number, float) else str(number)
