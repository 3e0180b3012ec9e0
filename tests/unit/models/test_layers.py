import math

import pytest
import torch
from torch import nn

from sana_models.layers import (
    RMSNorm,
    TimeEmbedding,
    TimeGuidanceEmbedding,
    TwoLayerMLP,
    sincos_positions,
    sinusoid,
)
from support.tiny_models import largest_error, noise, randomise


@pytest.mark.parametrize("width", [1, 7, 64])
def test_rms_norm_follows_its_formula(width: int):
    norm = randomise(RMSNorm(width, 1e-5))
    x = noise(3, 5, width)
    expected = x.double() / (x.double().square().mean(dim=-1, keepdim=True) + 1e-5).sqrt() * norm.weight.double()
    assert largest_error(norm(x), expected.float()) <= 1e-6


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_rms_norm_in_half_precision_takes_the_mean_square_in_fp32(dtype: torch.dtype):
    norm = RMSNorm(4096, 1e-5)
    x = torch.full((1, 4096), 300.0)
    assert largest_error(norm.to(dtype)(x.to(dtype)), torch.ones(1, 4096, dtype=dtype)) <= 0.01, (
        "300^2 is no fp16 number"
    )


def test_two_layer_mlp_puts_its_activation_between():
    mlp = randomise(TwoLayerMLP(3, 4, nn.ReLU()))
    x = noise(2, 3)
    hidden = (x @ mlp.linear_1.weight.T + mlp.linear_1.bias).clamp(min=0)
    assert largest_error(mlp(x), hidden @ mlp.linear_2.weight.T + mlp.linear_2.bias) <= 1e-6


def test_sinusoid_holds_cosines_then_sines_of_falling_frequency():
    found = sinusoid(torch.tensor([0.0, 3.0]))
    assert found.shape == (2, 256)
    assert found.dtype is torch.float32
    assert torch.equal(found[0], torch.cat([torch.ones(128), torch.zeros(128)]))
    for index in (0, 1, 64, 127):
        angle = 3.0 * 10000.0 ** (-index / 128)
        assert found[1, index].item() == pytest.approx(math.cos(angle), abs=1e-5)
        assert found[1, 128 + index].item() == pytest.approx(math.sin(angle), abs=1e-5)


@pytest.mark.parametrize("times", [[0.0, 1.0, 0.123456], [999.0, 500.0, 13.0]])
def test_sinusoid_equals_the_oracle(times: list[float]):
    from diffusers.models.embeddings import Timesteps

    oracle = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
    assert largest_error(sinusoid(torch.tensor(times)), oracle(torch.tensor(times))) <= 1e-6


@torch.inference_mode()
def test_time_embedding_equals_the_oracle():
    from diffusers.models.normalization import AdaLayerNormSingle

    ours = randomise(TimeEmbedding(8))
    oracle = AdaLayerNormSingle(8)
    oracle.load_state_dict(ours.state_dict(), strict=True)
    time_B = torch.tensor([0.0, 250.0, 999.0])
    modulation, embedding = oracle(time_B, batch_size=3, hidden_dtype=torch.float32)
    found_embedding, found_modulation = ours(time_B, None, torch.float32)
    assert largest_error(found_embedding, embedding) <= 1e-5
    assert largest_error(found_modulation, modulation) <= 1e-5


@torch.inference_mode()
def test_time_and_guidance_embedding_equals_the_oracle():
    from diffusers.models.transformers.sana_transformer import SanaCombinedTimestepGuidanceEmbeddings

    ours = randomise(TimeGuidanceEmbedding(8))
    oracle = SanaCombinedTimestepGuidanceEmbeddings(8)
    oracle.load_state_dict(ours.state_dict(), strict=True)
    time_B, guidance_B = torch.tensor([0.9, 0.1]), torch.tensor([0.45, 0.2])
    modulation, embedding = oracle(time_B, guidance=guidance_B, hidden_dtype=torch.float32)
    found_embedding, found_modulation = ours(time_B, guidance_B, torch.float32)
    assert largest_error(found_embedding, embedding) <= 1e-5
    assert largest_error(found_modulation, modulation) <= 1e-5


def test_a_sprint_embedding_without_guidance_is_refused():
    with pytest.raises(ValueError, match="expected guidance_B, found None"):
        TimeGuidanceEmbedding(8)(torch.zeros(1), None, torch.float32)


@pytest.mark.parametrize("interpolation", [1.0, 2.0])
@pytest.mark.parametrize(("height", "width"), [(4, 4), (3, 7), (1, 1), (9, 2)])
def test_positions_equal_the_oracle(height: int, width: int, interpolation: float):
    from diffusers.models.embeddings import get_2d_sincos_pos_embed

    oracle = get_2d_sincos_pos_embed(16, (height, width), base_size=4, interpolation_scale=interpolation)
    found = sincos_positions(height, width, 16, 4, interpolation)
    assert largest_error(found, oracle.float()) <= 1e-6


def test_positions_put_columns_in_the_first_half_of_the_channels():
    found = sincos_positions(2, 3, 8, 6, 1.0).view(2, 3, 8)
    assert torch.equal(found[0, :, :4], found[1, :, :4]), "the first half does not know the row"
    assert torch.equal(found[:, 0, 4:], found[:, 2, 4:]), "the second half does not know the column"
    # Three columns stretched over a base of six: the middle one stands at 2.
    assert found[0, 1, 0].item() == pytest.approx(math.sin(2.0))
