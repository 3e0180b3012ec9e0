"""From the words of a recipe to what the transformer reads.

SANA (arXiv 2410.10629, section 2.3) puts a "complex human instruction" before the prompt, lets Gemma
read both, and keeps of the instruction's states almost nothing: <bos>, and the last positions of a
sequence padded to just the length at which the prompt's first token comes second. Padded positions are
masked in the end and attention is causal, so nothing is padded here where the result is the same.
See `docs/numerics/text.md`. Shapes: L tokens, E width of the text encoder.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from sana_desktop.domain.choices import Conditioning
from sana_desktop.engine.embedding_cache import EmbeddingCache, EmbeddingKey
from sana_desktop.engine.text_features import TextFeatures
from sana_desktop.engine.text_tokenizer import PromptTokenizer
from sana_desktop.errors import MachineError

INSTRUCTION_FILE = "instruction.txt"
QUOTED_LETTERS = 160

# The official program reads the picture's shape from these and cuts the prompt at the first of them.
_OFFICIAL_FLAG = re.compile(r"--aspect_ratio|--ar|--hw")


class PromptEncoder(Protocol):
    """What encoding a prompt needs: `GemmaEncoder`, or `TextEncoder` which loads its weights when asked for states."""

    @property
    def tokenizer(self) -> PromptTokenizer:
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


@dataclass(frozen=True, slots=True)
class TextRules:
    """How a pack wants its prompts: after which `instruction` (None: bare), how many tokens, by whose rules."""

    instruction: str | None
    max_tokens: int
    conditioning: Conditioning = Conditioning.DIFFUSERS

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"expected room for at least one token, found {self.max_tokens}")

    @property
    def lowercase(self) -> bool:
        """Whether letters lose their case and text its outer spaces, in the prompt and the negative alike."""
        return self.conditioning is Conditioning.DIFFUSERS


@dataclass(frozen=True, slots=True, eq=False)
class PromptFeatures:
    """Both halves of classifier-free guidance, and what the user should know of how the text was read."""

    cond: TextFeatures
    uncond: TextFeatures
    notices: tuple[str, ...]


def read_instruction(resources: Path) -> str:
    """The complex human instruction that ships in `resources`; its last letter is a space that belongs to it."""
    path = resources / INSTRUCTION_FILE
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MachineError(f"{path} cannot be read ({error}).", hint="Install the program again.") from error


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
    tokenizer = encoder.tokenizer
    notices: list[str] = []
    words = _prompt_words(prompt, rules, notices)
    before = rules.instruction or ""
    # The two that are taken off are <bos> and the instruction's last space, which joins the prompt's first word.
    room_before = len(tokenizer.encode(before)) - 2 if before else 0
    read = _cut(tokenizer, before + words, room_before + rules.max_tokens, "prompt", notices)
    cond_LE = _states(encoder, cache, read, room_before + 1, len(read), check)

    negative_words = negative.lower().strip() if rules.lowercase else negative
    read = _cut(tokenizer, negative_words, rules.max_tokens, "negative prompt", notices)
    if rules.conditioning is Conditioning.OFFICIAL:
        # There the negative wears the prompt's mask: as many positions as the prompt has, padding or not.
        read = read[: len(cond_LE)]
        uncond_LE = _states(encoder, cache, read, 1, len(cond_LE), check)
    else:
        uncond_LE = _states(encoder, cache, read, 1, len(read), check)
    return PromptFeatures(_all_valid(cond_LE), _all_valid(uncond_LE), tuple(notices))


def _prompt_words(prompt: str, rules: TextRules, notices: list[str]) -> str:
    if rules.lowercase:
        return prompt.lower().strip()
    if match := _OFFICIAL_FLAG.search(prompt):
        notices.append(
            f"Official conditioning reads a prompt up to its first shape flag; left out: "
            f"“{_shortened(prompt[match.start() :].strip())}”. The size of the recipe holds."
        )
        prompt = prompt[: match.start()]
    return prompt.strip()


def _cut(tokenizer: PromptTokenizer, text: str, limit: int, name: str, notices: list[str]) -> list[int]:
    tokens = tokenizer.encode(text)
    if len(tokens) > limit:
        left_out = _shortened(tokenizer.decode(tokens[limit:]).strip())
        notices.append(f"The {name} is too long by {len(tokens) - limit} tokens; its end was left out: “{left_out}”.")
    return tokens[:limit]


def _states(
    encoder: PromptEncoder,
    cache: EmbeddingCache,
    tokens: list[int],
    kept_from: int,
    length: int,
    check: Callable[[], None] | None,
) -> Tensor:
    key = EmbeddingKey(encoder.fingerprint, tuple(tokens), kept_from, length)
    states_LE = cache.get(key)
    if states_LE is None:
        every_LE = encoder.states(tokens, length, check)
        states_LE = torch.cat([every_LE[:1], every_LE[kept_from:]])
        cache.put(key, states_LE)
    return states_LE


def _all_valid(states_LE: Tensor) -> TextFeatures:
    return TextFeatures(states_LE[None], torch.ones(1, len(states_LE), dtype=torch.bool))


def _shortened(text: str) -> str:
    half = QUOTED_LETTERS // 2
    return text if len(text) <= QUOTED_LETTERS else f"{text[:half]} … {text[-half:]}"
