"""From the words of a recipe to what the transformer reads.

SANA (arXiv 2410.10629, section 2.3) puts a "complex human instruction" before the prompt, lets Gemma
read both, and keeps of the instruction's states almost nothing: <bos>, and the last positions of a
sequence padded to just the length at which the prompt's first token comes second. Padded positions are
masked in the end and attention is causal, so nothing is padded here where the result is the same.
See `docs/numerics/text.md`. Shapes: L tokens, E width of the text encoder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from sana_desktop.domain.choices import Conditioning
from sana_desktop.engine.embedding_cache import EmbeddingCache, EmbeddingKey
from sana_desktop.engine.emphasis import weighted_states
from sana_desktop.engine.prompt_tokens import ReadText, TextRules, read_negative, read_prompt
from sana_desktop.engine.text_features import TextFeatures
from sana_desktop.engine.text_tokenizer import TextTokenizer

QUOTED_LETTERS = 160
# What a word is compared with to find its share: of the tokens tried, it disturbs the rest of the text least.
NEUTRAL = ","


class PromptEncoder(Protocol):
    """What encoding a prompt needs: `GemmaEncoder`, or `TextEncoder` which loads its weights when asked for states."""

    @property
    def tokenizer(self) -> TextTokenizer:
        """Text to tokens."""
        ...

    @property
    def fingerprint(self) -> str:
        """Differs where states may differ."""
        ...

    def states(
        self, tokens: Sequence[int], length: int | None = None, check: Callable[[], None] | None = None
    ) -> Tensor:
        """States [L, E] on the CPU; with `length`, those of padding after the tokens too."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PromptFeatures:
    """Both halves of classifier-free guidance, and what the user should know of how the text was read."""

    cond: TextFeatures
    uncond: TextFeatures
    notices: tuple[str, ...]


def encode_prompt(
    encoder: PromptEncoder,
    prompt: str,
    negative: str,
    rules: TextRules,
    cache: EmbeddingCache,
    check: Callable[[], None] | None = None,
) -> PromptFeatures:
    """Encode `prompt` and `negative` by `rules`; what `cache` knows is not computed again.

    Features hold valid positions only, so every mask is all True and the halves may differ in length;
    they are on the CPU in the encoder's dtype. A text beyond the limit is cut at its end, with a notice
    that quotes what was left out. `check` is called before every layer and tensor loaded; what it raises
    ends the work and leaves the cache sound.
    """
    texts = read_texts(encoder.tokenizer, prompt, negative, rules)
    cond_LE = _states(encoder, cache, texts.cond, len(texts.cond.tokens), check)
    uncond_LE = _states(encoder, cache, texts.uncond, texts.uncond_length, check)
    return PromptFeatures(_all_valid(cond_LE), _all_valid(uncond_LE), texts.notices)


@dataclass(frozen=True, slots=True)
class PromptTexts:
    """What the encoder reads of a prompt and its negative, the latter with padding up to `uncond_length`."""

    cond: ReadText
    uncond: ReadText
    uncond_length: int
    notices: tuple[str, ...]


def read_texts(tokenizer: TextTokenizer, prompt: str, negative: str, rules: TextRules) -> PromptTexts:
    """Read both texts by `rules`, with a notice of everything that is left out of them."""
    notices: list[str] = []
    cond = read_prompt(tokenizer, prompt, rules)
    if cond.flags:
        notices.append(
            f"Official conditioning reads a prompt up to its first shape flag; left out: "
            f"“{_shortened(cond.flags)}”. The size of the recipe holds."
        )
    _tell_of_cut(tokenizer, cond, "prompt", notices)
    uncond = read_negative(tokenizer, negative, rules)
    _tell_of_cut(tokenizer, uncond, "negative prompt", notices)
    length = len(uncond.tokens)
    if rules.conditioning is Conditioning.OFFICIAL:
        # There the negative wears the prompt's mask: as many positions as the prompt has, padding or not.
        length = 1 + max(0, len(cond.tokens) - cond.kept_from)
        uncond = replace(uncond, tokens=uncond.tokens[:length], weights=uncond.weights[:length])
    return PromptTexts(cond, uncond, length, tuple(notices))


def _tell_of_cut(tokenizer: TextTokenizer, read: ReadText, name: str, notices: list[str]) -> None:
    if read.left_out:
        left_out = _shortened(tokenizer.decode(read.left_out).strip())
        notices.append(f"The {name} is too long by {len(read.left_out)} tokens; its end was left out: “{left_out}”.")


def _states(
    encoder: PromptEncoder, cache: EmbeddingCache, read: ReadText, length: int, check: Callable[[], None] | None
) -> Tensor:
    """The states that are kept of `length` positions, what follows the text being padding."""

    def encode(tokens: tuple[int, ...]) -> Tensor:
        key = EmbeddingKey(encoder.fingerprint, tokens, read.kept_from, length)
        states_LE = cache.get(key)
        if states_LE is None:
            states_LE = kept_states(encoder.states(tokens, length, check), read.kept_from)
            cache.put(key, states_LE)
        return states_LE

    if not read.weights:
        return encode(read.tokens)
    # The cache keeps what the encoder says; weights are applied to that, so another weight costs no pass.
    return weighted_states(encode, read.tokens, read.weights, encoder.tokenizer.encode(NEUTRAL)[-1])


def kept_states(every_LE: Tensor, kept_from: int) -> Tensor:
    """What the transformer is shown of the states of a text: the first, and those from `kept_from` on."""
    return torch.cat([every_LE[:1], every_LE[kept_from:]])


def _all_valid(states_LE: Tensor) -> TextFeatures:
    return TextFeatures(states_LE[None], torch.ones(1, len(states_LE), dtype=torch.bool))


def _shortened(text: str) -> str:
    half = QUOTED_LETTERS // 2
    return text if len(text) <= QUOTED_LETTERS else f"{text[:half]} … {text[-half:]}"
