"""Guidance, text and time as the network gets them: against single passes, and whole trajectories of diffusers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import torch
from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel
from diffusers.pipelines.sana.pipeline_sana import SanaPipeline
from diffusers.pipelines.sana.pipeline_sana_sprint import SanaSprintPipeline
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.latents import initial_noise, step_noise
from sana_desktop.engine.row_threads import RowThreads
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas, sprint_times
from sana_desktop.engine.sampling.sprint import sample_sprint
from sana_desktop.engine.text_features import TextFeatures
from sana_models.configs import DiTConfig
from sana_models.dit import SanaTransformer, TextContext
from sana_models.dit_blocks import TextKeysValues
from support.diffusers_schedulers import ORACLE_WARNING, flow_dpm, scm
from support.fake_recorder import FakeRecorder
from support.toy_denoisers import Predictions

CPU = torch.device("cpu")
SIZE = Size(96, 160)
TINY = DiTConfig(
    layers=2, heads=2, head_channels=8, cross_heads=2, cross_head_channels=8, caption_channels=12, sample_size=32
)
STRETCHED = replace(TINY, interpolation_scale=1.0)
SPRINT = replace(TINY, qk_norm=True, guidance_embeds=True)
POINTWISE = ("patch_embed.proj.weight", "conv_inverted.weight", "conv_point.weight")


def _network(config: DiTConfig = TINY, seed: int = 0) -> SanaTransformer:
    torch.manual_seed(seed)
    return SanaTransformer(config).eval()


def _oracle(network: SanaTransformer) -> SanaTransformer2DModel:
    config = network.config
    oracle = SanaTransformer2DModel(
        in_channels=config.in_channels,
        out_channels=config.out_channels,
        num_attention_heads=config.heads,
        attention_head_dim=config.head_channels,
        num_layers=config.layers,
        num_cross_attention_heads=config.cross_heads,
        cross_attention_head_dim=config.cross_head_channels,
        cross_attention_dim=config.width,
        caption_channels=config.caption_channels,
        mlp_ratio=config.mlp_ratio,
        sample_size=config.sample_size,
        qk_norm="rms_norm_across_heads" if config.qk_norm else None,
        guidance_embeds=config.guidance_embeds,
        timestep_scale=config.timestep_scale,
    )
    weights = network.state_dict()
    weights = {k: v[..., None, None] if k.endswith(POINTWISE) else v for k, v in weights.items()}
    oracle.load_state_dict(weights)
    return oracle.eval()


def _pipeline(kind: Any, network: SanaTransformer, scheduler: Any) -> Any:
    """A pipeline that starts from text features and ends with latents: no tokenizer, encoder or autoencoder."""
    pipeline = kind(tokenizer=None, text_encoder=None, vae=None, transformer=_oracle(network), scheduler=scheduler)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _text(length: int, seed: int, padding: int = 0) -> TextFeatures:
    """`length` readable tokens, then `padding` more of garbage."""
    states = torch.randn(1, length, 12, generator=torch.Generator().manual_seed(seed))
    garbage = torch.full((1, padding, 12), torch.nan)
    mask = torch.arange(length + padding)[None] < length
    return TextFeatures(torch.cat([states, garbage], dim=1), mask)


def _bind(network, cond, uncond, guidance, **options):
    return denoiser(network, cond, uncond, guidance, dtype=torch.float32, device=CPU, **options)


def _single(network, text, latents, time, embedded=None):
    """One plain pass with one text, without padding."""
    length = int(text.mask_1L.sum())
    context = network.prepare_text(text.states_1LE[:, :length], text.mask_1L[:, :length])
    with torch.no_grad():
        return network(latents, torch.tensor([time]), context, None if embedded is None else torch.tensor([embedded]))


@pytest.mark.parametrize(("cond_length", "uncond_length"), [(7, 3), (3, 7), (5, 5), (1, 300)])
def test_guidance_weighs_the_answers_of_two_single_passes(cond_length, uncond_length):
    network, latents = _network(), initial_noise(0, SIZE)
    cond, uncond = _text(cond_length, 1), _text(uncond_length, 2)

    velocity = _bind(network, cond, uncond, 4.5)(latents, 0.8178)

    with_prompt, without = (_single(network, text, latents, 817.0) for text in (cond, uncond))
    torch.testing.assert_close(velocity, without + 4.5 * (with_prompt - without), rtol=0, atol=1e-5)


@pytest.mark.parametrize("guidance", [0.0, 0.5, 1.0])
def test_guidance_up_to_one_asks_for_the_condition_alone(guidance):
    network, latents, cond = _network(), initial_noise(0, SIZE), _text(4, 1)
    batches = []
    network.register_forward_pre_hook(lambda module, inputs: batches.append(inputs[0].shape[0]))
    velocity = _bind(network, cond, _text(2, 2), guidance)(latents, 0.5)
    assert batches == [1]
    torch.testing.assert_close(velocity, _single(network, cond, latents, 500.0))
    assert torch.equal(_bind(network, cond, None, guidance)(latents, 0.5), velocity)


def test_guidance_above_one_is_a_single_pass_over_both_texts():
    network = _network()
    batches = []
    network.register_forward_pre_hook(lambda module, inputs: batches.append(inputs[0].shape[0]))
    _bind(network, _text(4, 1), _text(2, 2), 1.01)(initial_noise(0, SIZE), 0.5)
    assert batches == [2]


def test_guidance_without_a_negative_text_is_refused():
    with pytest.raises(ValueError, match=r"guidance 4\.5 needs a negative text"):
        _bind(_network(), _text(4, 1), None, 4.5)


def test_a_text_without_readable_tokens_is_refused():
    with pytest.raises(ValueError, match="at least one readable token"):
        _bind(_network(), _text(4, 1), _text(0, 2, padding=3), 4.5)


@settings(max_examples=20)
@given(cond_padding=st.integers(0, 9), uncond_padding=st.integers(0, 9))
def test_padding_does_not_change_a_bit(cond_padding, uncond_padding):
    network, latents = _network(), initial_noise(0, SIZE)
    plain = _bind(network, _text(6, 1), _text(2, 2), 4.5)(latents, 0.7)
    padded = _bind(network, _text(6, 1, cond_padding), _text(2, 2, uncond_padding), 4.5)(latents, 0.7)
    assert torch.equal(plain, padded)


def test_unreadable_positions_are_dropped_wherever_they_stand():
    network, latents, text = _network(), initial_noise(0, SIZE), _text(6, 1)
    states = torch.full((1, 8, 12), torch.nan)
    kept = torch.tensor([1, 2, 3, 5, 6, 7])
    states[:, kept] = text.states_1LE
    mask = torch.zeros(1, 8, dtype=torch.long).index_fill(1, kept, 1)
    scattered = _bind(network, TextFeatures(states, mask), _text(2, 2), 4.5)(latents, 0.7)
    assert torch.equal(scattered, _bind(network, text, _text(2, 2), 4.5)(latents, 0.7))


@pytest.mark.parametrize("config", [TINY, SPRINT], ids=["flow", "sprint"])
@pytest.mark.parametrize("guidance", [1.0, 4.5])
def test_pictures_of_a_batch_equal_pictures_drawn_alone(config, guidance):
    bound = _bind(_network(config), _text(7, 1), _text(3, 2), guidance)
    latents = torch.cat([initial_noise(seed, SIZE) for seed in (3, 1, 4)])
    together = bound(latents, 0.6)
    alone = [bound(one, 0.6) for one in latents.split(1)]
    # Matrix products of another height round differently; guidance multiplies that like everything else.
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-6 * guidance)


def test_every_picture_of_a_batch_may_have_its_own_texts():
    network = _network()
    latents = [initial_noise(seed, SIZE) for seed in range(3)]
    conds = [_text(7, 1), _text(2, 2), _text(4, 3)]
    nothing = _text(1, 4)
    unconds = [nothing, _text(5, 5), nothing]

    together = _bind(network, conds, unconds, 4.5)(torch.cat(latents), 0.8178)

    alone = [
        _bind(network, cond, uncond, 4.5)(one, 0.8178)
        for one, cond, uncond in zip(latents, conds, unconds, strict=True)
    ]
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-5)


@pytest.mark.parametrize("guidance", [1.0, 4.5])
def test_rows_on_threads_give_what_one_pass_gives(guidance):
    network = _network()
    latents = torch.cat([initial_noise(seed, SIZE) for seed in range(3)])
    conds, unconds = [_text(7, 1), _text(2, 2), _text(4, 3)], [_text(1, 4)] * 3
    plain = _bind(network, conds, unconds, guidance)(latents, 0.8178)
    with ThreadPoolExecutor(2) as pool:
        spread = _bind(network, conds, unconds, guidance, threads=RowThreads(pool, 2))(latents, 0.8178)
    torch.testing.assert_close(spread, plain, rtol=0, atol=1e-5)


def test_text_is_prepared_once_for_all_steps(monkeypatch):
    network = _network()
    prepared = []
    prepare = network.prepare_text

    def counting(*arguments):
        prepared.append(arguments)
        return prepare(*arguments)

    monkeypatch.setattr(network, "prepare_text", counting)
    sample_flow_dpm(
        _bind(network, _text(7, 1), _text(3, 2), 4.5), initial_noise(0, SIZE), flow_sigmas(5, 3.0), Predictions()
    )
    assert len(prepared) == 1


@pytest.mark.parametrize(("scale", "told"), [(1.0, 982.0), (0.001, 0.982)])
def test_the_network_is_told_whole_thousandths_times_its_scale(scale, told):
    network = _network(replace(TINY, timestep_scale=scale))
    times = []
    network.register_forward_pre_hook(lambda module, inputs: times.append(inputs[1]))
    _bind(network, _text(4, 1), _text(2, 2), 4.5)(initial_noise(0, SIZE), flow_sigmas(20, 3.0)[1])
    assert times[0].dtype == torch.float32
    assert times[0].tolist() == pytest.approx([told], rel=1e-6)


def test_sprint_is_told_uncut_time_and_embedded_guidance_and_never_batches():
    network, latents, cond = _network(SPRINT), initial_noise(0, SIZE), _text(4, 1)
    batches = []
    network.register_forward_pre_hook(lambda module, inputs: batches.append(inputs[0].shape[0]))
    output = _bind(network, cond, _text(2, 2), 4.5)(latents, 0.78271)
    assert batches == [1]
    torch.testing.assert_close(output, _single(network, cond, latents, 0.78271, 0.45))


def test_blocks_are_announced_and_may_end_the_pass():
    announced = []
    _bind(_network(), _text(4, 1), _text(2, 2), 4.5, on_block=lambda: announced.append(1))(initial_noise(0, SIZE), 0.5)
    assert len(announced) == TINY.layers

    def stop():
        raise InterruptedError

    stopping = _bind(_network(), _text(4, 1), _text(2, 2), 4.5, on_block=stop)
    with pytest.raises(InterruptedError):
        stopping(initial_noise(0, SIZE), 0.5)


def test_a_network_in_16_bit_answers_in_fp32_and_near_the_truth():
    network, latents = _network(), initial_noise(0, SIZE)
    cond, uncond = _text(6, 1), _text(2, 2)
    exact = _bind(network, cond, uncond, 4.5)(latents, 0.7)
    rough = denoiser(network.bfloat16(), cond, uncond, 4.5, dtype=torch.bfloat16, device=CPU)(latents, 0.7)
    assert rough.dtype == torch.float32
    assert 0 < (rough - exact).abs().max() < 0.2 * exact.abs().max()


def test_no_gradient_is_recorded():
    velocity = _bind(_network(), _text(6, 1), _text(2, 2), 4.5)(initial_noise(0, SIZE), 0.7)
    assert not velocity.requires_grad


@pytest.mark.filterwarnings(ORACLE_WARNING)
@pytest.mark.parametrize("timestep_scale", [1.0, 0.001])
@pytest.mark.parametrize(("steps", "guidance"), [(1, 4.5), (5, 1.0), (14, 4.5)])
def test_final_latents_equal_those_of_the_sana_pipeline(steps, guidance, timestep_scale):
    network = _network(replace(TINY, timestep_scale=timestep_scale))
    cond, uncond = _text(7, 1, padding=3), _text(4, 2, padding=6)
    final = sample_flow_dpm(
        _bind(network, cond, uncond, guidance), initial_noise(5, SIZE), flow_sigmas(steps, 3.0), Predictions()
    )

    pipeline = _pipeline(SanaPipeline, network, flow_dpm(steps, 3.0))
    expected = pipeline(
        prompt=None,
        negative_prompt=None,
        prompt_embeds=cond.states_1LE.nan_to_num(3.0),
        prompt_attention_mask=cond.mask_1L,
        negative_prompt_embeds=uncond.states_1LE.nan_to_num(3.0),
        negative_prompt_attention_mask=uncond.mask_1L,
        width=SIZE.width,
        height=SIZE.height,
        use_resolution_binning=False,
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=torch.Generator("cpu").manual_seed(5),
        output_type="latent",
    )
    torch.testing.assert_close(final, expected.images, rtol=0, atol=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_final_latents_equal_those_of_the_sprint_pipeline(steps):
    network, cond = _network(SPRINT), _text(7, 1, padding=3)
    final = sample_sprint(
        _bind(network, cond, None, 4.5),
        initial_noise(5, SIZE),
        sprint_times(steps),
        step_noise([5], SIZE),
        Predictions(),
    )

    pipeline = _pipeline(SanaSprintPipeline, network, scm(steps))
    expected = pipeline(
        prompt=None,
        prompt_embeds=cond.states_1LE.nan_to_num(3.0),
        prompt_attention_mask=cond.mask_1L,
        width=SIZE.width,
        height=SIZE.height,
        use_resolution_binning=False,
        num_inference_steps=steps,
        intermediate_timesteps=1.3 if steps == 2 else None,
        guidance_scale=4.5,
        generator=torch.Generator("cpu").manual_seed(5),
        output_type="latent",
    )
    torch.testing.assert_close(final, expected.images, rtol=0, atol=1e-5)


def test_outside_the_interval_only_the_condition_is_asked() -> None:
    network, latents = _network(), initial_noise(1, SIZE, 32)
    cond, uncond = _text(5, 1), _text(3, 2)
    bound = _bind(network, cond, uncond, 4.5, interval=GuidanceInterval(0.3, 0.8))
    guided, plain = _bind(network, cond, uncond, 4.5), _bind(network, cond, None, 1.0)
    for level in (0.9, 0.3, 0.1):
        assert torch.equal(bound(latents, level), plain(latents, level))
    for level in (0.8, 0.5):
        assert torch.equal(bound(latents, level), guided(latents, level))


def test_the_whole_interval_changes_no_bit() -> None:
    network, latents = _network(), initial_noise(1, SIZE, 32)
    cond, uncond = _text(5, 1), _text(3, 2)
    bound = _bind(network, cond, uncond, 4.5, interval=GuidanceInterval(0.0, 1.0))
    guided = _bind(network, cond, uncond, 4.5)
    for level in (1.0, 0.5, 1e-3):
        assert torch.equal(bound(latents, level), guided(latents, level))


def test_on_threads_every_picture_keeps_its_own_text_outside_the_interval() -> None:
    network = _network()
    texts, latents = (
        [_text(3 + row, row) for row in range(4)],
        torch.cat([initial_noise(row, SIZE, 32) for row in range(4)]),
    )
    interval = GuidanceInterval(0.3, 0.8)
    alone = _bind(network, texts, [_text(3, 9)] * 4, 4.5, interval=interval)
    with ThreadPoolExecutor(2) as pool:
        shared = _bind(network, texts, [_text(3, 9)] * 4, 4.5, interval=interval, threads=RowThreads(pool, 2))
        for level in (0.9, 0.5):
            assert torch.allclose(shared(latents, level), alone(latents, level), atol=1e-5)


@pytest.mark.parametrize("config", [TINY, SPRINT, STRETCHED], ids=["flow", "sprint", "positions"])
@pytest.mark.parametrize("lengths", [(5, 3), (4, 4)], ids=["masked", "unmasked"])
@pytest.mark.parametrize("batch", [1, 2])
def test_steps_that_are_recorded_and_replayed_give_the_same_bits(config, lengths, batch):
    network, recorder = _network(config), FakeRecorder()
    graphs = StepGraphs(recorder)
    for seed in (0, 10):
        texts = _text(lengths[0], seed + 1), _text(lengths[1], seed + 2)
        guidance = 4.5 + seed
        plain, replayed = _bind(network, *texts, guidance), _bind(network, *texts, guidance, graphs=graphs)
        for level in (1.0, 0.7, 0.2):
            latents = torch.cat([initial_noise(seed + row, SIZE) for row in range(batch)])
            assert torch.equal(replayed(latents, level), plain(latents, level))
    # The second prompt and scale need no recording of their own.
    assert recorder.told == ["rehearse", "record", "replay", *["replay"] * 5]


def test_outside_the_interval_another_recording_is_replayed():
    network, latents, recorder = _network(), initial_noise(1, SIZE), FakeRecorder()
    texts, interval = (_text(5, 1), _text(3, 2)), GuidanceInterval(0.3, 0.8)
    plain = _bind(network, *texts, 4.5, interval=interval)
    replayed = _bind(network, *texts, 4.5, interval=interval, graphs=StepGraphs(recorder))
    for level in (0.9, 0.6, 0.9, 0.6):
        assert torch.equal(replayed(latents, level), plain(latents, level))
    assert recorder.told.count("record") == 2


class _Strays(TorchDispatchMode):
    """Operations that touch a tensor which is not on the device of the network."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self._device = device
        self.found: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        touched = [one for one in tree_leaves((args, kwargs, result)) if isinstance(one, torch.Tensor)]
        if any(one.device != self._device for one in touched):
            self.found.append(str(func))
        return result


@pytest.mark.parametrize("config", [TINY, SPRINT, STRETCHED], ids=["flow", "sprint", "positions"])
def test_a_step_neither_copies_to_its_device_nor_reads_back_from_there(config, monkeypatch):
    # The meta device stands for a GPU: reading a number back from it is an error.
    device = torch.device("meta")
    network = _network(config)
    context = network.prepare_text(torch.randn(2, 5, 12), torch.arange(5)[None] < torch.tensor([[5], [3]]))
    blocks = tuple(TextKeysValues(*(part.to(device) for part in block)) for block in context.blocks)
    network = network.to(device)
    there = TextContext(blocks, None if context.mask_B11L is None else context.mask_B11L.to(device))
    monkeypatch.setattr(network, "prepare_text", lambda *_: there)
    denoise = denoiser(network, _text(5, 1), _text(3, 2), 4.5, dtype=torch.float32, device=device)
    latents = initial_noise(0, SIZE).to(device)
    denoise(latents, 0.9)
    with _Strays(device) as strays:
        denoise(latents, 0.5)
    assert strays.found == []
