from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.engine.text_encoder import GemmaEncoder, TextEncoder, load_gemma
from sana_desktop.engine.text_tokenizer import PromptTokenizer, TextTokenizer
from sana_desktop.errors import PackError, WeightsError
from support.tiny_gemma import WIDTH, save_tiny_gemma, tiny_gemma, tiny_tokenizer

CPU = torch.device("cpu")
TEXTS = ["cat", "", "a red cat and more"]


def nothing() -> None:
    pass


@pytest.fixture(scope="module", params=["Gemma2Model", "Gemma3TextModel"])
def model(request: pytest.FixtureRequest) -> Any:
    return tiny_gemma(request.param)


@pytest.fixture(scope="module")
def encoder(model: Any) -> GemmaEncoder:
    return GemmaEncoder(model, PromptTokenizer(tiny_tokenizer(), 0), "tiny")


@pytest.mark.parametrize("text", TEXTS)
def test_states_are_the_last_hidden_state_of_transformers(encoder: GemmaEncoder, model: Any, text: str) -> None:
    tokens = encoder.tokenizer.encode(text)
    expected_LE = model(torch.tensor([tokens]), torch.ones(1, len(tokens))).last_hidden_state[0]
    found_LE = encoder.states(tokens)
    assert found_LE.shape == (len(tokens), encoder.width)
    torch.testing.assert_close(found_LE, expected_LE, atol=1e-6, rtol=1e-6)


def test_states_need_no_gradient_and_may_be_trained_on(encoder: GemmaEncoder) -> None:
    states_LE = encoder.states([2, 5])
    assert not states_LE.requires_grad
    assert not states_LE.is_inference()


def test_the_same_tokens_give_the_same_bits(encoder: GemmaEncoder) -> None:
    tokens = encoder.tokenizer.encode("a red cat")
    assert torch.equal(encoder.states(tokens), encoder.states(tokens))


def test_many_texts_in_a_batch_have_the_states_of_each_alone(encoder: GemmaEncoder) -> None:
    tokens = [encoder.tokenizer.encode(text) for text in TEXTS]
    for found_LE, alone in zip(encoder.states_of_many(tokens), tokens, strict=True):
        torch.testing.assert_close(found_LE, encoder.states(alone), atol=1e-5, rtol=1e-5)


def test_states_of_padding_are_those_of_a_padded_sequence(encoder: GemmaEncoder, model: Any) -> None:
    expected_LE = model(torch.tensor([[2, 9, 0, 0, 0]]), torch.tensor([[1, 1, 0, 0, 0]])).last_hidden_state[0]
    torch.testing.assert_close(encoder.states([2, 9], 5), expected_LE, atol=1e-6, rtol=1e-6)


def test_check_is_called_before_every_layer_and_no_more_afterwards(encoder: GemmaEncoder) -> None:
    asked: list[None] = []
    encoder.states([2, 9], None, lambda: asked.append(None))
    assert len(asked) == 2
    encoder.states([2, 9])
    assert len(asked) == 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_folder_of_transformers_loads_with_its_tokenizer(tmp_path: Path, dtype: torch.dtype) -> None:
    saved = save_tiny_gemma(tmp_path)
    encoder = load_gemma(tmp_path, dtype, CPU, nothing)
    states_LE = encoder.states(encoder.tokenizer.encode("cat"))
    assert (states_LE.dtype, encoder.width) == (dtype, WIDTH)
    expected_LE = saved(torch.tensor([encoder.tokenizer.encode("cat")])).last_hidden_state[0]
    torch.testing.assert_close(states_LE.float(), expected_LE, atol=1e-5 if dtype == torch.float32 else 0.1, rtol=0)


def test_fp16_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"bfloat16 or float32, found torch\.float16: its activations"):
        load_gemma(tmp_path, torch.float16, CPU, nothing)


def test_tokenizer_and_fingerprint_come_without_the_weights(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path)
    lazy = TextEncoder(tmp_path, torch.float32, CPU)
    assert lazy.tokenizer.encode("cat")
    fingerprint = lazy.fingerprint
    assert not lazy.loaded
    states_LE = lazy.states([2, 9])
    assert lazy.loaded
    assert (
        lazy.load(nothing).fingerprint == fingerprint == load_gemma(tmp_path, torch.float32, CPU, nothing).fingerprint
    )
    lazy.release()
    assert not lazy.loaded
    assert torch.equal(lazy.states([2, 9]), states_LE)


def test_the_tokenizer_may_lie_elsewhere(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path / "pack" / "text_encoder")
    elsewhere = tmp_path / "tokenizers"
    elsewhere.mkdir()
    for path in (tmp_path / "pack" / "text_encoder").glob("tokenizer*"):
        path.rename(elsewhere / path.name)
    with pytest.raises(WeightsError, match=r"Expected a tokenizer\.json"):
        load_gemma(tmp_path / "pack" / "text_encoder", torch.float32, CPU, nothing)
    encoder = load_gemma(tmp_path / "pack" / "text_encoder", torch.float32, CPU, nothing, elsewhere)
    assert encoder.tokenizer.encode("cat")
    elsewhere.rename(tmp_path / "pack" / "tokenizer")
    assert load_gemma(tmp_path / "pack" / "text_encoder", torch.float32, CPU, nothing).tokenizer.encode("cat")


def test_the_tokenizer_is_read_by_whoever_was_named_and_once(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path)
    read: list[Path] = []

    def make(folder: Path) -> TextTokenizer:
        read.append(folder)
        return PromptTokenizer(tiny_tokenizer(), 0)

    encoder = TextEncoder(tmp_path, torch.float32, CPU, None, make)
    assert encoder.tokenizer is encoder.tokenizer
    assert encoder.load(nothing).tokenizer is encoder.tokenizer
    assert read == [tmp_path]
