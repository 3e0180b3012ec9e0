"""The tables of noise levels, against the published digits and against diffusers."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.engine.sampling.schedule import euler_sigmas, flow_sigmas, model_time, sprint_times
from support.diffusers_schedulers import ORACLE_WARNING, flow_dpm, flow_euler, scm

pytestmark = pytest.mark.filterwarnings(ORACLE_WARNING)

STEPS = [1, 2, 3, 5, 14, 20, 28]
SHIFTS = [1.0, 1.5, 3.0, 4.0, 6.0]

# Four digits, cut, as SANA's settings (steps, flow shift) give them.
GOLDEN = {
    (20, 3.0): ".9997 .9824 .9639 .9441 .9227 .8996 .8746 .8475 .8178 .7853 "
    ".7496 .7102 .6663 .6173 .5621 .4997 .4283 .3459 .2498 .1362 0",
    (14, 3.0): ".9997 .9747 .9470 .9163 .8820 .8434 .7996 .7496 .6919 .6246 .5451 .4497 .3331 .1873 0",
    (20, 4.0): ".9997 .9868 .9727 .9575 .9409 .9228 .9029 .8811 .8568 .8299 "
    ".7997 .7656 .7269 .6826 .6312 .5711 .4997 .4135 .3075 .1738 0",
    (20, 6.0): ".9998 .9911 .9816 .9712 .9598 .9472 .9331 .9174 .8998 .8798 "
    ".8569 .8305 .7997 .7634 .7197 .6664 .5997 .5140 .3997 .2398 0",
}
GOLDEN_TIMES = "999 982 963 944 922 899 874 847 817 785 749 710 666 617 562 499 428 345 249 136"

any_steps = st.integers(1, 1000)
any_shift = st.floats(0.01, 100.0)


@pytest.mark.parametrize("setting", GOLDEN)
def test_flow_sigmas_have_the_published_digits(setting):
    expected = [float(digits) for digits in GOLDEN[setting].split()]
    assert flow_sigmas(*setting) == pytest.approx(expected, abs=1e-4)


def test_model_times_have_the_published_digits():
    times = [model_time(sigma) for sigma in flow_sigmas(20, 3.0)[:-1]]
    assert times == [int(digits) for digits in GOLDEN_TIMES.split()]


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("steps", STEPS)
def test_flow_sigmas_equal_diffusers(steps, shift):
    assert flow_sigmas(steps, shift) == pytest.approx(flow_dpm(steps, shift).sigmas.tolist(), rel=0, abs=1e-6)


@pytest.mark.parametrize("shift", SHIFTS)
def test_model_times_equal_diffusers_to_the_last_integer(shift):
    for steps in [*range(1, 101), 150, 333, 500, 1000]:
        times = [model_time(sigma) for sigma in flow_sigmas(steps, shift)[:-1]]
        assert times == flow_dpm(steps, shift).timesteps.tolist(), f"{steps} steps"


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("steps", STEPS)
def test_euler_sigmas_equal_diffusers(steps, shift):
    assert euler_sigmas(steps, shift) == pytest.approx(flow_euler(steps, shift).sigmas.tolist(), rel=0, abs=1e-6)


@pytest.mark.parametrize("shift", SHIFTS)
def test_model_times_of_euler_are_those_of_diffusers_cut_to_integers(shift):
    for steps in range(1, 101):
        times = [model_time(sigma) for sigma in euler_sigmas(steps, shift)[:-1]]
        assert times == flow_euler(steps, shift).timesteps.to(torch.int64).tolist(), f"{steps} steps"


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 20])
def test_sprint_times_equal_diffusers(steps):
    assert sprint_times(steps) == pytest.approx(scm(steps).timesteps.tolist(), rel=0, abs=1e-6)


@given(steps=any_steps, shift=any_shift)
def test_flow_sigmas_fall_from_below_one_to_zero(steps, shift):
    sigmas = flow_sigmas(steps, shift)
    assert len(sigmas) == steps + 1
    assert sigmas[0] < 1
    assert sigmas[-1] == 0
    assert all(after < before for before, after in itertools.pairwise(sigmas))


@given(steps=any_steps, shift=any_shift)
def test_euler_sigmas_fall_from_one_to_zero(steps, shift):
    sigmas = euler_sigmas(steps, shift)
    assert len(sigmas) == steps + 1
    assert sigmas[0] == 1
    assert sigmas[-1] == 0
    assert all(after < before for before, after in itertools.pairwise(sigmas))


@given(steps=any_steps)
def test_sprint_times_fall_from_half_pi_to_zero(steps):
    times = sprint_times(steps)
    assert len(times) == steps + 1
    assert times[0] == pytest.approx(math.pi / 2, abs=1e-5)
    assert times[-1] == 0
    assert all(after < before for before, after in itertools.pairwise(times))


@given(steps=any_steps, shift=any_shift)
def test_model_times_are_whole_numbers_that_training_saw(steps, shift):
    for sigma in flow_sigmas(steps, shift):
        time = model_time(sigma)
        assert time == int(time)
        assert 0 <= time <= 999
        assert 0 <= sigma * 1000 - time < 1


def test_a_larger_shift_leaves_more_noise_at_every_step():
    for low, high in itertools.pairwise(flow_sigmas(20, shift)[:-1] for shift in SHIFTS):
        assert all(less < more for less, more in zip(low, high, strict=True))


@pytest.mark.parametrize("table", [flow_sigmas, euler_sigmas])
def test_a_table_without_steps_or_with_a_shift_of_nothing_is_refused(table):
    with pytest.raises(ValueError, match="at least 1 step, found 0"):
        table(0, 3.0)
    with pytest.raises(ValueError, match="positive shift, found 0"):
        table(20, 0.0)
    with pytest.raises(ValueError, match="positive shift, found nan"):
        table(20, math.nan)


def test_sprint_without_steps_is_refused():
    with pytest.raises(ValueError, match="at least 1 step, found 0"):
        sprint_times(0)
