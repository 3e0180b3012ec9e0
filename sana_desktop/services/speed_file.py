"""The file that keeps the speeds of this machine; whoever may have written it, reading it is safe."""

import json
import logging
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO, cast

from sana_desktop.errors import OutputError, PackError
from sana_desktop.gallery.files import write_over
from sana_desktop.services.speeds import MOST_VALUES, MOST_WORKS, Measured, PackKey, Speeds, Work
from sana_desktop.system.small_files import parse_json_object

VERSION = 1
LARGEST_BYTES = 512 * 1024
LONGEST_NAME = 200
LONGEST_SECONDS = 1e6
LARGEST_NUMBER = 10**6

_log = logging.getLogger(__name__)


def speeds_text(speeds: Speeds) -> str:
    """What `read_speeds` reads, in ASCII."""
    plain = {
        "version": VERSION,
        "device": speeds.device,
        "works": [[*astuple(work), *astuple(known)] for work, known in speeds.measured.items()],
        "loads": [[*pack, seconds] for pack, seconds in speeds.load_seconds.items()],
        "encodes": [[*pack, seconds] for pack, seconds in speeds.encode_seconds.items()],
    }
    return json.dumps(plain)


def read_speeds(path: Path) -> Speeds:
    """The speeds in a file; none where it is missing, and without the entries that are not understood."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        if len(data) > LARGEST_BYTES:
            raise ValueError(f"it is larger than {LARGEST_BYTES} bytes")
        plain = parse_json_object(data, path.name)
        if plain.get("version") != VERSION or not _is_name(plain.get("device")):
            raise ValueError("it is of another version")
    except FileNotFoundError:
        return Speeds()
    except (OSError, ValueError, PackError) as error:
        _log.warning("the speeds in %s are not used: %s", path, error)
        return Speeds()
    speeds = Speeds(device=cast(str, plain["device"]))
    for entry in _lists(plain.get("works")):
        _take_work(speeds, entry)
    for name, into in (("loads", speeds.load_seconds), ("encodes", speeds.encode_seconds)):
        for entry in _lists(plain.get(name)):
            if len(entry) == 3 and _is_name(entry[0]) and _is_name(entry[1]) and _are_seconds(entry[2]):
                into[cast(PackKey, (entry[0], entry[1]))] = cast(list[float], entry[2])
    return speeds


def write_speeds(path: Path, text: str) -> None:
    """Replace the file as a whole by what `speeds_text` gave; a disk that refuses costs only the memory of it."""

    def write(file: BinaryIO) -> None:
        file.write(text.encode("ascii"))

    try:
        write_over(path, write)
    except OutputError as error:
        _log.warning("the speeds cannot be written: %s", error)


def _take_work(speeds: Speeds, entry: list[object]) -> None:
    if len(entry) != 8:
        return
    pack, precision, positions, batch, passes, steps, decodes, cold = entry
    numbers = (positions, batch, passes)
    named = _is_name(pack) and _is_name(precision)
    if named and all(map(_is_number, numbers)) and _are_seconds(steps) and _are_seconds(decodes):
        work = Work(*cast(tuple[str, str, int, int, int], (pack, precision, *numbers)))
        speeds.measured[work] = Measured(cast(list[float], steps), cast(list[float], decodes), cold is True)


def _lists(value: object) -> list[list[object]]:
    if not isinstance(value, list):
        return []
    entries = cast(list[object], value)[:MOST_WORKS]
    return [cast(list[object], entry) for entry in entries if isinstance(entry, list)]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _is_number(value: object) -> bool:
    return type(value) is int and 1 <= value <= LARGEST_NUMBER


def _are_seconds(value: object) -> bool:
    if not isinstance(value, list):
        return False
    values = cast(list[object], value)
    return 0 < len(values) <= MOST_VALUES and all(map(_is_seconds, values))


def _is_seconds(value: object) -> bool:
    return type(value) in (int, float) and 0 <= cast(float, value) <= LONGEST_SECONDS
