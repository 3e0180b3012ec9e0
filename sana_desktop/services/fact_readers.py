"""Reading what thousands of pictures say about themselves, in processes of their own."""

import contextlib
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType

from sana_desktop.engine.child_process import Child, start_child
from sana_desktop.gallery.fact_lines import answer_from_bytes, answer_questions, question_to_bytes
from sana_desktop.gallery.importer import read_here
from sana_desktop.gallery.records import PictureFacts

PROCESSES = 2
# Starting a process takes as long as reading a thousand files; a few chunks are read here.
CHUNKS_READ_HERE = 4


class FactReaders:
    """Calling it reads files as `importer.read_here` does, the many in two processes, which any other end.

    No picture can hold up or end this program: the files at which a process died are unreadable, and the next
    one goes on behind them. Close it at the end.
    """

    def __init__(self) -> None:
        self._children: list[Child] = []

    def __call__(self, folder: Path, chunks: Iterable[list[str]]) -> Iterator[list[PictureFacts | str]]:
        """Read files, chunk by chunk, and give what was found in the same order."""
        left = iter(chunks)
        first = list(islice(left, CHUNKS_READ_HERE + 1))
        if len(first) > CHUNKS_READ_HERE:
            left = chain(first[CHUNKS_READ_HERE:], left)
            # Before the first chunks are read here, so that the processes are there when those are done.
            self._start()
        yield from read_here(folder, first[:CHUNKS_READ_HERE])
        asked: deque[tuple[int, list[str]]] = deque()
        for chunk in left:
            if len(asked) < PROCESSES:
                number, answer = len(asked), None
            else:
                number, names = asked.popleft()
                answer = self._answer(number, names)
            # Asked before the answer is used, so that no process waits.
            self._ask(number, folder, chunk)
            asked.append((number, chunk))
            if answer is not None:
                yield answer
        for number, names in asked:
            yield self._answer(number, names)

    def close(self) -> None:
        """End the processes. Safe to call twice."""
        for child in self._children:
            child.close()
        self._children = []

    def __enter__(self) -> "FactReaders":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        while len(self._children) < PROCESSES:
            self._children.append(start_child("gallery reader", answer_questions))

    def _ask(self, number: int, folder: Path, chunk: list[str]) -> None:
        # If it died, its answer will say so.
        with contextlib.suppress(OSError):
            self._children[number].connection.send_bytes(question_to_bytes(folder, chunk))

    def _answer(self, number: int, chunk: list[str]) -> list[PictureFacts | str]:
        try:
            return answer_from_bytes(self._children[number].connection.recv_bytes())
        except (EOFError, OSError):
            self._children[number].close()
            self._children[number] = start_child("gallery reader", answer_questions)
            return [f"{name}: the process that read it was ended by the system" for name in chunk]
