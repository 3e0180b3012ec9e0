"""Packs as an artist meets them: what is installed, what fits this machine, what could be had; and bringing one in."""

import logging
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.memory_needs import shape_of_pack
from sana_desktop.engine.published_shapes import shape_of_model
from sana_desktop.errors import BugError, JobCancelledError, KnownError, PackError, SanaError
from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.services.pack_fit import bytes_by_bits, fit_of
from sana_desktop.system.catalog import Catalog, CatalogModel, plain_name
from sana_desktop.system.disk import free_below
from sana_desktop.system.fetch.record import FILE_NAME as RECORD_NAME
from sana_desktop.system.hardware import Hardware, read_hardware
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, TextSource
from sana_desktop.system.pack_needs import (
    Fit,
    FitLevel,
    folder_bytes,
)
from sana_desktop.system.packs import BrokenPack, broken_packs, installed_packs, shipped_catalog

_log = logging.getLogger(__name__)

_ORDER = {FitLevel.FITS: 0, FitLevel.TIGHT: 1, FitLevel.NO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPack:
    """A pack that is here. `fit` is None, and `problem` says why, where its files are damaged or parts are missing.

    `fetched` ones can be repaired, and `own` ones removed; the others ship with the program or belong to the user.
    """

    manifest: PackManifest
    disk_bytes: int
    fit: Fit | None
    problem: str = ""
    fetched: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOffer:
    """A published model that is not here; `needs` is the least memory for each width of weights."""

    model: CatalogModel
    download_bytes: int
    fit: Fit
    needs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSurvey:
    """Everything that a person needs in order to choose a pack. Offers that fit come first, the small ones before."""

    hardware: Hardware
    installed: tuple[InstalledPack, ...]
    broken: tuple[BrokenPack, ...]
    offers: tuple[PackOffer, ...]
    disk_free: int
    unfinished: tuple[UnfinishedFetch, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportDone:
    """A new pack is here; `lender` is the name of the pack that lent it the parts it did not bring."""

    pack: PackManifest
    lender: str = ""


@dataclass(frozen=True, slots=True)
class ImportFailed:
    """Nothing was installed: a `KnownError`, a `BugError`, or the `JobCancelledError` of somebody who stopped it."""

    error: SanaError


@dataclass(frozen=True, slots=True)
class SurveyFailed:
    """Packs cannot be listed."""

    error: SanaError


PackEvent = PackSurvey | SurveyFailed | ImportDone | ImportFailed


class Install(Protocol):
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


class PackShelf:
    """Looks at packs and brings new ones in, one thing after the other, on a thread of its own.

    `folders` is where packs are looked for, `packs_folder` where new ones go. `listener` hears every
    `PackEvent` on that thread. `unfinished` tells of fetches that could be gone on with. The thread is made at the
    first request.
    """

    def __init__(
        self,
        folders: tuple[Path, ...],
        packs_folder: Path,
        install: Install,
        listener: Callable[[PackEvent], None],
        *,
        look: Callable[[], Hardware] = read_hardware,
        catalog: Callable[[], Catalog] = shipped_catalog,
        unfinished: Callable[[], tuple[UnfinishedFetch, ...]] = lambda: (),
    ) -> None:
        self._folders = folders
        self._packs_folder = packs_folder
        self._install = install
        self._listener = listener
        self._look = look
        self._catalog = catalog
        self._unfinished = unfinished
        self._cancel = CancelToken()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="packs")

    def request_survey(self) -> None:
        """Have everything looked at anew; the listener hears a `PackSurvey` or `SurveyFailed`."""
        self._worker.submit(self._tell_survey)

    def request_import(self, source: Path) -> None:
        """Bring in a folder or file; the listener hears `ImportDone` or `ImportFailed`.

        What a file does not bring is lent by the first installed pack that is complete.
        """
        self._cancel = cancel = CancelToken()
        self._worker.submit(self._tell_import, source, cancel)

    def cancel_import(self) -> None:
        """Stop bringing in; nothing half-installed stays."""
        self._cancel.cancel()

    def close(self) -> None:
        """Stop everything and wait for the thread."""
        self._cancel.cancel()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def survey(self) -> PackSurvey:
        """Look at the machine and all packs; takes as long as the disk does."""
        hardware = self._look()
        packs = installed_packs(self._folders)
        installed = tuple(self._installed(pack, hardware) for pack in packs)
        unfinished = self._unfinished()
        begun = {fetch.record.pack_id for fetch in unfinished}
        known = {plain_name(pack.id) for pack in packs}
        offers = [
            _offer(model, self._catalog(), hardware)
            for model in self._catalog().models
            if model.repository is not None and model.id not in known | begun
        ]
        # Not by what they need: a larger model that can only be drawn frugally would come first.
        offers.sort(key=lambda offer: (_ORDER[offer.fit.level], offer.model.family.parameters, offer.model.base_size))
        return PackSurvey(
            hardware=hardware,
            installed=installed,
            broken=tuple(broken_packs(self._folders)),
            offers=tuple(offers),
            disk_free=free_below(self._packs_folder),
            unfinished=unfinished,
        )

    def _installed(self, pack: PackManifest, hardware: Hardware) -> InstalledPack:
        entry = _installed(pack, hardware)
        own = pack.folder.parent == self._packs_folder.absolute()
        return replace(entry, own=own, fetched=own and (pack.folder / RECORD_NAME).is_file())

    def _tell_survey(self) -> None:
        try:
            self._listener(self.survey())
        # The edge of the worker: without this, the executor keeps the error to itself and the window waits.
        except Exception as error:  # noqa: BLE001
            _log.error("packs cannot be listed\n%s", "".join(traceback.format_exception(error)))
            self._listener(SurveyFailed(_ours(error)))

    def _tell_import(self, source: Path, cancel: CancelToken) -> None:
        try:
            lender = None if source.is_dir() else self._lender()
            pack = self._install(source, self._packs_folder, base=lender, check=cancel.check)
            self._listener(ImportDone(pack, lender.name if lender else ""))
        # The edge of the worker, as above.
        except Exception as error:  # noqa: BLE001
            self._listener(ImportFailed(_ours(error)))

    def _lender(self) -> PackManifest | None:
        return next(
            (
                pack
                for pack in installed_packs(self._folders)
                if pack.text.source is TextSource.FOLDER and not pack.missing_parts()
            ),
            None,
        )


def _installed(pack: PackManifest, hardware: Hardware) -> InstalledPack:
    size = folder_bytes(pack.folder)
    try:
        pack.require_parts()
        shape = shape_of_pack(pack)
    except PackError as error:
        return InstalledPack(manifest=pack, disk_bytes=size, fit=None, problem=f"{error} {error.hint}".strip())
    fit = fit_of(shape, pack.precisions, Size(pack.base_size, pack.base_size), hardware)
    return InstalledPack(manifest=pack, disk_bytes=size, fit=fit)


def _offer(model: CatalogModel, catalog: Catalog, hardware: Hardware) -> PackOffer:
    shape, size = shape_of_model(model), Size(model.base_size, model.base_size)
    return PackOffer(
        model=model,
        download_bytes=catalog.download_bytes(model),
        fit=fit_of(shape, PackPrecisions(transformer=model.precisions), size, hardware),
        needs=bytes_by_bits(shape, size, on_gpu=hardware.gpu is not None),
    )


def _ours(error: Exception) -> SanaError:
    if isinstance(error, KnownError | JobCancelledError | BugError):
        return error
    return BugError(f"{type(error).__name__}: {error}", details="".join(traceback.format_exception(error)))
