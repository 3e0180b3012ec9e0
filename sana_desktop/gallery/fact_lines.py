"""Facts of files on their way from another process, and what that process does."""

import json
import os
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from queue import SimpleQueue
from typing import cast

from sana_desktop.gallery.importer import read_one
from sana_desktop.gallery.records import FACT_NAMES, PictureFacts

Facts = PictureFacts | str

_PRINT = FACT_NAMES.index("print")
_values = attrgetter(*FACT_NAMES)


def question_to_bytes(folder: Path, names: Sequence[str]) -> bytes:
    """Files of a folder that shall be read."""
    return json.dumps([os.fspath(folder), list(names)]).encode()


def answer_to_bytes(answer: Sequence[Facts]) -> bytes:
    """What was found, in the order of the question."""
    return json.dumps([facts if isinstance(facts, str) else _line(facts) for facts in answer]).encode()


def answer_from_bytes(data: bytes) -> list[Facts]:
    """What `answer_to_bytes` wrote in a process of ours."""
    lines = cast(list[object], json.loads(data))
    return [line if isinstance(line, str) else _facts(cast(list[object], line)) for line in lines]


def answer_questions(connection: "Connection[bytes, bytes]") -> None:
    """Read what is asked for until the other end is closed; the work of the child process.

    Any number of questions may be asked before the first answer is taken: they leave the pipe at once, so that
    nobody waits for somebody who waits.
    """
    asked: SimpleQueue[bytes | None] = SimpleQueue()
    listener = threading.Thread(target=_listen, args=(connection, asked), name="questions")
    listener.start()
    while (question := asked.get()) is not None:
        folder, names = json.loads(question)
        answer = answer_to_bytes([read_one(Path(folder), name) for name in names])
        try:
            connection.send_bytes(answer)
        except OSError:
            # Nobody wants it; the listener finds out as well.
            break
    listener.join()


def _listen(connection: "Connection[bytes, bytes]", asked: "SimpleQueue[bytes | None]") -> None:
    try:
        while True:
            asked.put(connection.recv_bytes())
    except (EOFError, OSError):
        asked.put(None)


def _line(facts: PictureFacts) -> list[object]:
    values = list(_values(facts))
    values[_PRINT] = facts.print.hex()
    return values


def _facts(values: list[object]) -> PictureFacts:
    values[_PRINT] = bytes.fromhex(str(values[_PRINT]))
    named = dict(zip(FACT_NAMES, values, strict=True))
    return PictureFacts(**named)  # pyright: ignore[reportArgumentType]  # `_line` in the child took them from one
