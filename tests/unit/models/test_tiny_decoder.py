import pytest
import torch
from torch.nn import functional

from sana_models.configs import TAESANA, TINY_DECODER_STARTER, TinyDecoderConfig
from sana_models.tiny_decoder import TinyDecoder
from support.tiny_models import TINY_TINY_DECODER, largest_error, random_tiny_decoder


def _published_names() -> dict[str, tuple[int, ...]]:
    """Written out from the layer table of TAESANA, independent of the class."""
    shapes: dict[str, tuple[int, ...]] = {"1.weight": (256, 32, 3, 3), "1.bias": (256,)}

    def block(entry: int, width: int) -> None:
        for conv in (0, 2, 4):
            shapes[f"{entry}.conv.{conv}.weight"] = (width, width, 3, 3)
            shapes[f"{entry}.conv.{conv}.bias"] = (width,)

    for entry in (3, 4, 5):
        block(entry, 256)
    shapes["7.weight"] = (128, 256, 3, 3)
    for entry in (8, 9, 10):
        block(entry, 128)
    shapes["12.weight"] = (64, 128, 3, 3)
    for first, up in ((13, 17), (18, 22), (23, 27)):
        for entry in range(first, first + 3):
            block(entry, 64)
        shapes[f"{up}.weight"] = (64, 64, 3, 3)
    block(28, 64)
    shapes["29.weight"] = (3, 64, 3, 3)
    shapes["29.bias"] = (3,)
    return shapes


def test_names_and_shapes_are_those_of_the_published_file():
    with torch.device("meta"):
        network = TinyDecoder(TAESANA)
    found = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    assert found == _published_names()
    assert list(found) == list(_published_names())
    assert len(network) == 30
    assert sum(parameter.numel() for parameter in network.parameters()) == 8_301_763


def test_the_starter_decoder_is_small_and_has_the_same_numbering():
    with torch.device("meta"):
        network = TinyDecoder(TINY_DECODER_STARTER)
    assert sum(parameter.numel() for parameter in network.parameters()) < 3_000_000
    names = list(network.state_dict())
    assert names[:3] == ["1.weight", "1.bias", "3.conv.0.weight"]
    assert names[-2:] == ["18.weight", "18.bias"]


@torch.inference_mode()
@pytest.mark.parametrize("config", [TINY_TINY_DECODER, TINY_DECODER_STARTER], ids=["tiny", "starter"])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 2), (1, 5)])
def test_every_latent_position_becomes_32_by_32_pixels(config: TinyDecoderConfig, height: int, width: int):
    images = random_tiny_decoder(config)(torch.randn(2, 32, height, width))
    assert images.shape == (2, 3, 32 * height, 32 * width)


@torch.inference_mode()
def test_the_sequence_computes_what_the_layer_table_says():
    network = random_tiny_decoder(TinyDecoderConfig(latent_channels=5, widths=(7, 6, 4), blocks_per_stage=2))
    weights = network.state_dict()
    latents = torch.randn(2, 5, 3, 2, generator=torch.Generator().manual_seed(0)) * 4

    def conv(x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.conv2d(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"), padding=1)

    def block(x: torch.Tensor, entry: int) -> torch.Tensor:
        inner = functional.relu(conv(x, f"{entry}.conv.0"))
        inner = functional.relu(conv(inner, f"{entry}.conv.2"))
        return functional.relu(conv(inner, f"{entry}.conv.4") + x)

    def double(x: torch.Tensor) -> torch.Tensor:
        return x.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)

    x = functional.relu(conv(torch.tanh(latents / 3) * 3, "1"))
    x = conv(double(block(block(x, 3), 4)), "6")
    x = conv(double(block(block(x, 7), 8)), "10")
    x = conv(block(x, 11), "12")
    assert largest_error(network(latents), x) <= 1e-5


def test_gradients_pass_outside_the_range_of_pictures():
    network = random_tiny_decoder()
    with torch.no_grad():
        next(reversed(list(network.parameters()))).fill_(5.0)
    latents = torch.randn(1, 32, 1, 1, requires_grad=True)
    images = network(latents)
    assert images.min() > 1
    images.sum().backward()
    assert latents.grad is not None
    assert latents.grad.abs().sum() > 0


def test_a_decoder_without_a_stage_is_refused():
    with pytest.raises(ValueError, match="expected at least one stage and the head"):
        TinyDecoderConfig(widths=(8,))
