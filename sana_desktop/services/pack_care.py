"""Looking after installed packs: checking what they hold, bringing back what is damaged, removing them."""

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.errors import MachineError, PackError
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress, FetchWatch, FilesFetch
from sana_desktop.services.pack_fetching import PackFetching
from sana_desktop.system.disk import free_below
from sana_desktop.system.fetch.checking import BadFile, find_fault
from sana_desktop.system.fetch.file_fetch import Patience
from sana_desktop.system.fetch.folder_lock import locked
from sana_desktop.system.fetch.hub import Hub
from sana_desktop.system.fetch.record import read_record
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.paths import quantized_folder
from sana_desktop.system.privacy import OfflineGuard

REPAIR_SUFFIX = ".repair"
REMOVED_PREFIX = ".removed-"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackVerdict:
    """What checking a pack found. Without `recorded` hashes only its structure could be checked.

    `problem` says in words what is wrong with the structure; empty where nothing is.
    """

    pack: PackManifest
    recorded: bool
    bad: tuple[BadFile, ...]
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.bad and not self.problem


class PackCare:
    """Checks, repairs and removes packs in `packs_folder`; packs elsewhere are only checked.

    `verify_structure` compares all weights with the networks and raises `PackError`; what is repaired comes from
    `open_hub` or from a pack that `fetching` knows to have the same file. What was made of packs is
    in `cache_folder`.
    """

    def __init__(
        self,
        packs_folder: Path,
        fetching: PackFetching,
        verify_structure: Callable[[PackManifest], None],
        open_hub: Callable[[], Hub],
        guard: OfflineGuard,
        *,
        free: Callable[[Path], int] = free_below,
        patience: Patience | None = None,
        cache_folder: Path | None = None,
    ) -> None:
        self._packs_folder = packs_folder
        self._cache_folder = cache_folder
        self._fetching = fetching
        self._verify_structure = verify_structure
        self._open_hub = open_hub
        self._guard = guard
        self._free = free
        self._patience = patience

    def verify(self, pack: PackManifest, watch: FetchWatch) -> PackVerdict:
        """Read every file that was fetched, and compare the weights with the networks; contacts nobody."""
        record = read_record(pack.folder)
        files = record.files if record is not None else ()
        total, done = sum(file.size for file in files), 0
        bad: list[BadFile] = []
        for file in files:

            def seen(size: int, path: str = file.path) -> None:
                nonlocal done
                done += size
                watch.tell(FetchProgress(pack_id=pack.id, phase=FetchPhase.CHECKING, done=done, total=total, file=path))

            fault = find_fault(pack.folder, file, watch.check, seen)
            if fault is not None:
                bad.append(BadFile(file, fault))
        watch.check()
        problem = ""
        if not bad:
            try:
                pack.require_parts()
                self._verify_structure(pack)
            except PackError as error:
                problem = f"{error} {error.hint}".strip()
        return PackVerdict(pack=pack, recorded=record is not None, bad=tuple(bad), problem=problem)

    def repair(self, pack: PackManifest, watch: FetchWatch) -> PackVerdict:
        """Check the pack and bring back the files that are not what was fetched, and no others; then as `verify`.

        A file is replaced only when its successor is there whole. Raises `PackError` for a pack that was not fetched.
        """
        record = read_record(pack.folder)
        if record is None:
            raise PackError(
                f"Nobody knows what the files of “{pack.id}” should be: it was imported, not fetched.",
                hint="Remove it and import it again from where it came.",
            )
        self._require_own(pack, "repaired")
        verdict = self.verify(pack, watch)
        if not verdict.bad:
            return verdict
        staging = self._fetching.staging(f"{pack.id}{REPAIR_SUFFIX}")
        files = tuple(each.file for each in verdict.bad)
        try:
            with locked(staging), self._guard.user_asked(), self._open_hub() as hub:
                lenders = tuple(self._fetching.lenders(but=pack.id))
                fetch = FilesFetch(record, staging, hub, watch, files=files, lenders=lenders, patience=self._patience)
                fetch.run(self._free)
                for file in files:
                    (pack.folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                    (staging / file.path).replace(pack.folder / file.path)
        except OSError as error:
            raise MachineError(
                f"“{pack.id}” could not be repaired ({error.strerror or type(error).__name__}).",
                hint="Check the disk and try again; what has arrived is kept.",
            ) from error
        shutil.rmtree(staging, ignore_errors=True)
        return self.verify(pack, watch)

    def remove(self, pack: PackManifest) -> int:
        """Delete the pack, and its weights of 8 and 4 bit; what other packs share with it stays theirs.

        Returns the bytes of its files.

        It is gone at once or not at all: the folder loses its name before its files are deleted.
        """
        self._require_own(pack, "removed")
        doomed = self._packs_folder / f"{REMOVED_PREFIX}{pack.id}-{secrets.token_hex(4)}"
        size = sum(path.stat().st_size for path in pack.folder.rglob("*") if path.is_file())
        try:
            pack.folder.rename(doomed)
        except OSError as error:
            raise MachineError(
                f"“{pack.id}” could not be removed ({error.strerror or type(error).__name__}).",
                hint="Close other programs that use it, and try again.",
            ) from error
        shutil.rmtree(doomed, ignore_errors=True)
        if self._cache_folder is not None:
            # What was made of it is of no use without it, and could be taken for that of another of its name.
            shutil.rmtree(quantized_folder(self._cache_folder, pack.id), ignore_errors=True)
        return size

    def _require_own(self, pack: PackManifest, what: str) -> None:
        if pack.folder.parent.resolve() != self._packs_folder.resolve() or pack.folder.is_symlink():
            raise PackError(
                f"“{pack.id}” is in {pack.folder}, and only packs in {self._packs_folder} can be {what}.",
                hint="What ships with the program, or lies in a folder of yours, is left alone.",
            )
