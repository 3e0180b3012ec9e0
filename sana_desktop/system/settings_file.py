"""The file that keeps the preferences: one TOML table for each section, and whatever the user adds."""

import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import cast

from sana_desktop.system.settings_schema import Value
from sana_desktop.system.whole_files import set_aside, write_whole

FILE_NAME = "settings.toml"
LARGEST_BYTES = 256 * 1024
MOST_ENTRIES = 1000

# "section.name" and what the file gives for it.
Entries = Mapping[str, object]

_FIRST_LINE = "Settings of Sana Desktop. `sana-desktop settings list` shows all; what is not here is as it ships."


def read_entries(path: Path) -> tuple[Entries, tuple[str, ...]]:
    """The entries of the file, and what the user should know about it.

    A file that cannot be understood is set aside as `<name>.unreadable` and counts as empty.
    """
    try:
        data = _read(path)
        return _flatten(_parse(data)), ()
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        return {}, (f"The settings are as they ship: {path} cannot be read ({error.strerror or error}).",)
    # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
    except (ValueError, RecursionError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        aside = set_aside(path)
        kept = "It stays where it is." if aside is None else f"It is kept as {aside.name}."
        return {}, (f"The settings are as they ship: {path} cannot be understood ({reason}). {kept}",)


def write_entries(path: Path, changes: Mapping[str, Value | None]) -> None:
    """Change these entries of the file and nothing else in it; None takes one away. Raises `OSError`."""
    # Imported here because the program starts faster without it, and most starts change nothing.
    import tomlkit

    try:
        data = _read(path)
        _parse(data)
        document = tomlkit.parse(data)
    except FileNotFoundError:
        document = tomlkit.document()
        document.add(tomlkit.comment(_FIRST_LINE))
    except (ValueError, RecursionError):
        # Somebody wrote it since the program started.
        set_aside(path)
        document = tomlkit.document()
        document.add(tomlkit.comment(_FIRST_LINE))
    for key, value in sorted(changes.items()):
        section, _, name = key.partition(".")
        table = cast(object, document.get(section))
        if value is None:
            if isinstance(table, MutableMapping):
                cast(MutableMapping[str, object], table).pop(name, None)
            continue
        if not isinstance(table, MutableMapping):
            document[section] = table = tomlkit.table()
        cast(MutableMapping[str, object], table)[name] = value
    write_whole(path, tomlkit.dumps(document).encode("utf-8"))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 1024} KiB")
    return data


def _parse(data: bytes) -> Mapping[str, object]:
    return tomllib.loads(data.decode("utf-8-sig"))


def _flatten(document: Mapping[str, object]) -> Entries:
    entries: dict[str, object] = {}
    for section, table in document.items():
        if isinstance(table, dict):
            entries |= {f"{section}.{name}": value for name, value in cast(dict[str, object], table).items()}
        else:
            entries[section] = table
        if len(entries) > MOST_ENTRIES:
            raise ValueError(f"it has more than {MOST_ENTRIES} entries")
    return entries
