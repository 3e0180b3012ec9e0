"""The preferences of one person: read with their kinds, changed one by one, and saved without losing a comment."""

import logging
import threading
from difflib import get_close_matches
from pathlib import Path

from sana_desktop.errors import BugError, KnownError
from sana_desktop.system.settings_file import Entries, read_entries, write_entries
from sana_desktop.system.settings_schema import Kind, Schema, Setting, Value

_log = logging.getLogger(__name__)


class Settings:
    """What the user has chosen, and the defaults of `schema` for everything else.

    A value in the file that is not allowed counts as absent and is told of in `notices`. Asking for a key that
    does not exist, or as another kind than it has, is a `BugError`. May be read on any thread; changes are
    kept in memory until `save`.
    """

    def __init__(self, schema: Schema, path: Path) -> None:
        self.schema = schema
        self.path = path
        self._values: dict[str, Value] = {}
        self._unsaved: set[str] = set()
        self._saving = threading.Lock()
        entries, notices = read_entries(path)
        self.notices = (*notices, *self._take(entries))
        for notice in self.notices:
            _log.warning("%s", notice)

    def flag(self, key: str) -> bool:
        """Whether something is switched on."""
        return bool(self._read(key, Kind.FLAG))

    def whole(self, key: str) -> int:
        """A whole number."""
        return int(self._read(key, Kind.WHOLE))

    def number(self, key: str) -> float:
        """A number."""
        return float(self._read(key, Kind.NUMBER))

    def text(self, key: str) -> str:
        """A line of text."""
        return str(self._read(key, Kind.TEXT))

    def choice(self, key: str) -> str:
        """One of the words that the schema allows."""
        return str(self._read(key, Kind.CHOICE))

    def folder(self, key: str) -> Path | None:
        """A folder, which may not exist; None for the usual one."""
        text = str(self._read(key, Kind.FOLDER))
        return Path(text) if text else None

    def value(self, key: str) -> Value:
        """The value of any kind."""
        return self._values.get(key, self._setting(key).default)

    def is_changed(self, key: str) -> bool:
        """Whether the value is another than the default."""
        return self.value(key) != self._setting(key).default

    def set(self, key: str, value: object) -> None:
        """Change a preference; raises `KnownError` and changes nothing for a value that is not allowed."""
        setting = self._setting(key)
        checked = setting.check(value)
        if checked == setting.default:
            # What is as it ships is not written down, so that a better default of a later version arrives.
            self._values.pop(key, None)
        else:
            self._values[key] = checked
        self._unsaved.add(key)

    def reset(self, key: str) -> None:
        """Go back to the default."""
        self.set(key, self._setting(key).default)

    def save(self) -> None:
        """Write what has changed into the file, whole or not at all; raises `KnownError` if the disk refuses.

        Comments, unknown keys and what somebody else wrote meanwhile stay. May be called on any thread.
        """
        with self._saving:
            keys = frozenset(self._unsaved)
            if not keys:
                return
            # Taken out first: what changes while the disk works is written next time.
            self._unsaved -= keys
            try:
                write_entries(self.path, {key: self._values.get(key) for key in keys})
            except OSError as error:
                self._unsaved |= keys
                raise KnownError(
                    f"The settings cannot be saved in {self.path.parent}: {error.strerror or error}.",
                    hint="They count until the program ends. Free some space, or allow writing to that folder.",
                ) from error

    def require(self, key: str) -> Setting:
        """The preference that a person named; raises `KnownError` with the nearest one that exists."""
        setting = self.schema.settings.get(key)
        if setting is None:
            near = self._nearest(key)
            hint = f"Did you mean “{near}”?" if near else "`sana-desktop settings list` shows all."
            raise KnownError(f"“{key[:80]}” is not a setting.", hint=hint)
        return setting

    def _take(self, entries: Entries) -> list[str]:
        notices: list[str] = []
        for key, value in entries.items():
            setting = self.schema.settings.get(key)
            if setting is None:
                near = self._nearest(key)
                # Without one that looks like it, it may belong to a newer version.
                if near and near not in entries:
                    notices.append(f"{self.path.name}: “{key[:80]}” is not a setting. Did you mean “{near}”?")
                continue
            try:
                checked = setting.check(value)
            except KnownError as error:
                notices.append(f"{self.path.name}: {error} Using {show_value(setting.default)}.")
                continue
            if checked != setting.default:
                self._values[key] = checked
        return notices

    def _nearest(self, key: str) -> str:
        near = get_close_matches(key, self.schema.settings, n=1, cutoff=0.75)
        return near[0] if near else ""

    def _read(self, key: str, kind: Kind) -> Value:
        setting = self._setting(key)
        if setting.kind is not kind:
            raise BugError(f"The setting “{key}” is a {setting.kind}, not a {kind}.")
        return self.value(key)

    def _setting(self, key: str) -> Setting:
        setting = self.schema.settings.get(key)
        if setting is None:
            raise BugError(f"There is no setting “{key}”.")
        return setting


def show_value(value: Value) -> str:
    """A value as it is typed and as it stands in files, without quotation marks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
