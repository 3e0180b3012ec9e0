"""Fetching a published model as a pack: only when asked, on accepted terms, and gone on with after any interruption."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sana_desktop.errors import FetchError, MachineError, PackError
from sana_desktop.services.fetch_files import PART_SUFFIX, FetchPhase, FetchProgress, FetchWatch, FilesFetch, patiently
from sana_desktop.system.catalog import Catalog, CatalogModel
from sana_desktop.system.disk import free_below
from sana_desktop.system.fetch.choice import choose_files
from sana_desktop.system.fetch.file_fetch import Patience
from sana_desktop.system.fetch.folder_lock import locked
from sana_desktop.system.fetch.hub import Hub
from sana_desktop.system.fetch.record import FetchRecord, read_record, write_record
from sana_desktop.system.fetch.remote import is_commit
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import installed_packs, shipped_catalog
from sana_desktop.system.privacy import OfflineGuard

# Begins with a dot, so that what is unfinished is not taken for packs.
UNFINISHED_FOLDER = ".fetching"
DEFAULT_REVISION = "main"


class InstallFolder(Protocol):
    """Installs a whole folder as a pack; see `sana_desktop.engine.weights.import_pack`."""

    def __call__(
        self, source: Path, packs_folder: Path, *, pack_id: str | None = None, check: Callable[[], None] = ...
    ) -> PackManifest:
        """Return the installed pack."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedFetch:
    """A fetch that was paused or cut off: how many of its bytes are there."""

    record: FetchRecord
    done: int

    @property
    def total(self) -> int:
        """All bytes."""
        return self.record.total_bytes


class PackFetching:
    """Fetches models of the catalog into `packs_folder`.

    `folders` is where packs are looked for that may lend files, `open_hub` makes what asks the hub, and `guard` is
    told that what this thread connects to was asked for. Nothing is contacted by anything but `fetch`.
    """

    def __init__(
        self,
        packs_folder: Path,
        folders: tuple[Path, ...],
        install: InstallFolder,
        open_hub: Callable[[], Hub],
        guard: OfflineGuard,
        *,
        catalog: Callable[[], Catalog] = shipped_catalog,
        free: Callable[[Path], int] = free_below,
        patience: Patience | None = None,
    ) -> None:
        self._packs_folder = packs_folder
        self._folders = folders
        self._install = install
        self._open_hub = open_hub
        self._guard = guard
        self._catalog = catalog
        self._free = free
        self._patience = patience or Patience()

    def model(self, name: str) -> CatalogModel:
        """The published model that `name` means; raises `PackError` where there is none that can be fetched."""
        model = self._catalog().named(name)
        if model is None:
            known = ", ".join(entry.id for entry in self._catalog().models if entry.repository)
            raise PackError(f"“{name[:80]}” is not a published model.", hint=f"Known: {known}.")
        if model.repository is None:
            raise PackError(
                f"{model.name} is published as one file only, without the parts around it.",
                hint=f"Download {model.checkpoints[0]} from {model.checkpoint_repository} and import it with --base.",
            )
        return model

    def fetch(self, name: str, watch: FetchWatch, *, accepted: bool, revision: str | None = None) -> PackManifest:
        """Fetch the model that `name` means and install it, going on with what an earlier run left.

        Its files are those of one commit: the one that `revision` means at the first run. Raises `PackError`,
        `FetchError` or `MachineError`, and whatever `watch` raises; in each case what has arrived is kept.
        """
        model = self.model(name)
        if not accepted:
            terms = " and ".join(f"{each.name} ({each.url})" for each in model.terms)
            raise PackError(f"{model.name} may be fetched only on its terms: {terms}.", hint="Read and accept them.")
        staging = self.staging(model.id)
        if (self._packs_folder / model.id).exists() and not staging.is_dir():
            raise PackError(f"A pack called “{model.id}” is already installed.", hint="Verify or remove it instead.")
        try:
            with locked(staging), self._guard.user_asked(), self._open_hub() as hub:
                pack = self._fetch(model, staging, hub, watch, revision)
        except OSError as error:
            raise MachineError(
                f"{staging} could not be written ({error.strerror or type(error).__name__}).",
                hint="Check the disk and go on; what has arrived is kept.",
            ) from error
        # Only now: some systems do not remove a file that is locked.
        shutil.rmtree(staging, ignore_errors=True)
        return pack

    def unfinished(self) -> tuple[UnfinishedFetch, ...]:
        """What could be gone on with; contacts nobody. Folders that cannot be understood are left out."""
        found: list[UnfinishedFetch] = []
        with suppress(OSError):
            for folder in sorted((self._packs_folder / UNFINISHED_FOLDER).iterdir()):
                with suppress(PackError, OSError):
                    record = read_record(folder)
                    if record is not None:
                        found.append(UnfinishedFetch(record=record, done=_bytes_here(folder, record)))
        return tuple(found)

    def discard(self, pack_id: str) -> None:
        """Throw away what has arrived of an unfinished fetch."""
        staging = self.staging(self.model(pack_id).id)
        if not staging.is_dir():
            raise PackError(f"Nothing of “{pack_id[:80]}” was fetched.")
        with locked(staging):
            # First the page that makes it a fetch: what a failure leaves behind is then no more one.
            (staging / "fetched.json").unlink(missing_ok=True)
        shutil.rmtree(staging, ignore_errors=True)

    def lenders(self, but: str = "") -> Iterator[tuple[Path, FetchRecord]]:
        """Installed packs that were fetched, and so can lend files to others."""
        for pack in installed_packs(self._folders):
            with suppress(PackError):
                record = read_record(pack.folder)
                if record is not None and pack.id != but:
                    yield pack.folder, record

    def staging(self, pack_id: str) -> Path:
        """Where a fetch collects its files."""
        return self._packs_folder / UNFINISHED_FOLDER / pack_id

    def _fetch(
        self, model: CatalogModel, staging: Path, hub: Hub, watch: FetchWatch, revision: str | None
    ) -> PackManifest:
        record = self._record(model, staging, hub, watch, revision)
        fetch = FilesFetch(
            record, staging, hub, watch, lenders=tuple(self.lenders(but=model.id)), patience=self._patience
        )
        fetch.run(self._free)
        size = record.total_bytes
        watch.tell(FetchProgress(pack_id=model.id, phase=FetchPhase.INSTALLING, done=size, total=size))
        target = self._packs_folder / model.id
        if target.exists():
            # A run that ended between installing and tidying up.
            pack = next(pack for pack in installed_packs((target,)))
        else:
            pack = self._install(staging, self._packs_folder, pack_id=model.id, check=watch.check)
        kept = tuple(file for file in record.files if (pack.folder / file.path).is_file())
        write_record(pack.folder, replace(record, files=kept))
        return pack

    def _record(
        self, model: CatalogModel, staging: Path, hub: Hub, watch: FetchWatch, revision: str | None
    ) -> FetchRecord:
        record = read_record(staging)
        if record is not None:
            if revision is not None and is_commit(revision) and revision != record.revision:
                raise FetchError(
                    f"A fetch of “{model.id}” at {record.revision[:10]} is unfinished.",
                    hint="Finish or discard it before you fetch another revision.",
                )
            return record
        repository = model.repository or model.checkpoint_repository
        listing = patiently(
            lambda: hub.listing(repository, revision or DEFAULT_REVISION), model.id, self._patience, watch
        )
        if revision is not None and is_commit(revision) and listing.revision != revision:
            raise FetchError(f"{hub.host} answered with commit {listing.revision[:10]} instead of {revision[:10]}.")
        record = FetchRecord(
            pack_id=model.id,
            repository=repository,
            revision=listing.revision,
            endpoint=hub.endpoint,
            terms=tuple(terms.id for terms in model.terms),
            files=choose_files(listing, self._catalog().fetch, model.variant),
        )
        write_record(staging, record)
        return record


def _bytes_here(folder: Path, record: FetchRecord) -> int:
    done = 0
    for file in record.files:
        for name in (file.path, f"{file.path}{PART_SUFFIX}"):
            path = folder / name
            if path.is_file():
                done += min(path.stat().st_size, file.size)
                break
    return done
