import json
from pathlib import Path

import numpy as np
import pytest

from sana_desktop.engine.gguf.file import GgufFile, read_gguf
from sana_desktop.engine.gguf.tokenizer import gemma_tokenizer
from sana_desktop.engine.text_tokenizer import load_tokenizer
from sana_desktop.errors import WeightsError
from support.tiny_gemma import tiny_tokenizer
from support.tiny_gguf import tiny_gguf_tensors, write_tiny_gguf


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> GgufFile:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_tiny_gguf(path, tiny_gguf_tensors())
    return read_gguf(memoryview(path.read_bytes()))


def with_metadata(file: GgufFile, **change: object) -> GgufFile:
    return GgufFile({**file.metadata, **change}, file.tensors, file.data)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "text", ["", "a red cat", "  two   spaces", "\n\n", "🍎 é", "<eos>x<mask>", "User Prompt: cat"]
)
def test_a_rebuilt_tokenizer_reads_text_as_the_one_with_the_true_merges(file: GgufFile, text: str) -> None:
    assert gemma_tokenizer(file).encode(text).ids == tiny_tokenizer().encode(text).ids


def test_a_saved_one_is_loaded_without_the_help_of_transformers(file: GgufFile, tmp_path: Path) -> None:
    gemma_tokenizer(file).save(str(tmp_path / "tokenizer.json"))
    tokenizer = load_tokenizer(tmp_path)
    assert tokenizer.encode("a red cat") == tiny_tokenizer().encode("a red cat").ids
    assert tokenizer.decode(tokenizer.encode("  two")[1:]) == "  two"


def small_file(*tokens: str) -> GgufFile:
    """A vocabulary of these normal tokens after the four special ones."""
    return GgufFile(
        {
            "tokenizer.ggml.tokens": ["<pad>", "<eos>", "<bos>", "<unk>", *tokens],
            "tokenizer.ggml.token_type": np.array([3] * 4 + [1] * len(tokens)),
            "tokenizer.ggml.bos_token_id": 2,
            "tokenizer.ggml.unknown_token_id": 3,
        },
        {},
        memoryview(b""),
    )


@pytest.mark.parametrize(
    ("words", "pieces"), [(("bc", "ab"), ["a", "bc"]), (("ab", "bc"), ["ab", "c"])], ids=["bc first", "ab first"]
)
def test_tokens_of_lower_numbers_are_made_first(words: tuple[str, str], pieces: list[str]) -> None:
    tokenizer = gemma_tokenizer(small_file("a", "b", "c", *words))
    assert tokenizer.encode("abc").tokens == ["<bos>", *pieces]


def test_of_several_ways_to_make_a_token_the_pair_of_the_lowest_numbers_comes_first() -> None:
    tokenizer = gemma_tokenizer(small_file("a", "b", "c", "bc", "ab", "abc"))
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    assert merges == [["b", "c"], ["a", "b"], ["a", "bc"], ["ab", "c"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokenizer.ggml.tokens": 3}, "lacks its vocabulary"),
        ({"tokenizer.ggml.tokens": ["a", "a"], "tokenizer.ggml.token_type": np.ones(2)}, "names a token twice"),
        ({"tokenizer.ggml.tokens": ["a", "b" * 2000]}, "more than 1024 letters"),
        ({"tokenizer.ggml.token_type": np.ones(2)}, "lacks the kinds"),
        ({"tokenizer.ggml.token_type": None}, "lacks the kinds"),
        ({"tokenizer.ggml.bos_token_id": 10**6}, "expected the number of a token"),
        ({"tokenizer.ggml.unknown_token_id": None}, "expected the number of a token"),
    ],
)
def test_a_vocabulary_that_makes_no_tokenizer_is_a_known_error(
    file: GgufFile, change: dict[str, object], message: str
) -> None:
    with pytest.raises(WeightsError, match=message):
        gemma_tokenizer(with_metadata(file, **change))
