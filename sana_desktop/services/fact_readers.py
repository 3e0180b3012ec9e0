"""Reading what thousands of pictures say about themselves, in processes of their own."""

import contextlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
# Chunks that each process has to do, so that it does not wait while this one writes.
ASKED_AHEAD = 2


@dataclass(frozen=True, slots=True)
class _Question:
    """Files of a folder, and the number of the process that reads them."""

    process: int
    folder: Path
    names: list[str]


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
        asked: deque[_Question] = deque()
        if len(first) > CHUNKS_READ_HERE:
            left = chain(first[CHUNKS_READ_HERE:], left)
            # Before the first chunks are read here: the processes begin as soon as they are there.
            self._start()
            for place, chunk in enumerate(islice(left, PROCESSES * ASKED_AHEAD)):
                asked.append(self._ask(_Question(place % PROCESSES, folder, chunk)))
        yield from read_here(folder, first[:CHUNKS_READ_HERE])
        while asked:
            question = asked.popleft()
            answer = self._answer(question, asked)
            # Asked before the answer is used, so that no process waits.
            asked += [self._ask(_Question(question.process, folder, chunk)) for chunk in islice(left, 1)]
            yield answer

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

    def _ask(self, question: _Question) -> _Question:
        # If it died, its answer will say so.
        with contextlib.suppress(OSError):
            self._children[question.process].connection.send_bytes(question_to_bytes(question.folder, question.names))
        return question

    def _answer(self, question: _Question, later: Iterable[_Question]) -> list[PictureFacts | str]:
        number = question.process
        try:
            return answer_from_bytes(self._children[number].connection.recv_bytes())
        except (EOFError, OSError):
            self._children[number].close()
            self._children[number] = start_child("gallery reader", answer_questions)
            # What it was asked besides died with it.
            for other in later:
                if other.process == number:
                    self._ask(other)
            return [f"{name}: the process that read it was ended by the system" for name in question.names]
