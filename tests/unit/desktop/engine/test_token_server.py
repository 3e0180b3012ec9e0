import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from sana_desktop.engine import token_server
from sana_desktop.engine.text_tokenizer import load_tokenizer
from sana_desktop.engine.token_server import ServedTokenizer, TokenServer
from sana_desktop.errors import MachineError, WeightsError
from support import child_work
from support.tiny_gemma import tiny_tokenizer, wrapped_tokenizer

TEXTS = ["", "a red cat", "  two  spaces\n", "🍎 é", "<eos> [x]", '"quoted"\\', "İ"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    wrapped_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(server: TokenServer, folder: Path) -> ServedTokenizer:
    return server.tokenizer(folder)


def child(server: TokenServer) -> psutil.Process:
    """The process that answers."""
    assert server._child is not None
    return psutil.Process(server._child._process.pid)


@pytest.mark.parametrize("text", TEXTS)
def test_the_answers_are_those_of_the_tokenizer_in_this_process(
    served: ServedTokenizer, folder: Path, text: str
) -> None:
    here = load_tokenizer(folder)
    tokens = here.encode(text)
    assert served.encode(text) == tokens
    assert served.encode_with_spans(text) == here.encode_with_spans(text)
    assert served.decode(tokens) == here.decode(tokens)
    assert served.padding_token == here.padding_token


def test_threads_get_each_their_own_answers(served: ServedTokenizer, folder: Path) -> None:
    here = load_tokenizer(folder)
    texts = ["cat " * count for count in range(60)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(served.encode, texts)) == [here.encode(text) for text in texts]


def test_one_process_serves_every_folder(server: TokenServer, served: ServedTokenizer, tmp_path: Path) -> None:
    tiny_tokenizer().save(str(tmp_path / "tokenizer.json"))
    before = child(server)
    other = server.tokenizer(tmp_path)
    assert other.padding_token == 0
    assert other.encode("cat") == served.encode("cat") == other.encode("cat")
    assert child(server) == before


def test_a_tokenizer_that_cannot_be_read_is_the_same_error_and_the_next_question_is_answered(
    server: TokenServer, served: ServedTokenizer, tmp_path: Path
) -> None:
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(WeightsError, match="not a readable tokenizer"):
        server.tokenizer(tmp_path)
    assert served.encode("cat")


def test_a_process_that_died_is_started_again(server: TokenServer, served: ServedTokenizer) -> None:
    expected = served.encode("a red cat")
    killed = child(server)
    killed.kill()
    assert served.encode("a red cat") == expected
    assert child(server) != killed


def test_after_the_end_there_is_no_process_and_no_answer(folder: Path) -> None:
    server = TokenServer()
    served = server.tokenizer(folder)
    process = child(server)
    server.close()
    server.close()
    assert not process.is_running()
    with pytest.raises(MachineError, match="closing"):
        served.encode("cat")
    with pytest.raises(MachineError, match="closing"):
        TokenServer.tokenizer(server, folder)


def test_a_server_that_nobody_asked_has_no_process() -> None:
    with TokenServer() as server:
        assert server._child is None


def test_closing_does_not_wait_for_an_answer(folder: Path) -> None:
    server = TokenServer()
    served = server.tokenizer(folder)
    # It will never answer while it is stopped.
    child(server).suspend()
    errors: list[Exception] = []
    asked = threading.Event()

    def ask() -> None:
        asked.set()
        try:
            served.encode("cat")
        except MachineError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    asked.wait()
    server.close()
    thread.join()
    assert "closing" in str(errors[0])


def test_a_process_that_dies_again_and_again_is_a_known_error(
    server: TokenServer, served: ServedTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(server).kill()
    start = token_server.start_child
    monkeypatch.setattr(token_server, "start_child", lambda name, work: start(name, child_work.leave, "1"))
    with pytest.raises(MachineError, match="ended by the system"):
        served.encode("cat")


def test_a_process_that_cannot_be_started_is_a_known_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(name: str, work: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(token_server, "start_child", start)
    with pytest.raises(MachineError, match="cannot be started: Resource temporarily unavailable"):
        TokenServer().tokenizer(folder)
