"""Oracles: diffusers' schedulers, set as the published pipelines set them."""

from typing import Any

from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler
from diffusers.schedulers.scheduling_scm import SCMScheduler
from torch import Tensor

# For `pytest.mark.filterwarnings`: diffusers converts a tensor by a protocol that NumPy 2 calls old.
ORACLE_WARNING = "ignore:__array__ implementation:DeprecationWarning"


def flow_dpm(steps: int, shift: float) -> Any:
    """The scheduler of every Sana checkpoint but Sprint."""
    scheduler = DPMSolverMultistepScheduler(
        algorithm_type="dpmsolver++",
        solver_order=2,
        solver_type="midpoint",
        use_flow_sigmas=True,
        prediction_type="flow_prediction",
        flow_shift=shift,
        final_sigmas_type="zero",
        lower_order_final=True,
        euler_at_final=False,
        timestep_spacing="linspace",
    )
    scheduler.set_timesteps(steps)
    return scheduler


def flow_euler(steps: int, shift: float) -> Any:
    """The scheduler of the official `flow_euler` choice."""
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    scheduler.set_timesteps(steps)
    return scheduler


def scm(steps: int) -> Any:
    """The scheduler of Sana-Sprint, with the angles of its pipeline."""
    scheduler = SCMScheduler()
    scheduler.set_timesteps(steps, max_timesteps=1.57080, intermediate_timesteps=1.3 if steps == 2 else None)
    scheduler.set_begin_index(0)
    return scheduler


def states(scheduler: Any, denoise: Any, x: Tensor) -> list[Tensor]:
    """The trajectory of a flow scheduler: the state before every step, and the final one."""
    passed = []
    for time, sigma in zip(scheduler.timesteps, scheduler.sigmas.tolist(), strict=False):
        passed.append(x)
        x = scheduler.step(denoise(x, sigma), time, x, return_dict=False)[0]
    return [*passed, x]
