"""What the text encoder hands to the transformer."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class TextFeatures:
    """One prompt as states of the text encoder: `states_1LE` [1, L, E], any float dtype, any device.

    `mask_1L` [1, L] is True at positions that may be read; what stands at the others has no meaning.
    """

    states_1LE: Tensor
    mask_1L: Tensor
