"""Finding out how pictures look that came from elsewhere, on a thread of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.services.library import Library

# Noted at once; what was noted before a stop stays.
AT_ONCE = 64


class LookLearner:
    """Looks at every picture that nobody looked at yet. `close` has to be called before the program ends."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ending = CancelToken()
        # Begins its thread with the first wish.
        self._thread = ThreadPoolExecutor(1, "looks")

    def learn(self, progress: Callable[[int, int], None], cancel: CancelToken) -> "Future[int]":
        """Note how pictures look; the future says how many were looked at. `progress` is heard on the thread.

        Small pictures that are not there are made, which takes a tenth of a second each for large ones.
        """
        return self._thread.submit(self._learn, progress, cancel)

    def close(self) -> None:
        """Stop, and wait for the thread. Safe to call twice."""
        self._ending.cancel()
        self._thread.shutdown()

    def _learn(self, progress: Callable[[int, int], None], cancel: CancelToken) -> int:
        # Deferred: numpy takes a tenth of a second, which the window's thread has no time for.
        from sana_desktop.gallery.looks import look_of

        done = 0
        with self._library.reader() as reader, self._library.thumbnail_store() as store:
            wanted = reader.without_look()
            for start in range(0, len(wanted), AT_ONCE):
                looks: dict[bytes, int] = {}
                for row in reader.rows(wanted[start : start + AT_ONCE]):
                    self._ending.check()
                    cancel.check()
                    jpeg = store.get_or_make(row.facts.print, row.path)
                    if jpeg is not None:
                        looks[row.facts.print] = look_of(jpeg)
                self._library.put_looks(looks).result()
                done += len(looks)
                progress(min(start + AT_ONCE, len(wanted)), len(wanted))
        return done
