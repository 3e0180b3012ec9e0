"""Gemma's tokenizer in a process of its own.

Reading a `tokenizer.json` of 33 MB holds Python's global lock for a second, in which a window stands still; in
another process it does not. The child answers one question at a time, keeps the tokenizer that was last asked
for, and loads neither torch nor Qt.
"""

import json
import threading
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import cast

from sana_desktop.engine.child_process import Child, start_child
from sana_desktop.engine.text_tokenizer import PromptTokenizer, load_tokenizer
from sana_desktop.errors import BugError, MachineError, WeightsError

_TRIES = 2
_HINT = "It needs 0.5 GB of free memory. Close other programs and try again."


class TokenServer:
    """Starts the child at the first question and again should it die; any thread may ask.

    Questions wait for each other. After `close`, which ends the child at once, every question raises
    `MachineError`.
    """

    def __init__(self) -> None:
        # Held for a whole question, so that its answer is not taken for another's.
        self._asking = threading.Lock()
        # Guards the two below for a moment at a time; `close` does not wait for answers.
        self._changing = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    def tokenizer(self, folder: Path) -> "ServedTokenizer":
        """The tokenizer in `folder`, read before this returns; raises `WeightsError` as `load_tokenizer` does."""
        answer = self._ask("padding_token", folder, None)
        return ServedTokenizer(self._ask, folder, cast(int, answer))

    def close(self) -> None:
        """End the child. Safe to call twice, and while other threads wait for answers: they get an error."""
        with self._changing:
            self._closed = True
            if self._child is not None:
                self._child.end()
        with self._asking:
            self._forget()

    def __enter__(self) -> "TokenServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, verb: str, folder: Path, value: object) -> object:
        question = json.dumps([verb, str(folder), value]).encode()
        with self._asking:
            for _ in range(_TRIES):
                connection = self._running().connection
                try:
                    connection.send_bytes(question)
                    return _unpacked(connection.recv_bytes())
                except (EOFError, OSError):
                    self._forget()
        raise MachineError("The process that reads prompts was ended by the system.", hint=_HINT)

    def _running(self) -> Child:
        with self._changing:
            if self._closed:
                raise MachineError("The program is closing and reads no more prompts.")
            if self._child is None:
                try:
                    self._child = start_child("tokenizer", answer_questions)
                except OSError as error:
                    raise MachineError(
                        f"The process that reads prompts cannot be started: {error.strerror or error}.", hint=_HINT
                    ) from error
            return self._child

    def _forget(self) -> None:
        with self._changing:
            if self._child is not None:
                self._child.close()
            self._child = None


class ServedTokenizer:
    """A `TextTokenizer` whose work is done by a `TokenServer`; any thread may use it while the server is open."""

    def __init__(self, ask: Callable[[str, Path, object], object], folder: Path, padding_token: int) -> None:
        self._ask = ask
        self._folder = folder
        self.padding_token = padding_token

    def encode(self, text: str) -> list[int]:
        """As `PromptTokenizer.encode`."""
        return self.encode_with_spans(text)[0]

    def encode_with_spans(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """As `PromptTokenizer.encode_with_spans`."""
        tokens, edges = cast(tuple[list[int], list[int]], self._ask("encode", self._folder, text))
        return tokens, list(zip(edges[::2], edges[1::2], strict=True))

    def decode(self, tokens: Sequence[int]) -> str:
        """As `PromptTokenizer.decode`."""
        return cast(str, self._ask("decode", self._folder, list(tokens)))


def answer_questions(connection: "Connection[bytes, bytes]") -> None:
    """What the child does until the other end is closed."""
    held: dict[str, PromptTokenizer] = {}
    while True:
        try:
            question = connection.recv_bytes()
        except (EOFError, OSError):
            return
        try:
            answer: object = {"answer": _answer(held, *json.loads(question))}
        except WeightsError as error:
            answer = {"weights": str(error), "hint": error.hint}
        except Exception:  # noqa: BLE001 - the edge of the process: errors leave it as messages
            answer = {"bug": traceback.format_exc()}
        connection.send_bytes(json.dumps(answer).encode())


def _answer(held: dict[str, PromptTokenizer], verb: str, folder: str, value: object) -> object:
    if folder not in held:
        # One at a time: each takes some hundred megabytes.
        held.clear()
        held[folder] = load_tokenizer(Path(folder))
    tokenizer = held[folder]
    if verb == "encode":
        tokens, spans = tokenizer.encode_with_spans(cast(str, value))
        return tokens, [edge for span in spans for edge in span]
    if verb == "decode":
        return tokenizer.decode(cast(list[int], value))
    return tokenizer.padding_token


def _unpacked(message: bytes) -> object:
    content = cast(dict[str, object], json.loads(message))
    if "weights" in content:
        raise WeightsError(str(content["weights"]), hint=str(content["hint"]))
    if "bug" in content:
        raise BugError("A prompt could not be read.", details=str(content["bug"]))
    return content["answer"]
