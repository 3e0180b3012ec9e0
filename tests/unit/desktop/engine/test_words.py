from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.domain.choices import Emphasis
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.prompt import encode_prompt
from sana_desktop.engine.prompt_tokens import TextRules
from sana_desktop.engine.text_encoder import TextEncoder
from sana_desktop.engine.text_tokenizer import PromptTokenizer
from sana_desktop.engine.words import TEXTS_AT_ONCE, GroupedEncoder, read_words, read_words_ahead
from support.recipes import recipe
from support.tiny_gemma import tiny_gemma, tiny_tokenizer

PROMPTS = ("cat", "a red cat", "cat cat", "a cat, red", "red red red", "", "a", "b", "c", "long " * 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gemma")
    tiny_gemma("Gemma2Model").save_pretrained(folder)
    return folder


class CountingEncoder(TextEncoder):
    """Counts how often its weights went through."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder,
            torch.float32,
            torch.device("cpu"),
            make_tokenizer=lambda _: PromptTokenizer(tiny_tokenizer(), 0),
            tokenizer_at=folder,
        )
        self.passes = 0

    def load(self, check: Any) -> Any:
        loaded: Any = super().load(check)
        real = loaded._run
        loaded._run = lambda *rest: self._counted(real, *rest)  # pyright: ignore[reportAttributeAccessIssue]
        return loaded

    def _counted(self, real: Any, *rest: Any) -> Any:
        self.passes += 1
        return real(*rest)


@pytest.fixture
def encoder(folder: Path) -> CountingEncoder:
    encoder = CountingEncoder(folder)
    encoder.load(lambda: None)
    # Counted from here on, once per pass.
    encoder.load = lambda check: encoder._encoder  # pyright: ignore[reportAttributeAccessIssue]
    return encoder


def rules_of(one: Recipe) -> TextRules:
    return TextRules(None, 24, one.conditioning, one.emphasis)


def words(*prompts: str, **changes: object) -> list[Recipe]:
    return [recipe(seed=seed, prompt=prompt, **changes) for seed, prompt in enumerate(prompts)]


def nothing() -> None:
    """No one asked to be asked."""


def test_many_prompts_are_read_in_few_passes_and_near_what_each_gives_alone(encoder: CountingEncoder):
    found = read_words(encoder, words(*PROMPTS), rules_of, EmbeddingCache(), nothing)
    assert encoder.passes <= 4
    for one, prompt in zip(found, PROMPTS, strict=True):
        alone = encode_prompt(encoder, prompt, "", rules_of(words(prompt)[0]), EmbeddingCache())
        torch.testing.assert_close(one.cond.states_1LE, alone.cond.states_1LE, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(one.uncond.states_1LE, alone.uncond.states_1LE, atol=1e-5, rtol=1e-5)


def test_the_states_of_a_text_do_not_depend_on_its_neighbours(encoder: CountingEncoder):
    first = read_words(encoder, words("cat", "a red cat"), rules_of, EmbeddingCache(), nothing)
    others = read_words(encoder, words(*PROMPTS), rules_of, EmbeddingCache(), nothing)
    assert torch.equal(first[0].cond.states_1LE, others[0].cond.states_1LE)
    assert torch.equal(first[1].cond.states_1LE, others[1].cond.states_1LE)


def test_pictures_with_the_same_words_share_one_value_and_one_prompt_is_read_as_ever(encoder: CountingEncoder):
    cache = EmbeddingCache()
    first, second, other = read_words(encoder, words("cat", "cat", "a red cat"), rules_of, cache, nothing)
    assert first is second
    assert other is not first
    (alone, twin) = read_words(encoder, words("cat", "cat"), rules_of, cache, nothing)
    assert alone is twin
    exact = encode_prompt(encoder, "cat", "", rules_of(words("cat")[0]), EmbeddingCache())
    assert torch.equal(alone.cond.states_1LE, exact.cond.states_1LE)


def test_what_was_read_ahead_is_not_read_again(encoder: CountingEncoder):
    cache = EmbeddingCache()
    batches = [words(*PROMPTS[:3]), words("cat", "cat"), words("alone")]
    read_words_ahead(encoder, batches, rules_of, cache, nothing)
    passes = encoder.passes
    for batch in batches:
        read_words(encoder, batch, rules_of, cache, nothing)
    assert encoder.passes == passes


def test_groups_reach_over_all_batches(encoder: CountingEncoder):
    batches = [words(f"a{number}", f"b{number}") for number in range(TEXTS_AT_ONCE // 2)]
    read_words_ahead(encoder, batches, rules_of, EmbeddingCache(), nothing)
    # The prompts in one pass, the empty negative in another.
    assert encoder.passes <= 2


def test_words_with_weights_are_heeded(encoder: CountingEncoder):
    weighted = words("a (red:1.5) cat", "(cat:0.5)", emphasis=Emphasis.WEIGHTED)
    found = read_words(encoder, weighted, rules_of, EmbeddingCache(), nothing)
    alone = encode_prompt(encoder, "a (red:1.5) cat", "", rules_of(weighted[0]), EmbeddingCache())
    torch.testing.assert_close(found[0].cond.states_1LE, alone.cond.states_1LE, atol=1e-4, rtol=1e-4)


def test_a_check_ends_the_reading(encoder: CountingEncoder):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        GroupedEncoder(encoder).fill(words(*PROMPTS), rules_of, EmbeddingCache(), stop)
