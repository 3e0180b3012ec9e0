"""Reading the small text files of a pack, which strangers wrote: bounded, and never a traceback."""

import json
import tomllib
from pathlib import Path
from typing import cast

from sana_desktop.errors import PackError

LARGEST_BYTES = 4 * 2**20


def read_json_object(path: Path) -> dict[str, object]:
    """The JSON object in `path`; raises `PackError` where there is none or it is larger than 4 MiB."""
    return parse_json_object(_read(path), path.name)


def parse_json_object(data: bytes, name: str) -> dict[str, object]:
    """The JSON object in `data`; raises `PackError` that calls it `name`."""
    try:
        value: object = json.loads(data)
    # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
    except (ValueError, RecursionError) as error:
        raise PackError(f"{name} is not readable JSON ({_first_line(error)}).") from error
    if not isinstance(value, dict):
        raise PackError(f"{name} must hold a JSON object, found {type(value).__name__}.")
    return cast(dict[str, object], value)


def read_toml(path: Path) -> dict[str, object]:
    """The TOML document in `path`; raises `PackError` where there is none or it is larger than 4 MiB."""
    try:
        return tomllib.loads(_read(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PackError(f"{path.name} is not readable TOML ({_first_line(error)}).") from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PackError(f"{path} cannot be read ({reason}).") from error
    if len(data) > LARGEST_BYTES:
        raise PackError(f"{path.name} is larger than {LARGEST_BYTES // 2**20} MiB; a pack's text files are small.")
    return data


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
