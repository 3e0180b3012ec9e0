"""Fetching and looking after packs for the window: one thing after the other, on a thread of its own."""

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import BugError, JobCancelledError, KnownError, SanaError
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress, FetchWatch
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.services.pack_hands import PackHands
from sana_desktop.system.pack_manifest import PackManifest


class Errand(StrEnum):
    """What the window can ask for."""

    FETCH = "fetch"
    DISCARD = "discard"
    VERIFY = "verify"
    REPAIR = "repair"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ErrandProgress:
    """How far an errand is."""

    errand: Errand
    progress: FetchProgress


@dataclass(frozen=True, slots=True)
class ErrandDone:
    """An errand ended well; `pack` is what was fetched, and `verdict` what checking or repairing found."""

    errand: Errand
    pack_id: str
    pack: PackManifest | None = None
    verdict: PackVerdict | None = None


@dataclass(frozen=True, slots=True)
class ErrandFailed:
    """It did not; a `JobCancelledError` says that it was paused or stopped."""

    errand: Errand
    pack_id: str
    error: SanaError


ErrandEvent = ErrandProgress | ErrandDone | ErrandFailed


class PackErrands:
    """Runs errands. `make_hands` is called anew for each, so that changed preferences count.

    `listener` hears every event on the thread of the errands, of progress only what is worth showing. The thread is
    made at the first request.
    """

    def __init__(self, make_hands: Callable[[], PackHands], listener: Callable[[ErrandEvent], None]) -> None:
        self._make_hands = make_hands
        self._listener = listener
        self._cancel = CancelToken()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pack-errands")

    def fetch(self, model_id: str) -> None:
        """Fetch a model whose terms the user has accepted, or go on with it."""
        self._submit(Errand.FETCH, model_id, lambda hands, watch: self._fetch(hands, model_id, watch))

    def discard(self, model_id: str) -> None:
        """Throw away what has arrived of a model."""

        def work(hands: PackHands, watch: FetchWatch) -> ErrandDone:
            hands.fetching.discard(model_id)
            return ErrandDone(Errand.DISCARD, model_id)

        self._submit(Errand.DISCARD, model_id, work)

    def verify(self, pack: PackManifest) -> None:
        """Check every file of a pack."""
        self._submit(
            Errand.VERIFY,
            pack.id,
            lambda hands, watch: ErrandDone(Errand.VERIFY, pack.id, pack, hands.care.verify(pack, watch)),
        )

    def repair(self, pack: PackManifest) -> None:
        """Bring back what is damaged."""
        self._submit(
            Errand.REPAIR,
            pack.id,
            lambda hands, watch: ErrandDone(Errand.REPAIR, pack.id, pack, hands.care.repair(pack, watch)),
        )

    def remove(self, pack: PackManifest) -> None:
        """Delete a pack."""

        def work(hands: PackHands, watch: FetchWatch) -> ErrandDone:
            hands.care.remove(pack)
            return ErrandDone(Errand.REMOVE, pack.id, pack)

        self._submit(Errand.REMOVE, pack.id, work)

    def stop(self) -> None:
        """Stop what is being done; what has arrived is kept."""
        self._cancel.cancel()

    def close(self) -> None:
        """Stop and wait for the thread."""
        self._cancel.cancel()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _fetch(self, hands: PackHands, model_id: str, watch: FetchWatch) -> ErrandDone:
        return ErrandDone(Errand.FETCH, model_id, hands.fetching.fetch(model_id, watch, accepted=True))

    def _submit(self, errand: Errand, pack_id: str, work: Callable[[PackHands, FetchWatch], ErrandDone]) -> None:
        self._cancel = cancel = CancelToken()
        self._worker.submit(self._run, errand, pack_id, work, cancel)

    def _run(
        self,
        errand: Errand,
        pack_id: str,
        work: Callable[[PackHands, FetchWatch], ErrandDone],
        cancel: CancelToken,
    ) -> None:
        last: list[FetchProgress] = []

        def tell(progress: FetchProgress) -> None:
            # A thousand steps are more than any bar shows; every change of phase counts.
            step = progress.total // 1000
            old = last[-1] if last else None
            alike = old is not None and (old.phase, old.file) == (progress.phase, progress.file)
            if alike and old is not None and progress.done - old.done < step and progress.phase in _FREQUENT:
                return
            last[:] = [progress]
            self._listener(ErrandProgress(errand, progress))

        try:
            done = work(self._make_hands(), FetchWatch(check=cancel.check, wait=cancel.wait, tell=tell))
        # The edge of the worker: without this, the executor keeps the error to itself and the window waits.
        except Exception as error:  # noqa: BLE001
            self._listener(ErrandFailed(errand, pack_id, _ours(error)))
        else:
            self._listener(done)


_FREQUENT = (FetchPhase.FETCHING, FetchPhase.CHECKING)


def _ours(error: Exception) -> SanaError:
    if isinstance(error, KnownError | JobCancelledError | BugError):
        return error
    return BugError(f"{type(error).__name__}: {error}", details="".join(traceback.format_exception(error)))
