import json
from pathlib import Path

import pytest
from tokenizers import processors

from sana_desktop.engine.text_tokenizer import load_tokenizer, tokenizer_folder
from sana_desktop.errors import WeightsError
from support.tiny_gemma import BOS, tiny_tokenizer, wrapped_tokenizer

TEXTS = ["", "a red cat", "  two  spaces\n", "🍎 é", "<eos> [x]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wrapped_tokenizer().save_pretrained(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_those_of_transformers(folder: Path, text: str) -> None:
    assert load_tokenizer(folder).encode(text) == wrapped_tokenizer()(text).input_ids


def test_the_empty_text_is_the_beginning_alone(folder: Path) -> None:
    assert load_tokenizer(folder).encode("") == [BOS]


def test_decoding_gives_the_words_back(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    assert tokenizer.decode(tokenizer.encode("a red cat 🍎")[1:]) == "a red cat 🍎"


def test_a_saved_wish_for_truncation_and_padding_is_not_followed(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=50)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert load_tokenizer(tmp_path).encode("xxxxxxxx") == tiny_tokenizer().encode("xxxxxxxx").ids


def test_a_tokenizer_alone_in_its_folder_is_enough(tmp_path: Path) -> None:
    tiny_tokenizer().save(str(tmp_path / "tokenizer.json"))
    tokenizer = load_tokenizer(tmp_path)
    assert tokenizer.encode("cat")[0] == BOS
    assert tokenizer.padding_token == 0


def test_special_tokens_may_be_written_as_objects(folder: Path) -> None:
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings["pad_token"] = {"content": "<mask>", "special": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    assert load_tokenizer(folder).padding_token == 4


def test_transformers_interprets_a_file_that_does_not_begin_with_bos_by_itself(tmp_path: Path) -> None:
    wrapped = wrapped_tokenizer()
    wrapped.backend_tokenizer.post_processor = processors.ByteLevel()
    wrapped.save_pretrained(tmp_path)
    assert load_tokenizer(tmp_path).encode("cat")[-1] == tiny_tokenizer().encode("cat").ids[-1]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"version": "1.0", "model": {"type": "?"}}'])
def test_a_broken_tokenizer_is_a_known_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(WeightsError, match="not a readable tokenizer"):
        load_tokenizer(tmp_path)


def test_broken_settings_are_a_known_error(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text("{")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_tokenizer(folder)


def test_a_folder_without_any_tokenizer_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        load_tokenizer(tmp_path)


def test_the_tokenizer_lies_with_the_weights_or_beside_them(tmp_path: Path) -> None:
    encoder, beside = tmp_path / "text_encoder", tmp_path / "tokenizer"
    encoder.mkdir()
    with pytest.raises(WeightsError, match=r"Expected a tokenizer\.json"):
        tokenizer_folder(encoder)
    beside.mkdir()
    (beside / "tokenizer.json").touch()
    assert tokenizer_folder(encoder) == beside
    (encoder / "tokenizer.model").touch()
    assert tokenizer_folder(encoder) == encoder
