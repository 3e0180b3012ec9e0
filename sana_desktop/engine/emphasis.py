"""Letting some words of a prompt count more or less than the others.

Every state of a causal encoder carries what stood before it, so a word is not in its own tokens alone. Its share
is what changes, there and in all that follows, when the same text is read with commas in its place. A weight w
moves the states along that difference: to the text without the word at 0, untouched at 1, and beyond at more.
See `docs/numerics/text.md`. Shapes: L tokens, E width of the text encoder.
"""

from collections.abc import Callable, Sequence

from torch import Tensor


def weighted_states(
    encode: Callable[[tuple[int, ...]], Tensor], tokens: tuple[int, ...], weights: Sequence[float], neutral: int
) -> Tensor:
    """States of `tokens` whose `weights` (as many, or none) are not all 1, as `encode` gives them and in its dtype.

    e_w = e + sum over the weights w != 1 of (w - 1) (e - e'), with e' the states of the tokens in which those
    that weigh w are replaced by `neutral`. Costs one more `encode` for each different weight; without any the
    result is that of `encode` to the bit.
    """
    states_LE = encode(tokens)
    changes = sorted(set(weights) - {1.0})
    if not changes:
        return states_LE
    moved_LE = states_LE.float()
    for change in changes:
        without = tuple(neutral if weight == change else token for token, weight in zip(tokens, weights, strict=True))
        moved_LE = moved_LE + (change - 1.0) * (states_LE.float() - encode(without).float())
    return moved_LE.to(states_LE.dtype)
