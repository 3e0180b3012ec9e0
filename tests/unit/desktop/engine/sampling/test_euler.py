"""The Flow-Euler solver, state by state against diffusers, and by what must hold for any solver."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.engine.sampling.euler import sample_flow_euler
from sana_desktop.engine.sampling.schedule import euler_sigmas
from support.diffusers_schedulers import flow_euler, states
from support.toy_denoisers import (
    Predictions,
    Recording,
    Unrelated,
    curved,
    noise,
    steps_that_cannot_be_gone_on_from,
)


@pytest.mark.parametrize("make_denoise", [lambda: curved, lambda: Unrelated(5)], ids=["curved", "unrelated"])
@pytest.mark.parametrize("shift", [1.5, 3.0, 4.0, 6.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 5, 14, 20, 28])
def test_every_state_equals_diffusers(steps, shift, make_denoise):
    recording = Recording(make_denoise())
    final = sample_flow_euler(recording, noise(), euler_sigmas(steps, shift), Predictions())

    expected = states(flow_euler(steps, shift), make_denoise(), noise())

    torch.testing.assert_close(torch.stack([*recording.states, final]), torch.stack(expected), rtol=0, atol=1e-5)


@given(steps=st.integers(1, 40), shift=st.floats(0.1, 20.0), seed=st.integers(0, 9))
def test_a_constant_velocity_is_integrated_exactly(steps, shift, seed):
    x, velocity = noise(seed), noise(seed + 100)
    final = sample_flow_euler(lambda x, sigma: velocity, x, euler_sigmas(steps, shift), Predictions())
    torch.testing.assert_close(final, x - velocity, rtol=0, atol=1e-5)


def test_each_step_reports_the_clean_latents_it_predicts():
    recording, predictions = Recording(curved), Predictions()
    sigmas = euler_sigmas(4, 3.0)
    final = sample_flow_euler(recording, noise(), sigmas, predictions)

    assert predictions.steps == [1, 2, 3, 4]
    assert recording.levels == sigmas[:-1]
    for state, sigma, clean in zip(recording.states, sigmas, predictions.clean, strict=False):
        torch.testing.assert_close(clean, state - sigma * curved(state, sigma))
    torch.testing.assert_close(final, predictions.clean[-1])


def test_arithmetic_is_in_fp32_whatever_the_network_answers():
    start = noise().half()
    rough = sample_flow_euler(lambda x, level: curved(x, level).half(), start, euler_sigmas(5, 3.0), Predictions())
    exact = sample_flow_euler(
        lambda x, level: curved(x, level).half().float(), start.float(), euler_sigmas(5, 3.0), Predictions()
    )
    assert rough.dtype == torch.float32
    assert torch.equal(rough, exact)


def test_the_starting_noise_is_left_as_it_was():
    start = noise()
    sample_flow_euler(curved, start, euler_sigmas(5, 3.0), Predictions())
    assert torch.equal(start, noise())


def test_pictures_of_a_batch_equal_pictures_drawn_alone():
    start = noise(3, batch=4)
    together = sample_flow_euler(curved, start, euler_sigmas(14, 3.0), Predictions())
    alone = [sample_flow_euler(curved, one, euler_sigmas(14, 3.0), Predictions()) for one in start.split(1)]
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 20])
def test_going_on_from_any_step_ends_at_the_same_bits(steps):
    sigmas = euler_sigmas(steps, 3.0)
    assert (
        steps_that_cannot_be_gone_on_from(
            lambda start, on_step: sample_flow_euler(curved, start, sigmas, on_step), noise(batch=2)
        )
        == []
    )


@pytest.mark.parametrize("steps", [1, 2, 5, 20])
def test_the_last_prediction_is_the_result_bit_for_bit(steps):
    predictions = Predictions()
    final = sample_flow_euler(curved, noise(), euler_sigmas(steps, 3.0), predictions)
    assert torch.equal(final, predictions.clean[-1])
