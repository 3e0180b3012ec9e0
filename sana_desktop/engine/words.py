"""The words of one or many batches, read by the text encoder before anything is drawn.

A text alone costs nearly as much as eight together: what takes time is to go through the weights once. So the texts of
batches with several prompts are read in groups, and all groups have one shape whatever is in them: rows are filled up,
and lengths rounded up. Then the states of a text do not depend on its neighbours, and a list that is gone on with has
the same ones. They differ from those of the text alone in their last bits, and are kept under a name of their own.

Shapes: L tokens, E width of the text encoder.
"""

from collections.abc import Callable, Iterable, Sequence

from torch import Tensor

from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.embedding_cache import EmbeddingCache, EmbeddingKey
from sana_desktop.engine.prompt import PromptFeatures, encode_prompt, kept_states, read_texts
from sana_desktop.engine.prompt_tokens import TextRules
from sana_desktop.engine.text_encoder import TextEncoder
from sana_desktop.engine.text_tokenizer import TextTokenizer

TEXTS_AT_ONCE = 8
_LENGTH_STEP = 4

RulesOf = Callable[[Recipe], TextRules]


def read_words(
    encoder: TextEncoder,
    recipes: Sequence[Recipe],
    rules_of: RulesOf,
    cache: EmbeddingCache,
    check: Callable[[], None],
) -> tuple[PromptFeatures, ...]:
    """The features of every recipe of a batch; those with the same words share one value.

    Fails as `encode_prompt` does.
    """
    words = {recipe.words: recipe for recipe in recipes}
    reader = encoder if len(words) == 1 else GroupedEncoder(encoder)
    if isinstance(reader, GroupedEncoder):
        reader.fill(words.values(), rules_of, cache, check)
    features = {
        key: encode_prompt(reader, recipe.prompt, recipe.negative, rules_of(recipe), cache, check)
        for key, recipe in words.items()
    }
    return tuple(features[recipe.words] for recipe in recipes)


def read_words_ahead(
    encoder: TextEncoder,
    batches: Sequence[Sequence[Recipe]],
    rules_of: RulesOf,
    cache: EmbeddingCache,
    check: Callable[[], None],
) -> None:
    """Put into `cache` what `read_words` will ask for, batch for batch; groups reach over all of them."""
    mixed = [recipe for batch in batches if len({recipe.words for recipe in batch}) > 1 for recipe in batch]
    if mixed:
        words = {recipe.words: recipe for recipe in mixed}
        GroupedEncoder(encoder).fill(words.values(), rules_of, cache, check)
    for recipe in {batch[0].words: batch[0] for batch in batches if len({one.words for one in batch}) == 1}.values():
        encode_prompt(encoder, recipe.prompt, recipe.negative, rules_of(recipe), cache, check)


class GroupedEncoder:
    """A text encoder that reads in groups of one shape; what encoding a prompt needs, as `PromptEncoder` says."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder

    @property
    def tokenizer(self) -> TextTokenizer:
        """Text to tokens."""
        return self._encoder.tokenizer

    @property
    def fingerprint(self) -> str:
        """That of the encoder, and how it is used."""
        return f"{self._encoder.fingerprint}-{TEXTS_AT_ONCE} at once"

    def states(
        self, tokens: Sequence[int], length: int | None = None, check: Callable[[], None] | None = None
    ) -> Tensor:
        """States [L, E] of one text, read in a group of its own."""
        return self._read([tuple(tokens)], length or len(tokens), check)[0][: length or len(tokens)]

    def fill(
        self, recipes: Iterable[Recipe], rules_of: RulesOf, cache: EmbeddingCache, check: Callable[[], None]
    ) -> None:
        """Read everything of `recipes` that the cache does not hold; words with weights are left to `states`."""
        missing: dict[int, dict[EmbeddingKey, None]] = {}
        for recipe in recipes:
            texts = read_texts(self.tokenizer, recipe.prompt, recipe.negative, rules_of(recipe))
            for read, length in ((texts.cond, len(texts.cond.tokens)), (texts.uncond, texts.uncond_length)):
                key = EmbeddingKey(self.fingerprint, read.tokens, read.kept_from, length)
                if not read.weights and cache.get(key) is None:
                    missing.setdefault(_rounded(length), {})[key] = None
        for alike in missing.values():
            keys = list(alike)
            for first in range(0, len(keys), TEXTS_AT_ONCE):
                group = keys[first : first + TEXTS_AT_ONCE]
                rows = self._read([key.tokens for key in group], max(key.length for key in group), check)
                for key, every_LE in zip(group, rows, strict=True):
                    cache.put(key, kept_states(every_LE[: key.length], key.kept_from).clone())

    def _read(self, texts: list[tuple[int, ...]], length: int, check: Callable[[], None] | None) -> list[Tensor]:
        loaded = self._encoder.load(check or _nothing)
        filled = texts + [texts[-1]] * (TEXTS_AT_ONCE - len(texts))
        return loaded.states_of_many(filled, _rounded(length), check)[: len(texts)]


def _rounded(length: int) -> int:
    # One more than the text at least: attention without any padding goes another way.
    return (length // _LENGTH_STEP + 1) * _LENGTH_STEP


def _nothing() -> None:
    """No one asked to be asked."""
