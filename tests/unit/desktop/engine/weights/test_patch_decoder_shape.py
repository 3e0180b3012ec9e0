import pytest
import torch

from sana_desktop.engine.weights.patch_decoder_shape import detect_patch_decoder
from sana_models.configs import TAESANA, PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from sana_models.tiny_decoder import TinyDecoder


def shapes(network: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize(
    "config", [PatchDecoderConfig(), PatchDecoderConfig(latent_channels=4, width=6, blocks=3, patch=2)]
)
def test_the_configuration_is_read_off_the_weights(config: PatchDecoderConfig) -> None:
    with torch.device("meta"):
        assert detect_patch_decoder(shapes(PatchDecoder(config))) == config


def test_a_decoder_of_another_kind_is_none() -> None:
    with torch.device("meta"):
        assert detect_patch_decoder(shapes(TinyDecoder(TAESANA))) is None
    assert detect_patch_decoder({}) is None


@pytest.mark.parametrize("outputs", [0, 2, 3 * 100**2])
def test_a_patch_of_no_sensible_size_is_none(outputs: int) -> None:
    assert detect_patch_decoder({"linear.weight": (outputs, 32, 3, 3), "stem.weight": (8, 32, 3, 3)}) is None


def test_a_stranger_cannot_ask_for_a_thousand_blocks() -> None:
    found = {"linear.weight": (12, 32, 3, 3), "stem.weight": (8, 32, 3, 3)}
    found |= {f"blocks.{number}.conv.0.weight": (8, 8, 3, 3) for number in range(1000)}
    assert detect_patch_decoder(found) is None
