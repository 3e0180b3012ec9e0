"""The Flow-DPM-Solver, state by state against diffusers, and by what must hold for any solver."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from support.diffusers_schedulers import ORACLE_WARNING, flow_dpm, states
from support.toy_denoisers import (
    Predictions,
    Recording,
    Unrelated,
    curved,
    noise,
    steps_that_cannot_be_gone_on_from,
)

pytestmark = pytest.mark.filterwarnings(ORACLE_WARNING)


@pytest.mark.parametrize("make_denoise", [lambda: curved, lambda: Unrelated(5)], ids=["curved", "unrelated"])
@pytest.mark.parametrize("shift", [1.5, 3.0, 4.0, 6.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 5, 14, 20, 28])
def test_every_state_equals_diffusers(steps, shift, make_denoise):
    recording = Recording(make_denoise())
    final = sample_flow_dpm(recording, noise(), flow_sigmas(steps, shift), Predictions())

    expected = states(flow_dpm(steps, shift), make_denoise(), noise())

    torch.testing.assert_close(torch.stack([*recording.states, final]), torch.stack(expected), rtol=0, atol=1e-5)


@given(steps=st.integers(1, 40), shift=st.floats(0.1, 20.0), seed=st.integers(0, 9))
def test_a_constant_velocity_is_integrated_exactly(steps, shift, seed):
    sigmas = flow_sigmas(steps, shift)
    x, velocity = noise(seed), noise(seed + 100)
    final = sample_flow_dpm(lambda x, sigma: velocity, x, sigmas, Predictions())
    torch.testing.assert_close(final, x - sigmas[0] * velocity, rtol=0, atol=1e-5)


@given(steps=st.integers(1, 40), shift=st.floats(0.1, 20.0))
def test_a_network_that_knows_the_picture_arrives_there(steps, shift):
    picture = noise(7)
    final = sample_flow_dpm(lambda x, sigma: (x - picture) / sigma, noise(), flow_sigmas(steps, shift), Predictions())
    torch.testing.assert_close(final, picture, rtol=0, atol=1e-5)


def test_halving_the_steps_quarters_the_error():
    def curved_flow(x, sigma):
        return torch.tanh(x.roll(1, -1)) - 0.5 * x

    finals = [sample_flow_dpm(curved_flow, noise(), flow_sigmas(steps, 1.0), Predictions()) for steps in (25, 50, 1000)]
    coarse, fine = ((final - finals[-1]).abs().max() for final in finals[:2])
    assert 3 < coarse / fine < 6


def test_each_step_reports_the_clean_latents_it_predicts():
    recording, predictions = Recording(curved), Predictions()
    sigmas = flow_sigmas(4, 3.0)
    final = sample_flow_dpm(recording, noise(), sigmas, predictions)

    assert predictions.steps == [1, 2, 3, 4]
    assert recording.levels == sigmas[:-1]
    for state, sigma, clean in zip(recording.states, sigmas, predictions.clean, strict=False):
        torch.testing.assert_close(clean, state - sigma * curved(state, sigma))
    assert torch.equal(final, predictions.clean[-1])


def test_arithmetic_is_in_fp32_whatever_the_network_answers():
    start = noise().half()
    rough = sample_flow_dpm(lambda x, level: curved(x, level).half(), start, flow_sigmas(5, 3.0), Predictions())
    exact = sample_flow_dpm(
        lambda x, level: curved(x, level).half().float(), start.float(), flow_sigmas(5, 3.0), Predictions()
    )
    assert rough.dtype == torch.float32
    assert torch.equal(rough, exact)


def test_the_starting_noise_is_left_as_it_was():
    start = noise()
    sample_flow_dpm(curved, start, flow_sigmas(5, 3.0), Predictions())
    assert torch.equal(start, noise())


def test_pictures_of_a_batch_equal_pictures_drawn_alone():
    start = noise(3, batch=4)
    together = sample_flow_dpm(curved, start, flow_sigmas(14, 3.0), Predictions())
    alone = [sample_flow_dpm(curved, one, flow_sigmas(14, 3.0), Predictions()) for one in start.split(1)]
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-6)


def test_what_on_step_raises_ends_the_sampling_there():
    recording = Recording(curved)

    def stop_at_two(state):
        if state.step == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sample_flow_dpm(recording, noise(), flow_sigmas(5, 3.0), stop_at_two)
    assert len(recording.states) == 2


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 20])
def test_going_on_from_any_step_ends_at_the_same_bits(steps):
    sigmas = flow_sigmas(steps, 3.0)
    assert (
        steps_that_cannot_be_gone_on_from(
            lambda start, on_step: sample_flow_dpm(curved, start, sigmas, on_step), noise(batch=2)
        )
        == []
    )


def test_a_table_cut_short_predicts_what_the_whole_one_does_at_that_step():
    sigmas, whole, part = flow_sigmas(8, 3.0), Predictions(), Predictions()
    sample_flow_dpm(curved, noise(), sigmas, whole)
    sample_flow_dpm(curved, noise(), sigmas[:6], part)
    assert part.steps == [1, 2, 3, 4, 5]
    assert torch.equal(part.clean[-1], whole.clean[4])
