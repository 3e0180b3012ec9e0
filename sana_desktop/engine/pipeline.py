"""From recipe to pixels, in five calls.

Shapes: B pictures of one batch, K latent channels, h w latent height and width.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.events import Emit, Notice, Phase, PhaseStarted, PreviewReady, StepDone
from sana_desktop.domain.picture import Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.journal import LatentsJournal
from sana_desktop.engine.latents import initial_noise, step_noise
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.prompt import PromptFeatures, encode_prompt
from sana_desktop.engine.sampling import OnStep
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.euler import sample_flow_euler
from sana_desktop.engine.sampling.schedule import euler_sigmas, flow_sigmas, sprint_times
from sana_desktop.engine.sampling.sprint import sample_sprint
from sana_desktop.errors import JobCancelledError
from sana_models.dit import SanaTransformer


@dataclass(frozen=True, slots=True)
class Job:
    """What every part of the pipeline is told about the job it works on."""

    number: int
    recipes: tuple[Recipe, ...]
    emit: Emit
    cancel: CancelToken

    @property
    def recipe(self) -> Recipe:
        """What all pictures of the batch share: everything but the seed."""
        return self.recipes[0]

    def begin(self, phase: Phase) -> float:
        """Tell the world that a phase begins; returns the time. Raises if the job was cancelled."""
        self.cancel.check()
        self.emit(PhaseStarted(self.number, phase))
        return time.perf_counter()

    def notify(self, text: str) -> None:
        """Tell the user something that does not stop the job."""
        self.emit(Notice(self.number, text))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pixels of a batch, in the order of the recipes, and what it took."""

    pixels: tuple[bytes, ...]
    timings: Timings
    notices: tuple[str, ...]


def draw(
    job: Job, pack: LoadedPack, cache: EmbeddingCache, journal: LatentsJournal, given_latents_BKhw: Tensor | None
) -> Drawn:
    """Draw one batch. Nothing is left behind by a cancelled job; finished latents survive a failed decode."""
    check = job.cancel.check
    began_load = job.begin(Phase.LOAD)
    text_encoder = pack.text_encoder(job.notify, check)
    transformer = pack.transformer(check)

    began_encode = job.begin(Phase.ENCODE)
    features = encode_prompt(
        text_encoder, job.recipe.prompt, job.recipe.negative, pack.text_rules(job.recipe), cache, check
    )
    for text in features.notices:
        job.notify(text)

    began_sample = job.begin(Phase.SAMPLE)
    noise_BKhw = initial_latents(job.recipes, given_latents_BKhw, transformer.config.in_channels)
    latents_BKhw = sample(job, pack, transformer, features, noise_BKhw)
    entry = journal.write(job.recipes, latents_BKhw)

    try:
        began_decode = job.begin(Phase.DECODE)
        images_B3HW = decode_latents(pack.vae(check), latents_BKhw, check)
        pixels = to_pixels(images_B3HW)
    except JobCancelledError:
        journal.forget(entry)
        raise
    journal.forget(entry)
    done = time.perf_counter()
    return Drawn(
        tuple(pixels),
        Timings(
            load=began_encode - began_load,
            encode=began_sample - began_encode,
            sample=began_decode - began_sample,
            decode=done - began_decode,
        ),
        features.notices,
    )


def initial_latents(recipes: Sequence[Recipe], given_1Khw: Tensor | None, channels: int) -> Tensor:
    """Noise that the pictures start from: fp32 [B, K, h, w] on the CPU, each row from its own seed.

    `given_1Khw` takes the place of every row's noise.
    """
    if given_1Khw is not None:
        return given_1Khw.repeat(len(recipes), 1, 1, 1)
    return torch.cat([initial_noise(recipe.seed, recipe.size, channels) for recipe in recipes])


def sample(
    job: Job, pack: LoadedPack, transformer: SanaTransformer, features: PromptFeatures, noise_BKhw: Tensor
) -> Tensor:
    """Integrate noise to clean latents, fp32 [B, K, h, w], telling of every step with a preview."""
    recipe = job.recipe
    denoise = denoiser(
        transformer,
        features.cond,
        features.uncond,
        recipe.guidance,
        dtype=pack.choices.transformer.dtype,
        device=pack.device.torch_device,
        on_block=job.cancel.check,
    )
    noise_BKhw = noise_BKhw.to(pack.device.torch_device)
    on_step = _step_reporter(job, pack)
    shift = pack.manifest.flow_shift if recipe.flow_shift is None else recipe.flow_shift
    if recipe.solver is Solver.SPRINT:
        fresh_noise = step_noise([one.seed for one in job.recipes], recipe.size, noise_BKhw.shape[1])
        times = sprint_times(recipe.steps)
        return sample_sprint(denoise, noise_BKhw, times, lambda step: fresh_noise(step).to(noise_BKhw), on_step)
    if recipe.solver is Solver.FLOW_EULER:
        return sample_flow_euler(denoise, noise_BKhw, euler_sigmas(recipe.steps, shift), on_step)
    return sample_flow_dpm(denoise, noise_BKhw, flow_sigmas(recipe.steps, shift), on_step)


def _step_reporter(job: Job, pack: LoadedPack) -> OnStep:
    make_preview = pack.preview()

    def on_step(step: int, clean_BKhw: Tensor) -> None:
        job.cancel.check()
        job.emit(StepDone(job.number, step, job.recipe.steps))
        # The last prediction is the picture itself, which the decode is about to show.
        if make_preview is not None and step < job.recipe.steps:
            preview = make_preview(clean_BKhw[:1])
            job.emit(PreviewReady(job.number, step, preview.rgb, preview.width, preview.height))

    return on_step
