"""What PyInstaller collected, written down by the recipe for the steps after it: licences, sizes, checks."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Collected:
    """One thing in the bundle: a module of the executable's archive (`kind` PYMODULE) or a file.

    `place` is the module's name, or the file's path below the folder of libraries. `source` is where it was taken
    from; for a link, what it points to.
    """

    place: str
    source: str
    kind: str

    @property
    def is_module(self) -> bool:
        """Whether it is in the archive and not a file of its own."""
        return self.kind.startswith("PYMODULE")


def write_inventory(path: Path, *tables: Iterable[tuple[str, str, str]]) -> None:
    """Write PyInstaller's tables of contents to `path`, in order."""
    everything = sorted({Collected(place, str(source), kind) for table in tables for place, source, kind in table})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in everything], indent=0) + "\n", encoding="utf-8")


def read_inventory(path: Path) -> tuple[Collected, ...]:
    """What `write_inventory` wrote."""
    return tuple(Collected(**values) for values in json.loads(path.read_text(encoding="utf-8")))
