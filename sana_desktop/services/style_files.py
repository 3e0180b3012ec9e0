"""Styles as files: those that ship, the user's own, and what other tools wrote; all of them hostile until parsed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sana_desktop.domain.styles import Style
from sana_desktop.errors import KnownError, PackError, RecipeError
from sana_desktop.system.small_files import read_toml
from sana_desktop.system.strict_table import StrictTable

SHIPPED_NAME = "styles.toml"
SHIPPED_FORMAT = 1
LARGEST_BYTES = 4 * 2**20
MOST_STYLES = 5000
_PROMPT_NAMES = ("prompt", "positive_prompt")
_NEGATIVE_NAMES = ("negative_prompt", "negative")


@dataclass(frozen=True, slots=True)
class StyleImport:
    """What a file held: styles, and for each entry that is none, a line saying which and why."""

    styles: tuple[Style, ...]
    skipped: tuple[str, ...] = ()


def shipped_styles(folder: Path) -> tuple[Style, ...]:
    """The styles in the program's own `folder`; raises `PackError` or `RecipeError` if they are damaged."""
    table = StrictTable(read_toml(folder / SHIPPED_NAME), SHIPPED_NAME)
    table.whole("format", SHIPPED_FORMAT, SHIPPED_FORMAT)
    styles = tuple(
        Style(entry.text("name"), entry.text("prompt", ""), entry.text("negative", ""))
        for entry in table.tables("style")
    )
    if len({style.key for style in styles}) != len(styles):
        raise PackError(f"{SHIPPED_NAME} holds two styles of the same name.")
    return styles


def read_styles(path: Path) -> StyleImport:
    """The styles in a file of A1111 (CSV), Fooocus, InvokeAI or this program (JSON lists).

    May take a while on a slow disk. Raises `KnownError` for a file that cannot be read at all, holds more than
    4 MiB, or is none of these.
    """
    # Pipes and devices never end.
    if not path.is_file():
        raise KnownError(f"There is no file at {path}.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}).") from error
    return parse_styles(data, path.name)


def parse_styles(data: bytes, name: str) -> StyleImport:
    """The styles in the content of a file called `name`; raises `KnownError` as `read_styles`."""
    if len(data) > LARGEST_BYTES:
        raise KnownError(f"{name} is larger than {LARGEST_BYTES // 2**20} MiB; lists of styles are small.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(f"{name} is not text in UTF-8.", hint="Save it as UTF-8 and import it again.") from None
    rows = _json_rows(text, name) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text, name)
    return _styles_in(rows)


def styles_text(styles: Iterable[Style]) -> str:
    """A JSON list that `read_styles`, Fooocus and InvokeAI read."""
    plain = [{"name": style.name, "prompt": style.prompt, "negative_prompt": style.negative} for style in styles]
    return json.dumps(plain, indent=1, ensure_ascii=False)


def _json_rows(text: str, name: str) -> Sequence[object]:
    try:
        value: object = json.loads(text)
    # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
    except (ValueError, RecursionError) as error:
        raise KnownError(f"{name} is not readable JSON ({str(error).splitlines()[0]}).") from None
    # One style alone, as InvokeAI exports it.
    return cast(list[object], value) if isinstance(value, list) else [value]


def _csv_rows(text: str, name: str) -> Iterator[object]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(reader, list[str]())]
        if "name" not in header or not {"prompt", *_NEGATIVE_NAMES}.intersection(header):
            raise KnownError(
                f"{name} is no list of styles: expected the columns name, prompt, negative_prompt.",
                hint="It is A1111's styles.csv, or a JSON list of Fooocus or InvokeAI, that can be imported.",
            )
        rows = [dict(zip(header, row, strict=False)) for row in reader if row]
    # A cell of more than 128 KiB, or a zero byte.
    except csv.Error as error:
        raise KnownError(f"{name} is not readable CSV ({error}).") from None
    return iter(rows)


def _styles_in(rows: Iterable[object]) -> StyleImport:
    styles: dict[str, Style] = {}
    skipped: list[str] = []
    for number, row in enumerate(rows, start=1):
        if len(styles) + len(skipped) == MOST_STYLES:
            skipped.append(f"Everything from entry {number} on: at most {MOST_STYLES} can be read.")
            break
        try:
            style = _style(row)
        except RecipeError as error:
            skipped.append(f"Entry {number}{_called(row)}: {error}")
            continue
        if style.key in styles:
            skipped.append(f"Entry {number}{_called(row)}: the file has that name twice.")
        else:
            styles[style.key] = style
    return StyleImport(tuple(styles.values()), tuple(skipped))


def _style(row: object) -> Style:
    if not isinstance(row, Mapping):
        raise RecipeError("It is not a style with a name.")
    entry = cast(Mapping[str, object], row)
    # InvokeAI's exports put the texts one level deeper.
    inner = entry.get("preset_data")
    texts = {**entry, **cast(Mapping[str, object], inner)} if isinstance(inner, Mapping) else entry
    name = " ".join(_text(entry, ("name",)).split())
    return Style(name, _text(texts, _PROMPT_NAMES), _text(texts, _NEGATIVE_NAMES))


def _text(entry: Mapping[str, object], names: Sequence[str]) -> str:
    value = next((entry[name] for name in names if entry.get(name)), "")
    if not isinstance(value, str):
        raise RecipeError(f"“{names[0]}” must be text.")
    return value


def _called(row: object) -> str:
    name = cast(Mapping[str, object], row).get("name") if isinstance(row, Mapping) else None
    return f" (“{' '.join(name.split())[:40]}”)" if isinstance(name, str) and name.strip() else ""
