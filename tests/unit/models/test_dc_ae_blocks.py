import pytest
import torch
from torch import nn
from torch.nn import functional

from sana_models.dc_ae_blocks import (
    ChannelRMSNorm,
    Downsample,
    EfficientViTBlock,
    MultiscaleLinearAttention,
    ResBlock,
    Upsample,
    average_channels,
    repeat_channels,
)
from support.tiny_models import largest_error, noise, randomise


@torch.inference_mode()
def _compare(ours: nn.Module, oracle: nn.Module, x_BDhw: torch.Tensor) -> float:
    randomise(ours)
    oracle.load_state_dict(ours.state_dict(), strict=True)
    return largest_error(ours(x_BDhw), oracle.eval()(x_BDhw))


@pytest.mark.parametrize("act", ["relu", "silu"])
def test_residual_block_equals_the_oracle(act: str):
    from diffusers.models.autoencoders import autoencoder_dc

    assert _compare(ResBlock(6, act), autoencoder_dc.ResBlock(6, 6, "rms_norm", act), noise(2, 6, 5, 7)) <= 1e-5


# 7 x 9 and 1 x 33 take the linear order, 4 x 8 and 1 x 1 the full score matrix.
@pytest.mark.parametrize(("height", "width"), [(7, 9), (1, 33), (4, 8), (1, 1)])
@pytest.mark.parametrize("kernel_sizes", [(), (5,), (3, 5)])
def test_efficientvit_block_equals_the_oracle(kernel_sizes: tuple[int, ...], height: int, width: int):
    from diffusers.models.autoencoders import autoencoder_dc

    ours = EfficientViTBlock(64, 32, kernel_sizes)
    oracle = autoencoder_dc.EfficientViTBlock(
        64, attention_head_dim=32, qkv_multiscales=kernel_sizes, norm_type="rms_norm"
    )
    assert _compare(ours, oracle, noise(2, 64, height, width)) <= 1e-4


@torch.inference_mode()
def test_a_residual_block_asks_before_each_convolution_and_stops_where_told():
    block, x = randomise(ResBlock(6, "silu")), noise(1, 6, 5, 7)
    expected = block(x)
    asked: list[int] = []
    assert torch.equal(block(x, lambda: asked.append(1)), expected)
    assert len(asked) == 2


@torch.inference_mode()
@pytest.mark.parametrize(("rows", "columns"), [((0, 6), (0, 10)), ((1, 4), (3, 8)), ((5, 6), (0, 1)), ((2, 4), (4, 8))])
def test_the_shortcut_of_upsampling_is_right_for_any_part(rows: tuple[int, int], columns: tuple[int, int]):
    block, x = randomise(Upsample(12, 6, shuffle=False, shortcut=True)), noise(2, 12, 3, 5)
    whole = functional.pixel_shuffle(repeat_channels(x, 2), 2).movedim(1, -1)
    place = (slice(None), slice(*rows), slice(*columns))
    assert torch.equal(block.shortcut(x)(torch.zeros_like(whole[place]), place), whole[place])


@pytest.mark.parametrize("shortcut", [True, False])
@pytest.mark.parametrize("unshuffle", [True, False])
def test_downsample_equals_the_oracle(unshuffle: bool, shortcut: bool):
    from diffusers.models.autoencoders import autoencoder_dc

    ours = Downsample(6, 12, unshuffle=unshuffle, shortcut=shortcut)
    oracle = autoencoder_dc.DCDownBlock2d(6, 12, downsample=unshuffle, shortcut=shortcut)
    assert _compare(ours, oracle, noise(2, 6, 8, 10)) <= 1e-5


@pytest.mark.parametrize("shortcut", [True, False])
@pytest.mark.parametrize("shuffle", [True, False])
def test_upsample_equals_the_oracle(shuffle: bool, shortcut: bool):
    from diffusers.models.autoencoders import autoencoder_dc

    ours = Upsample(12, 6, shuffle=shuffle, shortcut=shortcut)
    oracle = autoencoder_dc.DCUpBlock2d(12, 6, interpolate=not shuffle, shortcut=shortcut)
    assert _compare(ours, oracle, noise(2, 12, 3, 5)) <= 1e-5


def test_channel_norm_follows_its_formula():
    norm = randomise(ChannelRMSNorm(5))
    x = noise(2, 5, 3, 4)
    rms = (x.double().square().mean(dim=1, keepdim=True) + 1e-5).sqrt()
    expected = x.double() / rms * norm.weight.double()[:, None, None] + norm.bias.double()[:, None, None]
    assert largest_error(norm(x), expected.float()) <= 1e-6


@torch.inference_mode()
def test_the_two_orders_of_attention_agree_where_one_hands_over_to_the_other(monkeypatch: pytest.MonkeyPatch):
    attention = randomise(MultiscaleLinearAttention(64, 32, (5,)))
    x = noise(1, 64, 4, 8)
    scores_first = attention(x)
    monkeypatch.setattr("sana_models.dc_ae_blocks._relu_quadratic_attention", _fail)
    wide = functional.pad(x, (0, 1))
    assert attention(wide).shape == wide.shape, "33 positions and more never build the score matrix"
    with pytest.raises(AssertionError, match="full score matrix"):
        attention(x)
    monkeypatch.setattr("sana_models.dc_ae_blocks._relu_quadratic_attention", _linear)
    assert largest_error(attention(x), scores_first) <= 1e-5


def _fail(*_: object, **__: object) -> torch.Tensor:
    raise AssertionError("full score matrix")


def _linear(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, *, eps: float) -> torch.Tensor:
    from sana_kernels import relu_linear_attention

    return relu_linear_attention(q, k, v, eps=eps)


@torch.inference_mode()
@pytest.mark.parametrize(("height", "width"), [(4, 8), (40, 40)])
def test_attention_keeps_its_sums_in_fp32_when_weights_are_bf16(height: int, width: int):
    attention = randomise(MultiscaleLinearAttention(32, 32, ()))
    x = noise(1, 32, height, width) + 2
    truth = attention(x)
    found = attention.bfloat16()(x.bfloat16())
    assert found.dtype is torch.bfloat16
    assert torch.isfinite(found).all()
    # Rounding of inputs, weights and results alone: sums in bf16 over 1600 positions are ten times worse.
    assert (found.float() - truth).abs().mean() <= 0.02 * truth.abs().mean()


def test_channels_are_averaged_and_repeated_in_neighbouring_groups():
    x = torch.tensor([1.0, 3.0, 10.0, 20.0]).view(1, 4, 1, 1)
    assert average_channels(x, 2).flatten().tolist() == [2.0, 15.0]
    assert repeat_channels(x, 2).flatten().tolist() == [1.0, 1.0, 3.0, 3.0, 10.0, 10.0, 20.0, 20.0]
