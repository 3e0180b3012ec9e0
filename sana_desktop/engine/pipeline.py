"""From recipe to pixels: load, encode, sample, decode.

Shapes: B pictures of one batch, K latent channels, h w latent height and width.
"""

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from torch import Tensor

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.choices import PreviewWish
from sana_desktop.domain.events import Emit, MemoryShort, Notice, Phase, PhaseStarted, PreviewReady, StepDone
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.picture import Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.checkpoints import Checkpoints
from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.freed_memory import give_back_freed
from sana_desktop.engine.journal import JournalEntry
from sana_desktop.engine.latents import latents_to_halves
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.peak_meter import PeakMeter
from sana_desktop.engine.plans import fitting_decode, is_out_of_memory, smaller_plan
from sana_desktop.engine.preview_plan import PreviewRun
from sana_desktop.engine.sample import initial_latents, last_step, sample
from sana_desktop.engine.sampling import OnStep, SamplerState
from sana_desktop.engine.words import read_words
from sana_desktop.errors import JobCancelledError


@dataclass(frozen=True, slots=True)
class Job:
    """What every part of the pipeline is told about the job it works on."""

    number: int
    recipes: tuple[Recipe, ...]
    emit: Emit
    cancel: CancelToken
    preview: PreviewWish

    @property
    def recipe(self) -> Recipe:
        """The first; all pictures of the batch share everything but their words and seeds."""
        return self.recipes[0]

    def begin(self, phase: Phase) -> float:
        """Tell the world that a phase begins; returns the time. Raises if the job was cancelled."""
        # A picture that shall be kept as it stands is decoded, whenever that was said.
        (self.cancel.check_keeping if phase is Phase.DECODE else self.cancel.check)()
        self.emit(PhaseStarted(self.number, phase))
        return time.perf_counter()

    def notify(self, text: str) -> None:
        """Tell the user something that does not stop the job."""
        self.emit(Notice(self.number, text))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pixels of a batch, what they were decoded from, the recipes that draw exactly these, and what it took.

    `plan` is for the next picture; `used` is what this one was decoded with. `notices` has those of each picture.
    """

    pixels: tuple[bytes, ...]
    latents: tuple[bytes, ...]
    recipes: tuple[Recipe, ...]
    timings: Timings
    notices: tuple[tuple[str, ...], ...]
    plan: MemoryPlan = PLANS[0]
    used: MemoryPlan = PLANS[0]
    peaks: Mapping[Phase, int] = field(default_factory=dict[Phase, int])


@dataclass(slots=True)
class _Spent:
    """The phase that runs, bytes at the peak of each phase, and seconds before the decode."""

    meter: PeakMeter
    phase: Phase = Phase.LOAD
    peaks: dict[Phase, int] = field(default_factory=dict[Phase, int])

    load: float = 0.0
    encode: float = 0.0
    sample: float = 0.0
    preview: float = 0.0

    def enter(self, phase: Phase) -> None:
        """Another phase begins."""
        self.close()
        # What the last phase left over would otherwise count for this one, and lie there unused.
        give_back_freed()
        self.phase = phase
        self.meter.begin()

    def close(self) -> None:
        """The phase ends, or what it took until now is wanted."""
        self.peaks[self.phase] = max(self.peaks.get(self.phase, 0), self.meter.peak())


def draw(
    job: Job,
    pack: LoadedPack,
    cache: EmbeddingCache,
    entry: JournalEntry,
    given_latents_BKhw: Tensor | None,
    plan: MemoryPlan = PLANS[0],
) -> Drawn:
    """Draw one batch, going on from what `entry` holds.

    What was done stays in `entry` if the program ends or the drawing fails, and also after success, because
    pixels are not yet a file; a job that is cancelled leaves nothing. One that shall be kept as it stands
    gives the last prediction; without a step done it is cancelled. Where memory is full, the drawing goes on from the
    last step with the next smaller plan after `plan`, and what memory lacks at last is raised as it came.
    """
    done = Checkpoints(entry, last_step(job.recipe), job.notify, time.perf_counter, len(job.recipes))
    spent = _Spent(PeakMeter(pack.device.torch_device))
    spent.meter.begin()
    try:
        while True:
            try:
                if done.step < last_step(job.recipe):
                    _predict(job, pack, cache, given_latents_BKhw, done, spent, plan)
                return _decode(job, pack, done, spent, plan)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                # Without recorded steps there may be room enough.
                again = pack.graphs.give_up("memory was full")
                smaller = plan if again else smaller_plan(plan, spent.phase, pack.device.torch_device)
                if smaller is None:
                    raise
                done.write()
                # What failed holds its tensors as long as its frames are known.
                traceback.clear_frames(error.__traceback__)
            if again:
                continue
            plan = smaller
            pack.make_room()
            job.emit(MemoryShort(job.number, spent.phase, plan.words))
            text = f"Memory was full ({spent.phase}). The picture goes on: {plan.words}."
            done.note([(text,)] * len(job.recipes))
            job.notify(text)
    except JobCancelledError:
        if job.cancel.stop is Stop.SUSPEND:
            done.write()
        else:
            done.forget()
        raise


def _predict(
    job: Job,
    pack: LoadedPack,
    cache: EmbeddingCache,
    given_latents_BKhw: Tensor | None,
    done: Checkpoints,
    spent: _Spent,
    plan: MemoryPlan,
) -> None:
    """Take the steps that are missing, or those until the picture shall be kept as it stands."""
    check = job.cancel.check
    try:
        spent.enter(Phase.LOAD)
        began_load = job.begin(Phase.LOAD)
        text_encoder = pack.text_encoder(job.notify, check, on_cpu=plan.text_on_cpu)
        if plan.resident:
            pack.transformer(check)
        else:
            pack.make_room(keep_text_encoder=True)
        if (slower := pack.kernel_notice()) is not None:
            job.notify(slower)

        spent.enter(Phase.ENCODE)
        began_encode = job.begin(Phase.ENCODE)
        spent.load = began_encode - began_load
        features = read_words(text_encoder, job.recipes, pack.text_rules, cache, check)
        for text in done.note([one.notices for one in features]):
            job.notify(text)

        if not plan.resident:
            pack.make_room(keep_transformer=True)
        spent.enter(Phase.SAMPLE)
        began_sample = job.begin(Phase.SAMPLE)
        transformer = pack.transformer(check)
        spent.encode = began_sample - began_encode
        if done.state is not None:
            # At once, so that progress does not seem to start from nothing and no time seems to have been spent.
            job.emit(StepDone(job.number, done.step, last_step(job.recipe)))
            job.notify(f"The drawing goes on after step {done.step}, where it was left.")
        start = done.state or initial_latents(job.recipes, given_latents_BKhw, transformer.config.in_channels)
        on_step = _step_reporter(job, pack, done, spent)
        try:
            # Where networks come and go, a recording would not outlast its network, and memory is short.
            graphs = pack.graphs if plan.resident else None
            sample(job.recipes, pack, transformer, features, start, on_step, check, graphs)
            # Without previews nothing waited for the card, and its work would count as the decode's.
            pack.settle()
        finally:
            spent.sample = time.perf_counter() - began_sample
    except JobCancelledError:
        if job.cancel.stop is not Stop.KEEP or done.state is None:
            raise


def _step_reporter(job: Job, pack: LoadedPack, done: Checkpoints, spent: _Spent) -> OnStep:
    steps = last_step(job.recipe)
    previews = PreviewRun(pack.previews(), job.preview, pack.preview_costs(job.recipe.size), steps, time.perf_counter)
    done.begin_steps()

    def on_step(state: SamplerState) -> None:
        # First of all, so that whoever stops the job now finds this step done.
        done.saw(state)
        job.cancel.check()
        job.emit(StepDone(job.number, state.step, steps))
        preview = previews.after_step(state.step, state.clean[:1])
        spent.preview = previews.seconds
        if preview is not None:
            job.emit(PreviewReady(job.number, state.step, preview.rgb, preview.width, preview.height))
        if state.step < steps:
            job.cancel.check()
            done.write_if_due()

    return on_step


def _decode(job: Job, pack: LoadedPack, done: Checkpoints, spent: _Spent, plan: MemoryPlan) -> Drawn:
    """Turn the last prediction into pixels."""
    assert done.state is not None
    recipes = tuple(recipe.stopped_after(done.step) for recipe in job.recipes)
    check = job.cancel.check_keeping
    spent.enter(Phase.DECODE)
    began = job.begin(Phase.DECODE)
    done.write()
    # Not for the next picture too, if another is chosen below: more may be free by then.
    begun_with = plan
    if not plan.resident:
        pack.make_room()
        spent.meter.begin()
    vae = pack.vae_on_cpu(check) if plan.decode_on_cpu else pack.vae(check)
    itemsize = next(vae.decoder.parameters()).element_size()
    on_gpu = pack.device.torch_device.type != "cpu" and not plan.decode_on_cpu
    fitting = fitting_decode(plan, vae.config, job.recipe.size, itemsize, pack.free_bytes(), on_gpu=on_gpu)
    if fitting != plan and pack.graphs.forget():
        fitting = fitting_decode(plan, vae.config, job.recipe.size, itemsize, pack.free_bytes(), on_gpu=on_gpu)
    if fitting != plan and plan.resident:
        # The other networks go first; perhaps that is room enough.
        pack.make_room()
        vae = pack.vae(check)
        plan = replace(plan, resident=False)
        fitting = fitting_decode(plan, vae.config, job.recipe.size, itemsize, pack.free_bytes(), on_gpu=on_gpu)
    if fitting != plan:
        job.notify(f"Memory is short: {fitting.words}.")
    images_B3HW = decode_latents(vae, done.state.clean, check, fitting.tile)
    pixels = to_pixels(images_B3HW)
    timings = Timings(
        load=spent.load,
        encode=spent.encode,
        sample=spent.sample,
        decode=time.perf_counter() - began,
        preview=spent.preview,
    )
    latents = tuple(latents_to_halves(latents_Khw) for latents_Khw in done.state.clean)
    spent.close()
    return Drawn(tuple(pixels), latents, recipes, timings, done.notices, begun_with, fitting, spent.peaks)
