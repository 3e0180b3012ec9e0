"""The configuration of a patch decoder, read off its weights, as that of any preview decoder is."""

import math
from collections.abc import Mapping

from sana_models.configs import PatchDecoderConfig

Shape = tuple[int, ...]
MOST_BLOCKS, MOST_PATCH = 64, 64


def detect_patch_decoder(shapes: Mapping[str, Shape]) -> PatchDecoderConfig | None:
    """The shape of a patch decoder, or None if these are the weights of something else.

    Names and shapes beyond those read here are for the caller to compare.
    """
    linear, stem = shapes.get("linear.weight", ()), shapes.get("stem.weight", ())
    if len(linear) != 4 or len(stem) != 4:
        return None
    patch = math.isqrt(linear[0] // 3)
    blocks = len({name.split(".")[1] for name in shapes if name.startswith("blocks.")})
    if not 0 < patch <= MOST_PATCH or blocks > MOST_BLOCKS:
        return None
    return PatchDecoderConfig(latent_channels=linear[1], width=stem[0], blocks=blocks, patch=patch)
