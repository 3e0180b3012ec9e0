"""The queue's engine, lent to somebody who draws no job with it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine

_Result = TypeVar("_Result")


class EngineLoan(Generic[_Result]):
    """What somebody wants to do with the engine; `future` gives what `work` returns or raises."""

    def __init__(self, work: Callable[[PictureEngine, CancelToken], _Result], cancel: CancelToken | None) -> None:
        self._work = work
        self.cancel = cancel or CancelToken()
        self.future: Future[_Result] = Future()

    def use(self, engine: PictureEngine) -> None:
        """Do it now, on the engine's thread; raises nothing."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.cancel.check()
            self.future.set_result(self._work(engine, self.cancel))
        except Exception as error:  # noqa: BLE001 - the edge of the thread: raised in the one that waits
            self.future.set_exception(error)

    def give_up(self) -> None:
        """There will be no engine for it."""
        self.future.cancel()
