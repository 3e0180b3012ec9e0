from collections.abc import Callable

import pytest
import torch

from sana_desktop.engine.weights.tiny_decoder_shape import Shape, detect_tiny_decoder
from sana_desktop.errors import WeightsError
from sana_models.configs import TAESANA, TINY_DECODER_STARTER, TinyDecoderConfig
from sana_models.tiny_decoder import TinyDecoder
from support.tiny_models import TINY_TINY_DECODER

Shapes = dict[str, Shape]


def shapes(config: TinyDecoderConfig) -> Shapes:
    with torch.device("meta"):
        return {name: tuple(tensor.shape) for name, tensor in TinyDecoder(config).state_dict().items()}


@pytest.mark.parametrize("config", [TAESANA, TINY_DECODER_STARTER, TINY_TINY_DECODER, TinyDecoderConfig(widths=(8, 4))])
def test_the_configuration_is_read_off_the_weights(config: TinyDecoderConfig):
    assert detect_tiny_decoder(shapes(config), "x") == config


def without(start: str) -> Callable[[Shapes], Shapes]:
    return lambda found: {name: shape for name, shape in found.items() if not name.startswith(start)}


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {},
        lambda _: {"weight": (3, 32)},
        lambda _: {"1.weight": (8, 32, 3, 3), "2.weight": (3, 8, 3, 3)},
        lambda found: found | {"1.weight": (8,)},
        lambda found: found | {"200.conv.0.weight": (4, 4, 3, 3)},
        without("3.conv"),
        without("1."),
    ],
)
def test_another_network_is_refused(change: Callable[[Shapes], Shapes]):
    with pytest.raises(WeightsError, match="x is not a preview decoder for Sana"):
        detect_tiny_decoder(change(shapes(TINY_TINY_DECODER)), "x")
