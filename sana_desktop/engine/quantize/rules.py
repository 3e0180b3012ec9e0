"""Which linear layers are stored in few bits: tables, chosen by what was measured in docs/numerics/quantization.md."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import cast

from torch import nn

from sana_desktop.engine.quantize.linear import fits

TRANSFORMER_KEPT = ("patch_embed*", "time_embed*", "caption_projection*", "proj_out")
"""Layers of the transformer that stay in 16 bit: they touch every token or every step, and are 2 % of all weights."""

W8A8_KEPT = (*TRANSFORMER_KEPT, "*.attn2.to_k", "*.attn2.to_v")
"""Layers that W8A8 leaves in 16 bit: also keys and values of the text, as in the paper (section 4.2)."""

TEXT_ENCODER_KEPT: tuple[str, ...] = ()
"""Layers of the text encoder that stay in 16 bit. Its table of words is no linear layer and stays as it is."""


def chosen_layers(network: nn.Module, kept: tuple[str, ...]) -> dict[str, nn.Linear]:
    """Linear layers of `network` to be stored in few bits, by name: all that fit and match no pattern of `kept`."""
    modules = cast(Iterator[tuple[str, nn.Module]], network.named_modules())
    return {
        name: module
        for name, module in modules
        if isinstance(module, nn.Linear)
        and fits(tuple(module.weight.shape))
        and not any(fnmatchcase(name, pattern) for pattern in kept)
    }
