"""From noise and a prompt's features to clean latents.

Shapes: B pictures of one batch, K latent channels, h w latent height and width.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.latents import initial_noise, step_noise
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.prompt import PromptFeatures
from sana_desktop.engine.row_threads import row_threads
from sana_desktop.engine.sampling import Denoise, OnStep, SamplerState
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.euler import sample_flow_euler
from sana_desktop.engine.sampling.schedule import euler_sigmas, flow_sigmas, sprint_times
from sana_desktop.engine.sampling.sprint import sample_sprint
from sana_desktop.engine.text_features import TextFeatures
from sana_models.dit import SanaTransformer


def initial_latents(recipes: Sequence[Recipe], given_1Khw: Tensor | None, channels: int) -> Tensor:
    """Noise that the pictures start from: fp32 [B, K, h, w] on the CPU, each row from its own seed.

    `given_1Khw` takes the place of every row's noise.
    """
    if given_1Khw is not None:
        return given_1Khw.repeat(len(recipes), 1, 1, 1)
    return torch.cat([initial_noise(recipe.seed, recipe.size, channels) for recipe in recipes])


def last_step(recipe: Recipe) -> int:
    """The step whose prediction is the picture."""
    return recipe.steps if recipe.stop_after is None else recipe.stop_after


def sample(
    recipes: Sequence[Recipe],
    pack: LoadedPack,
    transformer: SanaTransformer,
    features: Sequence[PromptFeatures],
    start: Tensor | SamplerState,
    on_step: OnStep,
    on_block: Callable[[], None],
    graphs: StepGraphs | None = None,
) -> None:
    """Integrate noise [B, K, h, w], or go on from a state, to the last step of the recipes with their `features`.

    `on_step` hears of every step's state; the pictures are the clean latents of the last one. `on_block` is
    called before every block of the network, or step that `graphs` replay. What either raises ends the sampling.
    """
    device = pack.device.torch_device
    with row_threads(device, 2 * len(recipes)) as threads:
        denoise = denoiser(
            transformer,
            *_halves(features),
            recipes[0].guidance,
            interval=recipes[0].guidance_interval,
            dtype=pack.choices.transformer.dtype,
            device=device,
            on_block=on_block,
            threads=threads,
            graphs=graphs,
        )
        _solve(recipes, pack, denoise, _moved(start, device), on_step, transformer.config.in_channels)


def _solve(
    recipes: Sequence[Recipe],
    pack: LoadedPack,
    denoise: Denoise,
    start: Tensor | SamplerState,
    on_step: OnStep,
    channels: int,
) -> None:
    recipe = recipes[0]
    shift = pack.manifest.flow_shift if recipe.flow_shift is None else recipe.flow_shift
    # The solvers know no end but that of the table: a picture that stops early walks a shorter piece of it.
    levels = slice(last_step(recipe) + 1)
    if recipe.solver is Solver.SPRINT:
        fresh_noise = step_noise([one.seed for one in recipes], recipe.size, channels)
        sample_sprint(denoise, start, sprint_times(recipe.steps)[levels], fresh_noise, on_step)
    elif recipe.solver is Solver.FLOW_EULER:
        sample_flow_euler(denoise, start, euler_sigmas(recipe.steps, shift)[levels], on_step)
    else:
        sample_flow_dpm(denoise, start, flow_sigmas(recipe.steps, shift)[levels], on_step)


def _halves(features: Sequence[PromptFeatures]) -> tuple[list[TextFeatures], list[TextFeatures]]:
    """What each picture is drawn towards and away from; where all have the same words, one text for all."""
    shared = features[:1] if all(one is features[0] for one in features) else features
    return [one.cond for one in shared], [one.uncond for one in shared]


def _moved(start: Tensor | SamplerState, device: torch.device) -> Tensor | SamplerState:
    if isinstance(start, SamplerState):
        return SamplerState(start.step, start.x.to(device), start.clean.to(device))
    return start.to(device)
