"""What the commands are given, so that tests can give them something else."""

import random
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sana_desktop.cli.boundary import say
from sana_desktop.domain.choices import PreviewWish
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.engine.text_tokenizer import MakeTokenizer
from sana_desktop.services.library import Library, LibraryEvent, LibraryTrouble
from sana_desktop.system.fetch.hub import chosen_endpoint, make_client
from sana_desktop.system.hardware import Hardware, read_hardware
from sana_desktop.system.packs import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.privacy import OfflineGuard
from sana_desktop.system.settings import Settings
from sana_desktop.system.settings_file import FILE_NAME
from sana_desktop.system.settings_schema import shipped_schema

if TYPE_CHECKING:
    from sana_desktop.services.pack_hands import PackHands
    from sana_desktop.system.fetch.hub import Client

FindPack = Callable[[str], PackManifest]


class MakeEngine(Protocol):
    """Makes the engine of this machine; see `sana_desktop.cli.composition.make_engine`."""

    def __call__(
        self,
        paths: AppPaths,
        find_pack: FindPack,
        *,
        preview_wish: Callable[[], PreviewWish] = ...,
        make_tokenizer: MakeTokenizer = ...,
        plan_wish: Callable[[], MemoryPlan | None] | None = ...,
    ) -> PictureEngine:
        """Return an engine that finds its packs so."""
        ...


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
        vae: Path | None = None,
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
    seed from 0 to 2^32 - 1, which every picture tool understands. `make_client` makes what fetches packs, through the
    proxy that it is given. `guard` watches over the user's privacy once the composition root has installed it.
    """

    paths: AppPaths
    shipped_packs: Callable[[], Path]
    make_engine: MakeEngine
    import_pack: ImportPack
    verify_pack: Callable[[PackManifest], None]
    inspect_machine: Callable[[], Machine]
    random_seed: Callable[[], int]
    make_client: "Callable[[str], Client]" = make_client
    guard: OfflineGuard = field(default_factory=OfflineGuard)
    read_hardware: Callable[[], Hardware] = read_hardware

    def settings(self) -> Settings:
        """The preferences as they stand in the file now; a command reads them once."""
        return Settings(shipped_schema(), self.paths.config / FILE_NAME)

    def pack_folders(self) -> tuple[Path, ...]:
        """Where packs are looked for: the user's first, so that they can replace what ships."""
        extra = self.settings().folder("files.packs_folder")
        own = (self.paths.packs,) if extra is None else (self.paths.packs, extra)
        return (*own, self.shipped_packs())

    def pack_hands(self, endpoint: str = "", proxy: str = "") -> "PackHands":
        """What fetches and looks after packs; without `endpoint` or `proxy`, as the preferences say."""
        # Here, because the window and most commands need nothing of it to begin.
        from sana_desktop.services.pack_hands import pack_hands

        settings = self.settings()
        return pack_hands(
            self.paths.packs,
            self.pack_folders(),
            self.import_pack,
            self.verify_pack,
            self.guard,
            endpoint=chosen_endpoint(endpoint or settings.text("privacy.endpoint")),
            proxy=proxy or settings.text("privacy.proxy"),
            make_client=self.make_client,
            # Between one and one and a half: not everybody comes back at once.
            scatter=lambda: 1 + random.random() / 2,
            cache_folder=self.paths.cache,
        )

    def pictures_folder(self) -> Path:
        """Where new pictures go when nobody says otherwise."""
        return self.settings().folder("files.pictures_folder") or self.paths.pictures

    @contextmanager
    def open_library(self, pictures: Path | None = None) -> Generator[Library]:
        """The gallery, until the block ends; then, if there was something wrong with it, a note for the person."""
        troubles: list[str] = []

        def listen(event: LibraryEvent) -> None:
            if isinstance(event, LibraryTrouble):
                troubles.append(f"note: {event.error} {event.error.hint}".rstrip())

        try:
            with Library(self.paths.data, self.paths.cache, pictures or self.pictures_folder(), listen) as library:
                yield library
        finally:
            for trouble in troubles:
                say(trouble)
