"""What the user thinks of pictures: stars, favourites and tags; and throwing away, which can be taken back."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sana_desktop.errors import KnownError
from sana_desktop.gallery.trash import move_to_trash
from sana_desktop.services.library import Library
from sana_desktop.ui.basics.answers import Answers

# As long as nobody has taken it back. Not every system gives a file out of its trash again, so that it waits first.
MS_UNTIL_TRASH = 20_000


class PictureKeeper(QObject):
    """Has the library change pictures, and holds back what was thrown away for a moment.

    What was thrown away is hidden at once, and goes to the trash of the system when nothing more was thrown away for
    `ms_until_trash`, or with `settle`; it can be taken back from there too, where the system allows that. If the
    program is killed before, the files are where they were. `trash` and `bring_back` are those of `Library.delete` and
    `Library.undelete`. `close` has to be called before the program and the library end.

    Signals:
        hiddenChanged(): other pictures are to be left out.
        thrown(int), restored(int): so many pictures were thrown away just now, or taken back.
        failed(object): the `KnownError` that says why something could not be changed.
    """

    hiddenChanged = Signal()
    thrown = Signal(int)
    restored = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        library: Library,
        parent: QObject | None = None,
        *,
        ms_until_trash: int = MS_UNTIL_TRASH,
        trash: Callable[[Path], None] = move_to_trash,
        bring_back: Callable[[Path, bytes | None], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._trash = trash
        self._bring_back = bring_back
        self._answers = Answers(self)
        self._answers.failed.connect(self.failed)
        # What was thrown away at once, the newest last: what waits, and what is in the trash. What is on its way there.
        self._waiting: list[tuple[int, ...]] = []
        self._gone: list[tuple[int, ...]] = []
        self._leaving: set[int] = set()
        self._timer = QTimer(self, interval=ms_until_trash, singleShot=True)
        self._timer.timeout.connect(self.settle)

    @property
    def hidden(self) -> frozenset[int]:
        """Pictures that nobody wants to see."""
        return frozenset(self._leaving).union(*self._waiting)

    @property
    def can_restore(self) -> bool:
        """Whether something can be taken back."""
        return bool(self._waiting or self._gone)

    def rate(self, pictures: Sequence[int], stars: int) -> None:
        """Give 0 (none) to 5 stars."""
        if pictures:
            self._answers.watch(self._library.rate(pictures, stars))

    def set_favourite(self, pictures: Sequence[int], favourite: bool) -> None:
        """Mark favourites, or take the mark away."""
        if pictures:
            self._answers.watch(self._library.set_favourite(pictures, favourite))

    def change_tags(self, pictures: Sequence[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Put tags on pictures and take others off."""
        add, remove = tuple(add), tuple(remove)
        if pictures and (add or remove):
            self._answers.watch(self._library.change_tags(pictures, add, remove))

    def save_album(self, name: str, query: str | None = None) -> None:
        """Make an album, smart with a query, or give one another query."""
        self._answers.watch(self._library.save_album(name, query))

    def remove_album(self, name: str) -> None:
        """Forget an album, not its pictures."""
        self._answers.watch(self._library.remove_album(name))

    def change_album(self, name: str, add: Sequence[int] = (), remove: Sequence[int] = ()) -> None:
        """Put pictures into an album and take others out."""
        if add or remove:
            self._answers.watch(self._library.change_album(name, tuple(add), tuple(remove)))

    def throw(self, pictures: Sequence[int]) -> None:
        """Throw pictures away, in a moment."""
        if pictures:
            self._waiting.append(tuple(pictures))
            self._timer.start()
            self.hiddenChanged.emit()
            self.thrown.emit(len(pictures))

    @Slot()
    def restore(self) -> None:
        """Take back what was thrown away last."""
        if self._waiting:
            pictures = self._waiting.pop()
            self.hiddenChanged.emit()
            self.restored.emit(len(pictures))
        elif self._gone:
            future = self._library.undelete(self._gone.pop(), self._bring_back)
            self._answers.watch(future, lambda back: self.restored.emit(len(back)))

    @Slot()
    def settle(self) -> None:
        """Move to the trash what waits for it."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, []
        pictures = tuple(picture for group in waiting for picture in group)
        if pictures:
            self._leaving.update(pictures)
            future = self._library.delete(pictures, self._trash)
            self._answers.watch(future, partial(self._on_gone, waiting), partial(self._on_stuck, pictures))

    def close(self) -> None:
        """Let everything that was thrown away leave; the library does it before it ends."""
        self.settle()
        self._answers.close()

    def _on_gone(self, groups: list[tuple[int, ...]], gone: tuple[int, ...]) -> None:
        self._leaving.difference_update(*groups)
        self._gone += groups
        self.hiddenChanged.emit()

    def _on_stuck(self, pictures: tuple[int, ...], error: KnownError) -> None:
        self._leaving.difference_update(pictures)
        self.hiddenChanged.emit()
        self.failed.emit(error)
