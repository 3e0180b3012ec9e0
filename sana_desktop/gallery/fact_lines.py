"""Facts of files on their way from another process, and what that process does."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from sana_desktop.gallery.importer import read_one
from sana_desktop.gallery.records import PictureFacts

Facts = PictureFacts | str


def question_to_bytes(folder: Path, names: Sequence[str]) -> bytes:
    """Files of a folder that shall be read."""
    return json.dumps([os.fspath(folder), list(names)]).encode()


def answer_to_bytes(answer: Sequence[Facts]) -> bytes:
    """What was found, in the order of the question."""
    lines: list[object] = [
        facts if isinstance(facts, str) else asdict(facts) | {"print": facts.print.hex()} for facts in answer
    ]
    return json.dumps(lines).encode()


def answer_from_bytes(data: bytes) -> list[Facts]:
    """What `answer_to_bytes` wrote in a process of ours."""
    lines = cast(list[object], json.loads(data))
    return [line if isinstance(line, str) else _facts(cast(dict[str, object], line)) for line in lines]


def answer_questions(connection: "Connection[bytes, bytes]") -> None:
    """Read what is asked for until the other end is closed; the work of the child process."""
    while True:
        try:
            folder, names = json.loads(connection.recv_bytes())
            connection.send_bytes(answer_to_bytes([read_one(Path(folder), name) for name in names]))
        except (EOFError, OSError):
            return


def _facts(values: dict[str, object]) -> PictureFacts:
    values["print"] = bytes.fromhex(str(values["print"]))
    return PictureFacts(**values)  # pyright: ignore[reportArgumentType]  # `asdict` in the child made them
