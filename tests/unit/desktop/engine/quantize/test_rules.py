import torch
from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize import rules
from sana_desktop.engine.quantize.rules import chosen_layers, text_encoder_layers, transformer_layers
from sana_models.configs import SANA_0_6B
from sana_models.dit import SanaTransformer


def _network() -> SanaTransformer:
    with torch.device("meta"):
        return SanaTransformer(SANA_0_6B)


def _weights(network: nn.Module, names: list[str]) -> int:
    return sum(network.get_parameter(f"{name}.weight").numel() for name in names)


def test_pointwise_convolutions_are_quantized_and_what_touches_everything_is_not():
    network = _network()
    chosen = list(transformer_layers(network, Precision.INT8))
    assert len(chosen) == 28 * 10
    assert {"transformer_blocks.0.ff.conv_inverted", "transformer_blocks.27.ff.conv_point"} <= set(chosen)
    assert not any(name.startswith(("patch_embed", "time_embed", "caption", "proj_out")) for name in chosen)
    everything = sum(parameter.numel() for parameter in network.parameters())
    assert _weights(network, chosen) / everything > 0.97


def test_what_writes_into_the_residual_stream_and_late_blocks_never_have_fewer_than_8_bits():
    network = _network()
    layers = transformer_layers(network, Precision.NF4)
    in_8_bit = [name for name, kind in layers.items() if kind is Precision.INT8]
    late = [name for name in in_8_bit if name.endswith("ff.conv_inverted")]
    assert late == [f"transformer_blocks.{number}.ff.conv_inverted" for number in range(21, 28)]
    assert {name.partition(".")[2].partition(".")[2] for name in set(in_8_bit) - set(late)} == {
        "attn1.to_out.0",
        "attn2.to_out.0",
        "ff.conv_point",
    }
    assert set(layers.values()) == {Precision.INT8, Precision.NF4}
    assert 0.36 < _weights(network, in_8_bit) / _weights(network, list(layers)) < 0.38
    assert set(transformer_layers(network, Precision.W8A8).values()) == {Precision.W8A8}


def test_patterns_of_the_caller_take_the_place_of_the_tables():
    assert transformer_layers(_network(), Precision.NF4, kept=("*",)) == {}


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q_proj = nn.Linear(64, 64)


class _Text(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.ModuleDict({"self_attn": _Attention(), "mlp": nn.Linear(64, 128)})])


def test_a_small_text_encoder_is_stored_in_8_bit_and_of_a_large_one_its_attention(monkeypatch):
    network = _Text()
    assert text_encoder_layers(network, Precision.NF4) == {
        "layers.0.self_attn.q_proj": Precision.INT8,
        "layers.0.mlp": Precision.INT8,
    }
    monkeypatch.setattr(rules, "SMALL_TEXT_ENCODER", 64 * 192)
    assert text_encoder_layers(network, Precision.NF4) == {
        "layers.0.self_attn.q_proj": Precision.INT8,
        "layers.0.mlp": Precision.NF4,
    }


def test_a_layer_whose_width_does_not_fit_is_left_out():
    network = nn.Sequential(nn.Linear(64, 8), nn.Linear(72, 8), nn.Conv2d(64, 64, 1))
    assert set(chosen_layers(network, ())) == {"0"}
    assert set(chosen_layers(network, ("0",))) == set()
