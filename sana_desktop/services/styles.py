"""The styles to choose from: those that ship, and the user's own, which are kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.styles import LONGEST_NAME, Style
from sana_desktop.errors import KnownError, OutputError, RecipeError
from sana_desktop.services.kept_file import KeptFile
from sana_desktop.services.style_files import LARGEST_BYTES, StyleImport, parse_styles, styles_text

FILE_NAME = "styles.json"


class StyleBook:
    """`shipped` styles, which stay as they are, and own ones in the file at `path`; without one, until the end.

    No two styles have names that people would take for the same. A file that cannot be understood is set aside;
    entries of it that are no styles are left out. `failed` hears, on another thread, of a disk that refuses.
    """

    def __init__(
        self,
        shipped: Sequence[Style] = (),
        path: Path | None = None,
        failed: Callable[[OutputError], None] | None = None,
    ) -> None:
        self._shipped = tuple(shipped)
        self._file = KeptFile(path, failed)
        self._own: dict[str, Style] = {}
        for style in self._read():
            if self.find(style.name) is None:
                self._own[style.key] = style

    @property
    def shipped(self) -> tuple[Style, ...]:
        """Those that come with the program, in its order."""
        return self._shipped

    @property
    def own(self) -> tuple[Style, ...]:
        """The user's, by name."""
        return tuple(sorted(self._own.values(), key=lambda style: style.key))

    @property
    def styles(self) -> tuple[Style, ...]:
        """All: the user's own first."""
        return (*self.own, *self._shipped)

    def find(self, name: str) -> Style | None:
        """The style of that name; capitals make no difference."""
        key = name.casefold()
        own = self._own.get(key)
        return own or next((style for style in self._shipped if style.key == key), None)

    def put(self, style: Style, instead_of: str | None = None) -> None:
        """Add a style, or put it in the place of an own one; raises `RecipeError` if its name is taken."""
        there = self.find(style.name)
        if there is not None and (instead_of is None or there.key != instead_of.casefold()):
            raise RecipeError(f"There is a style called “{there.name}” already.", hint="Choose another name.")
        if instead_of is not None:
            self._own.pop(instead_of.casefold(), None)
        self._own[style.key] = style
        self._keep()

    def remove(self, name: str) -> None:
        """Take an own style out; one that ships stays."""
        if self._own.pop(name.casefold(), None) is not None:
            self._keep()

    def add_all(self, styles: Iterable[Style]) -> StyleImport:
        """Add what was read from a file.

        Returns what was added, and lines on what was not: a style whose name is taken gets the next free number
        (“Photo 2”), one that is there with the same texts is left out.
        """
        added: list[Style] = []
        notes: list[str] = []
        for style in styles:
            there = self.find(style.name)
            if there is not None and (there.prompt, there.negative) == (style.prompt, style.negative):
                notes.append(f"“{style.name}” is there already.")
                continue
            free = style if there is None else replace(style, name=self._free_name(style.name))
            if there is not None:
                notes.append(f"“{style.name}” is now called “{free.name}”, because the name was taken.")
            self._own[free.key] = free
            added.append(free)
        if added:
            self._keep()
        return StyleImport(tuple(added), tuple(notes))

    def close(self) -> None:
        """Wait until all is on the disk."""
        self._file.close()

    def _free_name(self, name: str) -> str:
        number = 2
        while self.find(f"{name[: LONGEST_NAME - 6].rstrip()} {number}") is not None:
            number += 1
        return f"{name[: LONGEST_NAME - 6].rstrip()} {number}"

    def _keep(self) -> None:
        self._file.write(styles_text(self.own).encode("utf-8"))

    def _read(self) -> tuple[Style, ...]:
        data = self._file.read(LARGEST_BYTES)
        if data is None:
            return ()
        try:
            return parse_styles(data, FILE_NAME).styles
        except KnownError as error:
            self._file.set_aside(str(error))
            return ()
