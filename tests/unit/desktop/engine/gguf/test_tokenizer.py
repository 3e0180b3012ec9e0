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


def test_of_several_ways_to_make_a_token_the_one_of_the_lowest_numbers_comes_first() -> None:
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "a", "b", "c", "bc", "ab", "abc"]
    file = GgufFile(
        {
            "tokenizer.ggml.tokens": tokens,
            "tokenizer.ggml.token_type": np.array([3, 3, 3, 3, 1, 1, 1, 1, 1, 1]),
            "tokenizer.ggml.bos_token_id": 2,
            "tokenizer.ggml.unknown_token_id": 3,
        },
        {},
        memoryview(b""),
    )
    tokenizer = gemma_tokenizer(file)
    # "bc" has the lower number, so it is merged before "ab" could be.
    assert tokenizer.encode("abc").tokens == ["<bos>", "abc"]
    assert tokenizer.encode("abb").tokens == ["<bos>", "ab", "b"]
    assert tokenizer.encode("abcb").tokens == ["<bos>", "abc", "b"]


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
