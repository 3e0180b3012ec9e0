"""The Sprint sampler against diffusers' scheduler with the arithmetic of its pipeline around it."""

import math

import pytest
import torch

from sana_desktop.domain.sizes import Size
from sana_desktop.engine.latents import initial_noise, step_noise
from sana_desktop.engine.sampling.schedule import sprint_times
from sana_desktop.engine.sampling.sprint import sample_sprint
from support.diffusers_schedulers import scm
from support.toy_denoisers import (
    Predictions,
    Recording,
    Unrelated,
    curved,
    noise,
    steps_that_cannot_be_gone_on_from,
)

SIZE = Size(96, 160)


def _oracle(denoise, x, steps, generator):
    """What the published pipeline does around `SCMScheduler`: network inputs, times, predictions, final latents."""
    scheduler = scm(steps)
    deviation = scheduler.config["sigma_data"]
    x = x * deviation
    inputs, shares, predictions = [], [], []
    for time in scheduler.timesteps[:-1]:
        share = torch.sin(time) / (torch.cos(time) + torch.sin(time))
        radius = torch.sqrt(share**2 + (1 - share) ** 2)
        model_input = x / deviation * radius
        inputs.append(model_input)
        shares.append(share.item())
        output = denoise(model_input, share.item())
        output = ((1 - 2 * share) * model_input + (1 - 2 * share + 2 * share**2) * output) / radius * deviation
        x, clean = scheduler.step(output, time, x, generator=generator, return_dict=False)
        predictions.append(clean / deviation)
    return inputs, shares, predictions


@pytest.mark.parametrize("make_denoise", [lambda: curved, lambda: Unrelated(5)], ids=["curved", "unrelated"])
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 8])
def test_every_state_equals_diffusers_with_the_same_generator(steps, make_denoise):
    recording, predictions = Recording(make_denoise()), Predictions()
    final = sample_sprint(recording, initial_noise(11, SIZE), sprint_times(steps), step_noise([11], SIZE), predictions)

    generator = torch.Generator().manual_seed(11)
    start = torch.randn(1, 32, 5, 3, generator=generator)
    inputs, shares, cleans = _oracle(make_denoise(), start, steps, generator)

    torch.testing.assert_close(torch.stack(recording.states), torch.stack(inputs), rtol=0, atol=1e-5)
    torch.testing.assert_close(torch.stack(predictions.clean), torch.stack(cleans), rtol=0, atol=1e-5)
    assert recording.levels == pytest.approx(shares, rel=0, abs=1e-6)
    assert torch.equal(final, predictions.clean[-1])
    assert predictions.steps == list(range(1, steps + 1))


def test_the_network_is_told_the_published_times():
    recording = Recording(curved)
    sample_sprint(recording, noise(), sprint_times(2), noise, Predictions())
    assert recording.levels == pytest.approx([1.0, 0.78271], abs=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_a_network_that_knows_the_picture_arrives_there_at_every_step(steps):
    """A perfect flow network answers noise - picture on its path; the sampler must then predict the picture."""
    picture, start = noise(7), noise()
    current_noise = [start]

    def perfect(x, share):
        return current_noise[-1] - picture

    def fresh(step):
        current_noise.append(noise(step + 50))
        return current_noise[-1]

    predictions = Predictions()
    times = sprint_times(steps)
    # The first angle is where noise alone is left: start on the path for it.
    on_path = math.cos(times[0]) * picture + math.sin(times[0]) * start
    final = sample_sprint(perfect, on_path, times, fresh, predictions)
    for clean in [*predictions.clean, final]:
        torch.testing.assert_close(clean, picture, rtol=0, atol=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_noise_is_asked_for_between_jumps_only(steps):
    asked = []

    def remembering(step):
        asked.append(step)
        return noise(step)

    sample_sprint(curved, noise(), sprint_times(steps), remembering, Predictions())
    assert asked == list(range(1, steps))


def test_arithmetic_is_in_fp32_whatever_the_network_answers():
    start = noise().half()
    rough = sample_sprint(lambda x, level: curved(x, level).half(), start, sprint_times(3), noise, Predictions())
    exact = sample_sprint(
        lambda x, level: curved(x, level).half().float(), start.float(), sprint_times(3), noise, Predictions()
    )
    assert rough.dtype == torch.float32
    assert torch.equal(rough, exact)


def test_pictures_of_a_batch_equal_pictures_drawn_alone():
    seeds = [3, 1, 4]
    start = torch.cat([initial_noise(seed, SIZE) for seed in seeds])
    together = sample_sprint(curved, start, sprint_times(4), step_noise(seeds, SIZE), Predictions())
    alone = [
        sample_sprint(curved, initial_noise(seed, SIZE), sprint_times(4), step_noise([seed], SIZE), Predictions())
        for seed in seeds
    ]
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 3, 6])
def test_going_on_from_any_step_ends_at_the_same_bits_with_the_noise_of_a_new_stream(steps):
    seeds, times = [3, 1], sprint_times(steps)
    start = torch.cat([initial_noise(seed, SIZE) for seed in seeds])
    assert (
        steps_that_cannot_be_gone_on_from(
            lambda start, on_step: sample_sprint(curved, start, times, step_noise(seeds, SIZE), on_step), start
        )
        == []
    )
