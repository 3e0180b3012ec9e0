"""What the commands are given, so that tests can give them something else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.system.packs import PackManifest
from sana_desktop.system.paths import AppPaths

FindPack = Callable[[str], PackManifest]
MakeEngine = Callable[[AppPaths, FindPack], PictureEngine]


class ImportPack(Protocol):
    """Installs a folder or file as a pack; see `sana_desktop.engine.weights.import_pack`."""

    def __call__(
        self,
        source: Path,
        packs_folder: Path,
        *,
        base: PackManifest | None = None,
        pack_id: str | None = None,
        model: str | None = None,
        check: Callable[[], None] = ...,
    ) -> PackManifest:
        """Return the installed pack."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What is known of this computer: (label, value) lines, and for a pack (part, precision, reason)."""

    lines: tuple[tuple[str, str], ...]
    precisions: Callable[[PackManifest], tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaborators:
    """Everything that commands use and do not make themselves.

    `make_engine` is given the paths and what finds a pack by its id, and is called on the engine's
    thread. `shipped_packs` finds the folder of the packs that come with the program. `random_seed` draws a
    seed from 0 to 2^32 - 1, which every picture tool understands.
    """

    paths: AppPaths
    shipped_packs: Callable[[], Path]
    make_engine: MakeEngine
    import_pack: ImportPack
    inspect_machine: Callable[[], Machine]
    random_seed: Callable[[], int]

    def pack_folders(self) -> tuple[Path, ...]:
        """Where packs are looked for: the user's first, so that they can replace what ships."""
        return (self.paths.packs, self.shipped_packs())
