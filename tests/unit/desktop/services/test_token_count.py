import logging
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import WeightsError
from sana_desktop.services.token_count import TokenCounter
from sana_desktop.system.pack_manifest import PackManifest
from support.packs import manifest

SECONDS = 30.0
Answer = tuple[str, TokenCount | None]


class Scale:
    """Counts letters; can be held, be without a tokenizer, or fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()
        self.open.set()
        self.known = True
        self.error: Exception | None = None

    def __call__(
        self, text: str, pack: PackManifest, conditioning: Conditioning, emphasis: Emphasis
    ) -> TokenCount | None:
        self.asked.append(text)
        self.begun.release()
        assert self.open.wait(SECONDS)
        if self.error is not None:
            raise self.error
        return TokenCount(len(text), 5) if self.known else None


@pytest.fixture
def pack(tmp_path: Path) -> PackManifest:
    return manifest(tmp_path)


@pytest.fixture
def scale() -> Scale:
    return Scale()


@pytest.fixture
def answers() -> "queue.Queue[Answer]":
    return queue.Queue()


@pytest.fixture
def counter(scale: Scale, answers: "queue.Queue[Answer]") -> Iterator[TokenCounter]:
    with TokenCounter(scale, lambda text, count: answers.put((text, count)), 0.0) as counter:
        yield counter
        scale.open.set()


def test_a_question_is_answered_on_another_thread(scale: Scale, pack: PackManifest) -> None:
    threads: queue.Queue[threading.Thread] = queue.Queue()
    with TokenCounter(scale, lambda text, count: threads.put(threading.current_thread())) as counter:
        counter.ask("fox", pack)
        assert threads.get(timeout=SECONDS) is not threading.current_thread()


def test_the_answer_names_the_text(counter: TokenCounter, pack: PackManifest, answers: "queue.Queue[Answer]") -> None:
    counter.ask("fox", pack)
    assert answers.get(timeout=SECONDS) == ("fox", TokenCount(3, 5))


def test_typing_fast_leaves_only_the_last_text_to_count(
    counter: TokenCounter, scale: Scale, pack: PackManifest, answers: "queue.Queue[Answer]"
) -> None:
    scale.open.clear()
    counter.ask("f", pack)
    assert scale.begun.acquire(timeout=SECONDS)
    for text in ("fo", "fox", "foxe", "foxes"):
        counter.ask(text, pack)
    scale.open.set()
    assert answers.get(timeout=SECONDS) == ("foxes", TokenCount(5, 5))
    assert scale.asked == ["f", "foxes"]


def test_how_the_prompt_is_to_be_read_is_handed_on(pack: PackManifest) -> None:
    asked: queue.Queue[tuple[object, ...]] = queue.Queue()
    with TokenCounter(lambda *question: asked.put(question), lambda text, count: None) as counter:
        counter.ask("fox", pack, Conditioning.OFFICIAL, Emphasis.WEIGHTED)
        assert asked.get(timeout=SECONDS) == ("fox", pack, Conditioning.OFFICIAL, Emphasis.WEIGHTED)


def test_what_nobody_knows_is_looked_for_again_and_told_once_it_is_known(
    counter: TokenCounter, scale: Scale, pack: PackManifest, answers: "queue.Queue[Answer]"
) -> None:
    scale.known = False
    counter.ask("fox", pack)
    assert answers.get(timeout=SECONDS) == ("fox", None)
    for _ in range(3):
        assert scale.begun.acquire(timeout=SECONDS)
    scale.known = True
    assert answers.get(timeout=SECONDS) == ("fox", TokenCount(3, 5))
    assert answers.empty()


def test_an_error_is_written_down_and_not_tried_again(
    counter: TokenCounter,
    scale: Scale,
    pack: PackManifest,
    answers: "queue.Queue[Answer]",
    caplog: pytest.LogCaptureFixture,
) -> None:
    for error in (WeightsError("the file is broken"), ZeroDivisionError("a bug")):
        scale.error = error
        with caplog.at_level(logging.INFO):
            counter.ask("fox", pack)
            assert answers.get(timeout=SECONDS) == ("fox", None)
        assert str(error) in caplog.text
    scale.error = None
    counter.ask("foxes", pack)
    assert answers.get(timeout=SECONDS) == ("foxes", TokenCount(5, 5))
    assert scale.asked == ["fox", "fox", "foxes"]


def test_an_answer_that_is_not_taken_does_not_end_the_counter(
    scale: Scale, pack: PackManifest, caplog: pytest.LogCaptureFixture
) -> None:
    taken: queue.Queue[str] = queue.Queue()

    def answer(text: str, count: TokenCount | None) -> None:
        taken.put(text)
        if text == "fox":
            raise RuntimeError("the window is gone")

    with TokenCounter(scale, answer) as counter:
        counter.ask("fox", pack)
        assert taken.get(timeout=SECONDS) == "fox"
        counter.ask("dog", pack)
        assert taken.get(timeout=SECONDS) == "dog"
    assert "the window is gone" in caplog.text


def test_after_the_end_nothing_is_counted_or_answered(
    scale: Scale, pack: PackManifest, answers: "queue.Queue[Answer]"
) -> None:
    counter = TokenCounter(scale, lambda text, count: answers.put((text, count)))
    scale.open.clear()
    counter.ask("fox", pack)
    assert scale.begun.acquire(timeout=SECONDS)
    closing = threading.Thread(target=counter.close)
    closing.start()
    while not counter._closed:
        pass
    scale.open.set()
    closing.join()
    counter.ask("foxes", pack)
    counter.close()
    assert answers.empty()
    assert scale.asked == ["fox"]


def test_a_counter_that_nobody_asked_has_no_thread(scale: Scale) -> None:
    counter = TokenCounter(scale, lambda text, count: None)
    assert counter._thread is None
    counter.close()
