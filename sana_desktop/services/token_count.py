"""Counting the tokens of a prompt while it is being typed, on a thread of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import KnownError
from sana_desktop.system.pack_manifest import PackManifest

_log = logging.getLogger(__name__)

# How long until a tokenizer that was not there is looked for again.
SECONDS_UNTIL_NEXT_LOOK = 2.0

Measure = Callable[[str, PackManifest, Conditioning, Emphasis], TokenCount | None]


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    pack: PackManifest
    conditioning: Conditioning
    emphasis: Emphasis


class TokenCounter:
    """Answers the latest question only, so that typing fast leaves nothing to catch up with.

    `answer(text, count)` is called on the counter's thread; `count` is None while nobody can tell, and a second
    call follows for the same text once `measure` can. It is never told of errors: they go to the log.
    """

    def __init__(
        self,
        measure: Measure,
        answer: Callable[[str, TokenCount | None], None],
        seconds_until_next_look: float = SECONDS_UNTIL_NEXT_LOOK,
    ) -> None:
        self._measure = measure
        self._answer = answer
        self._seconds_until_next_look = seconds_until_next_look
        # Guards the three below.
        self._changed = threading.Condition()
        self._question: _Question | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(
        self,
        text: str,
        pack: PackManifest,
        conditioning: Conditioning = Conditioning.DIFFUSERS,
        emphasis: Emphasis = Emphasis.LITERAL,
    ) -> None:
        """Have `text`, as it would stand in a recipe, counted by the rules of `pack`; returns at once."""
        with self._changed:
            if self._closed:
                return
            self._question = _Question(text, pack, conditioning, emphasis)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="token counter")
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Answer no more and wait for the thread. Safe to call twice; not to be called by `answer`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> "TokenCounter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        unknown: _Question | None = None
        while (question := self._next(unknown)) is not None:
            try:
                count = self._measure(question.text, question.pack, question.conditioning, question.emphasis)
                missing = count is None
            except KnownError as error:
                _log.info("the prompt's tokens cannot be counted: %s", error)
                count, missing = None, False
            except Exception:  # noqa: BLE001 - a counter that fails must not end anything else
                _log.exception("counting the prompt's tokens failed")
                count, missing = None, False
            if not (missing and question is unknown):
                self._tell(question, count)
            unknown = question if missing else None

    def _next(self, unknown: _Question | None) -> _Question | None:
        """Wait for a question and take it; `unknown` again if there was none for a while; None at the end."""
        timeout = None if unknown is None else self._seconds_until_next_look
        with self._changed:
            self._changed.wait_for(lambda: self._question is not None or self._closed, timeout)
            if self._closed:
                return None
            question, self._question = self._question, None
            return unknown if question is None else question

    def _tell(self, question: _Question, count: TokenCount | None) -> None:
        with self._changed:
            outdated = self._question is not None or self._closed
        if outdated:
            return
        try:
            self._answer(question.text, count)
        except Exception:  # noqa: BLE001 - somebody else's code must not end this thread
            _log.exception("the answer of the token counter was not taken")
