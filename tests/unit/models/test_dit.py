from dataclasses import replace
from typing import Any

import pytest
import torch

from sana_desktop.errors import JobCancelledError
from sana_models.configs import (
    SANA_0_6B,
    SANA_1_5_1_6B,
    SANA_1_5_4_8B,
    SANA_1_6B,
    SANA_1_6B_2K,
    SANA_1_6B_4K,
    SPRINT_0_6B,
    SPRINT_1_6B,
    DiTConfig,
)
from sana_models.dit import SanaTransformer
from support.tiny_models import (
    TINY_DIT,
    TINY_DIT_VARIANTS,
    cancel_at_call,
    diffusers_dit,
    diffusers_dit_settings,
    in_file_layout,
    largest_error,
    noise,
    random_dit,
)

TOLERANCE = 1e-4
SIZES = [(4, 4), (3, 7), (8, 2), (1, 1)]
MASKS = {
    "every-token": [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
    "padded-alike": [[1, 1, 1, 0, 0], [1, 1, 1, 0, 0]],
    "ragged": [[1, 1, 0, 0, 0], [1, 1, 1, 1, 0]],
    "with-holes": [[0, 1, 0, 1, 0], [1, 0, 0, 1, 1]],
    "one-token": [[1, 0, 0, 0, 0], [1, 1, 1, 1, 1]],
}


@torch.inference_mode()
def _error(ours: SanaTransformer, oracle: Any, height: int, width: int, mask: torch.Tensor) -> float:
    config = ours.config
    latents = noise(2, config.in_channels, height, width)
    text = noise(2, mask.shape[1], config.caption_channels) * 3
    time = torch.tensor([0.97, 0.31]) if config.guidance_embeds else torch.tensor([999.0, 317.0])
    guidance = torch.tensor([0.45, 0.1]) if config.guidance_embeds else None
    expected = oracle(latents, text, time, guidance=guidance, encoder_attention_mask=mask, return_dict=False)[0]
    found = ours(latents, time, ours.prepare_text(text, mask), guidance)
    assert expected.abs().mean() > 0.1, "the oracle says next to nothing, so agreeing with it proves nothing"
    return largest_error(found, expected)


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("variant", TINY_DIT_VARIANTS)
def test_every_variant_equals_diffusers_at_every_aspect(variant: str, height: int, width: int):
    ours = random_dit(TINY_DIT_VARIANTS[variant])
    mask = torch.tensor(MASKS["ragged"])
    assert _error(ours, diffusers_dit(ours), height, width, mask) <= TOLERANCE


@pytest.mark.parametrize("variant", ["plain", "qk-norm"])
@pytest.mark.parametrize("mask", MASKS)
def test_every_kind_of_text_mask_equals_diffusers(mask: str, variant: str):
    ours = random_dit(TINY_DIT_VARIANTS[variant])
    assert _error(ours, diffusers_dit(ours), 3, 5, torch.tensor(MASKS[mask])) <= TOLERANCE


def test_one_block_of_the_true_width_equals_diffusers():
    ours = random_dit(replace(SANA_0_6B, layers=1))
    assert _error(ours, diffusers_dit(ours), 4, 6, torch.tensor(MASKS["ragged"])) <= TOLERANCE


@torch.inference_mode()
def test_padding_is_dropped_and_a_mask_kept_only_for_rows_of_unequal_length():
    network = random_dit()
    text = noise(2, 5, TINY_DIT.caption_channels)
    alike = network.prepare_text(text, torch.tensor(MASKS["padded-alike"]))
    assert alike.mask_B11L is None
    assert alike.blocks[0].key_BHLC.shape[2] == 3
    ragged = network.prepare_text(text, torch.tensor(MASKS["ragged"]))
    assert ragged.mask_B11L is not None
    assert ragged.mask_B11L.shape == (2, 1, 1, 4)


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (SANA_0_6B, 591_747_872),
        (SANA_1_6B, 1_604_462_752),
        (SANA_1_6B_2K, 1_604_462_752),
        (SANA_1_6B_4K, 1_604_462_752),
        (SANA_1_5_1_6B, 1_604_641_952),
        (SANA_1_5_4_8B, 4_721_825_952),
        (SPRINT_0_6B, 593_501_216),
        (SPRINT_1_6B, 1_610_237_472),
        *((config, None) for config in TINY_DIT_VARIANTS.values()),
    ],
    ids=["0.6B", "1.6B", "2K", "4K", "1.5-1.6B", "1.5-4.8B", "sprint-0.6B", "sprint-1.6B", *TINY_DIT_VARIANTS],
)
def test_names_and_shapes_are_those_of_diffusers(config: DiTConfig, parameters: int | None):
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    with torch.device("meta"):
        ours = SanaTransformer(config)
        oracle = SanaTransformer2DModel(**diffusers_dit_settings(config))
    found = {name: tuple(tensor.shape) for name, tensor in in_file_layout(ours).items()}
    assert found == {name: tuple(tensor.shape) for name, tensor in oracle.state_dict().items()}
    if parameters is not None:
        assert sum(parameter.numel() for parameter in ours.parameters()) == parameters


@torch.inference_mode()
def test_a_callback_runs_before_every_block_and_stops_the_pass_where_it_raises():
    network = random_dit(replace(TINY_DIT, layers=3))
    latents, time = noise(1, 32, 2, 2), torch.tensor([500.0])
    text = network.prepare_text(noise(1, 3, TINY_DIT.caption_channels), torch.ones(1, 3))
    ran: list[int] = []
    asked: list[int] = []
    for block in network.transformer_blocks:
        block.register_forward_hook(lambda *_: ran.append(1))
    plain = network(latents, time, text)
    ran.clear()
    assert torch.equal(network(latents, time, text, on_block=lambda: asked.append(len(ran))), plain)
    assert asked == [0, 1, 2]
    for block in range(3):
        ran.clear()
        with pytest.raises(JobCancelledError):
            network(latents, time, text, on_block=cancel_at_call(block))
        assert len(ran) == block


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("variant", TINY_DIT_VARIANTS)
def test_half_precision_stays_as_close_to_the_truth_as_diffusers(variant: str, dtype: torch.dtype):
    ours = random_dit(TINY_DIT_VARIANTS[variant])
    oracle = diffusers_dit(ours)
    latents, text, mask = noise(2, 32, 5, 3), noise(2, 4, TINY_DIT.caption_channels), torch.ones(2, 4)
    time = torch.tensor([0.9, 0.2])
    guidance = torch.tensor([0.45, 0.45]) if ours.config.guidance_embeds else None

    def ask_oracle(kind: torch.dtype) -> torch.Tensor:
        scale = None if guidance is None else guidance.to(kind)
        answer = oracle.to(kind)(latents.to(kind), text.to(kind), time, guidance=scale, encoder_attention_mask=mask)
        return answer.sample

    truth = ask_oracle(torch.float32)
    expected = ask_oracle(dtype)
    ours.to(dtype)
    found = ours(latents.to(dtype), time, ours.prepare_text(text.to(dtype), mask), guidance)
    assert found.dtype is dtype
    assert (found.float() - truth).abs().mean() <= 1.5 * (expected.float() - truth).abs().mean()


@torch.inference_mode()
def test_a_picture_is_the_same_alone_and_beside_others():
    network = random_dit(TINY_DIT_VARIANTS["qk-norm"])
    latents, text = noise(3, 32, 4, 4), noise(3, 5, TINY_DIT.caption_channels)
    mask = torch.tensor([[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]])
    time = torch.tensor([700.0, 700.0, 700.0])
    together = network(latents, time, network.prepare_text(text, mask))
    for row in range(3):
        one = slice(row, row + 1)
        alone = network(latents[one], time[one], network.prepare_text(text[one], mask[one]))
        assert largest_error(alone, together[one]) <= 1e-5


def test_cross_attention_must_be_as_wide_as_the_network():
    with pytest.raises(ValueError, match="expected 32, found 3 heads x 16 channels"):
        replace(TINY_DIT, cross_heads=3)
