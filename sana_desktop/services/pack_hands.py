"""Everything that reaches other machines, put together for whoever asks: a command, or the window."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.services.pack_care import PackCare
from sana_desktop.services.pack_fetching import InstallFolder, PackFetching
from sana_desktop.system.fetch.file_fetch import Patience
from sana_desktop.system.fetch.hub import Hub, make_client
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.privacy import OfflineGuard

if TYPE_CHECKING:
    from sana_desktop.system.fetch.hub import Client


@dataclass(frozen=True, slots=True)
class PackHands:
    """What fetches packs, and what looks after them. `read_page` gives the text of the small page at an address."""

    fetching: PackFetching
    care: PackCare
    read_page: Callable[[str], str]


def pack_hands(
    packs_folder: Path,
    folders: tuple[Path, ...],
    install: InstallFolder,
    verify: Callable[[PackManifest], None],
    guard: OfflineGuard,
    *,
    endpoint: str,
    proxy: str,
    scatter: Callable[[], float],
    make_client: "Callable[[str], Client]" = make_client,
    cache_folder: Path | None = None,
) -> PackHands:
    """Hands that ask the hub at `endpoint`, through `proxy` unless it is empty. Making them contacts nobody."""

    def open_hub() -> Hub:
        return Hub(lambda: make_client(proxy), endpoint)

    def read_page(address: str) -> str:
        with guard.user_asked(), Hub(lambda: make_client(proxy), address) as place:
            return place.page()

    patience = Patience(scatter=scatter)
    fetching = PackFetching(packs_folder, folders, install, open_hub, guard, patience=patience)
    care = PackCare(packs_folder, fetching, verify, open_hub, guard, patience=patience, cache_folder=cache_folder)
    return PackHands(fetching, care, read_page)
