import torch

from sana_desktop.engine.quantize.rules import TRANSFORMER_KEPT, chosen_layers
from sana_models.configs import SANA_0_6B
from sana_models.dit import SanaTransformer


def test_pointwise_convolutions_are_quantized_and_what_touches_everything_is_not():
    with torch.device("meta"):
        network = SanaTransformer(SANA_0_6B)
    chosen = chosen_layers(network, TRANSFORMER_KEPT)
    assert len(chosen) == 28 * 10
    assert {"transformer_blocks.0.ff.conv_inverted", "transformer_blocks.27.ff.conv_point"} <= set(chosen)
    assert not any(name.startswith(("patch_embed", "time_embed", "caption", "proj_out")) for name in chosen)
    weights = sum(layer.weight.numel() for layer in chosen.values())
    everything = sum(parameter.numel() for parameter in network.parameters())
    assert weights / everything > 0.97


def test_a_layer_whose_width_does_not_fit_is_left_out():
    network = torch.nn.Sequential(torch.nn.Linear(64, 8), torch.nn.Linear(72, 8), torch.nn.Conv2d(64, 64, 1))
    assert set(chosen_layers(network, ())) == {"0"}
    assert set(chosen_layers(network, ("0",))) == set()
