"""The rules of the tables, applied to a network: which of its linear layers are stored in few bits, and in how many."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import cast

from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize.linear import fits
from sana_desktop.engine.quantize.tables import (
    LATE_IN_8_BIT,
    SMALL_TEXT_ENCODER,
    TEXT_ENCODER_IN_8_BIT,
    TEXT_ENCODER_KEPT,
    TRANSFORMER_IN_8_BIT,
    TRANSFORMER_KEPT,
    W8A8_KEPT,
    late_blocks,
)
from sana_models.dit import SanaTransformer


def transformer_layers(
    network: SanaTransformer, kind: Precision, kept: tuple[str, ...] | None = None
) -> dict[str, Precision]:
    """How the transformer's layers are stored where `kind` is asked for; `kept` in place of the tables' patterns."""
    usual = W8A8_KEPT if kind is Precision.W8A8 else TRANSFORMER_KEPT
    layers = chosen_layers(network, usual if kept is None else kept)
    late = (f"transformer_blocks.{number}.{LATE_IN_8_BIT}" for number in late_blocks(len(network.transformer_blocks)))
    return _stored(layers, kind, (*TRANSFORMER_IN_8_BIT, *late))


def text_encoder_layers(network: nn.Module, kind: Precision) -> dict[str, Precision]:
    """How the text encoder's layers are stored where `kind` is asked for."""
    layers = chosen_layers(network, TEXT_ENCODER_KEPT)
    small = sum(layer.weight.numel() for layer in layers.values()) < SMALL_TEXT_ENCODER
    return _stored(layers, kind, ("*",) if small else TEXT_ENCODER_IN_8_BIT)


def chosen_layers(network: nn.Module, kept: tuple[str, ...]) -> dict[str, nn.Linear]:
    """Linear layers of `network` to be stored in few bits, by name: all that fit and match no pattern of `kept`."""
    modules = cast(Iterator[tuple[str, nn.Module]], network.named_modules())
    return {
        name: module
        for name, module in modules
        if isinstance(module, nn.Linear) and fits(tuple(module.weight.shape)) and not _matches(name, kept)
    }


def _stored(layers: Mapping[str, nn.Linear], kind: Precision, in_8_bit: tuple[str, ...]) -> dict[str, Precision]:
    finer = in_8_bit if kind is Precision.NF4 else ()
    return {name: Precision.INT8 if _matches(name, finer) else kind for name in layers}


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
