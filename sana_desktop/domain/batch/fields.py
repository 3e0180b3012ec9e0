"""The flags of a line, which are also the columns of a table: their names, what they take and what they mean."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from sana_desktop.domain.batch.axes import parse_axis, solver_named
from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.job import MOST_PICTURES
from sana_desktop.domain.recipe import LARGEST_SEED
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PromptListError, RecipeError

LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it was written, and the column where it begins, counted from 1."""

    text: str
    column: int


Read = Callable[[str], Any]
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


def known_flags() -> tuple[str, ...]:
    """Every name that a flag or a column may have."""
    return tuple(_FLAGS)


def unknown_flag(name: str, column: int, *, what: str = "flag") -> PromptListError:
    """The error for a name that nothing has, with the nearest one as a hint."""
    near = get_close_matches(name, _FLAGS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(_FLAGS)}."
    return PromptListError(f"There is no {what} “{name[:40]}”.", column=column, hint=hint)


def entry_from(line: int, cells: Mapping[str, Cell], found: list[Problem], *, blank_is_default: bool = True) -> Entry:
    """Read the values of a line. What has no effect here is put into `found`.

    In a table a blank value is one that was not given; as a flag's value it is a blank text, or a mistake.

    Raises `PromptListError` for unknown names and values that are none; `prompt` must be there.
    """
    values: dict[str, Any] = {}
    columns: dict[str, int] = {}
    for name, cell in cells.items():
        flag = _FLAGS.get(name)
        if flag is None:
            raise unknown_flag(name, cell.column)
        if blank_is_default and not cell.text.strip():
            continue
        if flag.field in values:
            raise PromptListError(f"“{name}” says again what was said before.", column=cell.column)
        try:
            values[flag.field] = flag.read(cell.text)
        except RecipeError as error:
            raise PromptListError(str(error), column=cell.column, hint=error.hint) from None
        columns[flag.field] = cell.column
        if flag.notice is not None and flag.notice(cell.text):
            note = f"{name} {cell.text.strip()[:40]}: {flag.meaning}"
            found.append(Problem(line, cell.column, note, weight=Weight.WARNING))
    if "prompt" not in values:
        raise PromptListError("The line has no prompt.", hint="Give one with --prompt, or in the column prompt.")
    axes = tuple(values.pop(name) for name in ("x", "y", "z") if name in values)
    for name in [name for name in values if name.startswith("_")]:
        del values[name]
    return Entry(line=line, axes=axes, columns=columns, **values)


def _text(text: str) -> str:
    return text


def _strip(text: str) -> str:
    return text.strip()


def _whole(least: int, most: int) -> Read:
    def read(text: str) -> int:
        number = _number(int, text)
        if not least <= number <= most:
            raise PromptListError(f"{number} is not between {least} and {most}.")
        return number

    return read


def _seed(text: str) -> int | None:
    number = _whole(-1, LARGEST_SEED)(text)
    return None if number == -1 else number


def _decimal(text: str) -> float:
    return _number(float, text)


def _number(kind: type, text: str) -> Any:
    try:
        if len(text) > LONGEST_NUMBER:
            raise ValueError
        return kind(text)
    except ValueError:
        expected = "a whole number" if kind is int else "a number"
        raise PromptListError(f"Expected {expected}, found “{text[:40]}”.") from None


def _styles(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def folder_below(text: str) -> PurePosixPath:
    """A folder below the folder of the run; raises `PromptListError` for one that climbs out of it."""
    path = PurePosixPath(text.strip().replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", text.strip()):
        raise PromptListError(
            f"The folder “{text.strip()[:60]}” is not below the folder of the run.", hint="Name one below it."
        )
    if _FORBIDDEN.search(text.strip()) or any(len(part) > 100 or part.strip(". ") == "" for part in path.parts):
        raise PromptListError(f"“{text.strip()[:60]}” cannot be the name of a folder on every disk.")
    if len(path.parts) > 8:
        raise PromptListError("Folders are at most 8 deep.")
    return path


def _solver(text: str) -> Any:
    return solver_named(text)[0]


@dataclass(frozen=True, slots=True)
class _Flag:
    """What a flag sets, how it is read, and when it is worth a notice."""

    field: str
    read: Read
    notice: Callable[[str], bool] | None = None
    meaning: str = "has no effect here"


def _is_true(text: str) -> bool:
    # A1111 takes no other word for yes.
    return text == "true"


def _counts(text: str) -> bool:
    return _number(float, text) != 0


def _always(text: str) -> bool:
    return True


def _only_near(text: str) -> bool:
    return not solver_named(text)[1]


_COUNT = _whole(1, MOST_PICTURES)
_SIDE = _whole(1, 100_000)
_FLAGS: Mapping[str, _Flag] = {
    "prompt": _Flag("prompt", _text),
    "negative_prompt": _Flag("negative", _text),
    "styles": _Flag("styles", _styles),
    "seed": _Flag("seed", _seed),
    "steps": _Flag("steps", _whole(1, 1000)),
    "cfg_scale": _Flag("guidance", _decimal),
    "width": _Flag("width", _SIDE),
    "height": _Flag("height", _SIDE),
    "batch_size": _Flag("batch_size", _COUNT),
    "n_iter": _Flag("n_iter", _COUNT),
    "sampler_name": _Flag("solver", _solver, _only_near, "is another program's; the nearest of this pack draws"),
    "sd_model": _Flag("pack", _strip),
    "outpath_samples": _Flag("folder", folder_below),
    # Ours.
    "size": _Flag("size", Size.parse),
    "flow_shift": _Flag("flow_shift", _decimal),
    "guidance_interval": _Flag("guidance_interval", GuidanceInterval.parse),
    "repeat": _Flag("n_iter", _COUNT),
    "x": _Flag("x", parse_axis),
    "y": _Flag("y", parse_axis),
    "z": _Flag("z", parse_axis),
    # Names that people give the columns of a table.
    "negative": _Flag("negative", _text),
    "style": _Flag("styles", _styles),
    "guidance": _Flag("guidance", _decimal),
    "solver": _Flag("solver", _solver, _only_near, "is another program's; the nearest of this pack draws"),
    "pack": _Flag("pack", _strip),
    "folder": _Flag("folder", folder_below),
    # A1111's that mean nothing to this program.
    "prompt_for_display": _Flag("_display", _text),
    # The pictures that batch img2img begins with, as in A1111's pull request 3820.
    "filename": _Flag("_filename", _text, _always, "begins with no picture here"),
    "subseed": _Flag("_subseed", _whole(-1, LARGEST_SEED)),
    "subseed_strength": _Flag("_strength", _decimal, _counts),
    "seed_resize_from_w": _Flag("_resize_w", _whole(-1, 10**6), lambda text: _number(int, text) > 0),
    "seed_resize_from_h": _Flag("_resize_h", _whole(-1, 10**6), lambda text: _number(int, text) > 0),
    "sampler_index": _Flag("_sampler_index", _whole(-1, 10**6), _always),
    "outpath_grids": _Flag("_grids", _text),
    "restore_faces": _Flag("_faces", _text, _is_true),
    "tiling": _Flag("_tiling", _text, _is_true),
    "do_not_save_samples": _Flag("_unsaved", _text, _is_true),
    "do_not_save_grid": _Flag("_no_grid", _text),
}
