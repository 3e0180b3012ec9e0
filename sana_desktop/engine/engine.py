"""The engine: recipes in, pictures out. Owns torch and the device; lives on one thread."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from sana_desktop import __version__
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Precision, PreviewWish, Solver
from sana_desktop.domain.events import Emit, Phase
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.picture import MemoryUse, Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.decode import decode_latents, to_pixels
from sana_desktop.engine.device import Device, PackChoices, PrecisionChoice, choose_for_pack, find_device
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.journal import WorkJournal
from sana_desktop.engine.kernel_record import kernels_used, with_graphs
from sana_desktop.engine.latents import latents_sha256, latents_to_halves, read_latents
from sana_desktop.engine.memory_choice import in_few_bits, memory_total, plan_to_begin_with
from sana_desktop.engine.memory_needs import PackShape, try_shape
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.peak_meter import PeakMeter
from sana_desktop.engine.pipeline import Drawn, Job, draw
from sana_desktop.engine.plans import fitting_decode, is_out_of_memory
from sana_desktop.engine.text_tokenizer import MakeTokenizer, load_tokenizer
from sana_desktop.engine.warm_up import warm_up
from sana_desktop.engine.words import read_words_ahead
from sana_desktop.errors import MachineError, RecipeError
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import SHARE_OF_MEMORY


class Engine:
    """Draws recipes with one pack in memory at a time; every method is called on the same thread."""

    def __init__(
        self,
        find_pack: Callable[[str], PackManifest],
        cache_folder: Path,
        journal_folder: Path,
        resources: Path,
        *,
        preview_wish: Callable[[], PreviewWish] = PreviewWish,
        make_tokenizer: MakeTokenizer = load_tokenizer,
        plan_wish: Callable[[], MemoryPlan | None] = lambda: None,
        memory: Callable[[Device], int] = memory_total,
    ) -> None:
        """`plan_wish` gives the plan that the user insists on, `memory` how much a device has."""
        self._find_pack = find_pack
        self._cache_folder = cache_folder
        self._resources = resources
        self._preview_wish = preview_wish
        self._make_tokenizer = make_tokenizer
        self._device = find_device()
        self._embeddings = EmbeddingCache(folder=cache_folder / "embeddings")
        self._journal = WorkJournal(journal_folder)
        self._journal.sweep(time.time())
        self._loaded: LoadedPack | None = None
        self._plan_wish = plan_wish
        self._memory_total = memory(self._device)
        self._meter = PeakMeter(self._device.torch_device)
        self._idle = self._meter.now()
        self._plans: dict[tuple[object, ...], MemoryPlan] = {}
        self._shapes: dict[PackManifest, PackShape | None] = {}

    def generate(
        self,
        job: int,
        recipes: tuple[Recipe, ...],
        emit: Emit,
        cancel: CancelToken,
        latents: Path | None = None,
    ) -> tuple[Picture, ...]:
        """Draw recipes that differ only in their words and seeds, as one batch, and report through `emit`.

        `latents` names a .npy file of the noise to start from instead of the seeds'. What an earlier run,
        of this process or another, left of the same pictures is gone on from; what this one achieves stays
        in the journal until `forget`. After `Stop.KEEP` the pictures are what the network predicted so far,
        and their recipes say after which step. Raises a `KnownError` for what the user can mend,
        `JobCancelledError` after any other cancel, or where no step was done yet.
        """
        first = recipes[0]
        if any(recipe.batch_key != first.batch_key for recipe in recipes):
            raise ValueError("the recipes of a batch may differ in their words and seeds only")
        manifest = self._find_pack(first.pack)
        manifest.require_parts()
        _check_solver(first, manifest)
        given = None
        if latents is not None:
            given = read_latents(latents, first.size)
            recipes = tuple(recipe.with_latents(latents_sha256(given)) for recipe in recipes)
        pack = self._load(manifest, first)
        try:
            provenance = self._provenance(pack, recipes)
            task = Job(job, recipes, emit, cancel, self._preview_wish())
            entry = self._journal.entry(recipes, _made_by(manifest, provenance))
            begin_with = self._plan_for(pack, first, len(recipes))
            pack.graphs.take_words()
            drawn = draw(task, pack, self._embeddings, entry, given, begin_with)
            provenance = replace(provenance, kernels=with_graphs(provenance.kernels, pack.graphs.take_words()))
            # The next picture of this weight need not find out again.
            if drawn.plan != begin_with:
                self._plans[_weight_of(first, len(recipes))] = drawn.plan
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            hint = (
                "Choose a smaller size or close other programs. If the steps were finished, they are kept "
                f"in {self._journal.folder}: the same picture, asked for again, needs the decode only."
            )
            raise self._too_small(first, hint) from error
        return tuple(
            replace(
                _picture(recipe, rgb, latents, notices, drawn.timings, replace(provenance, tiling=drawn.used.tiling)),
                memory=_memory_use(drawn, self._idle),
            )
            for recipe, rgb, latents, notices in zip(
                drawn.recipes, drawn.pixels, drawn.latents, drawn.notices, strict=True
            )
        )

    def decode_again(self, recipe: Recipe, latents: Path, cancel: CancelToken) -> Picture:
        """The picture of `recipe` from its finished latents, a .npy file, without drawing it again.

        Raises as `generate` does.
        """
        manifest = self._find_pack(recipe.pack)
        manifest.require_parts()
        latents_1Khw = read_latents(latents, recipe.size)
        pack = self._load(manifest, recipe)
        began = time.perf_counter()
        try:
            vae = pack.vae(cancel.check)
            loaded = time.perf_counter()
            itemsize = next(vae.parameters()).element_size()
            plan = fitting_decode(
                self._plan_for(pack, recipe, 1),
                vae.config,
                recipe.size,
                itemsize,
                pack.free_bytes(),
                on_gpu=self._on_gpu,
            )
            (rgb,) = to_pixels(decode_latents(vae, latents_1Khw, cancel.check, plan.tile))
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise self._too_small(recipe, hint="Close other programs.") from error
        timings = Timings(load=loaded - began, encode=0.0, sample=0.0, decode=time.perf_counter() - loaded)
        kept = latents_to_halves(latents_1Khw[0])
        return _picture(recipe, rgb, kept, (), timings, replace(self._provenance(pack, (recipe,)), tiling=plan.tiling))

    def forget(self, recipes: tuple[Recipe, ...]) -> None:
        """Remove what is kept of a batch; nothing happens where nothing is."""
        self._journal.forget(recipes)

    def read_ahead(self, batches: Sequence[tuple[Recipe, ...]], cancel: CancelToken) -> None:
        """Read the words of batches that are drawn later, as `generate` would, and put the text encoder away.

        The recipes have one pack. Raises as `generate` does; what was read by then need not be read again.
        """
        first = batches[0][0]
        manifest = self._find_pack(first.pack)
        manifest.require_parts()
        pack = self._load(manifest, first)
        cancel.check()
        encoder = pack.text_encoder(lambda text: None, cancel.check)
        try:
            read_words_ahead(encoder, batches, pack.text_rules, self._embeddings, cancel.check)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise self._too_small(first, hint="Close other programs.") from error
        encoder.release()
        gc.collect()

    def prepare(self, recipe: Recipe, cancel: CancelToken) -> None:
        """Load the networks for recipes like this one, so that drawing need not begin with it.

        That is all of them, or the first where only one at a time fits. On a GPU that holds all of them, what is
        done once for every kind of picture is done now, too.

        Raises as `generate` does; what is loaded by then stays loaded.
        """
        manifest = self._find_pack(recipe.pack)
        manifest.require_parts()
        pack = self._load(manifest, recipe)
        cancel.check()
        try:
            plan = self._plan_for(pack, recipe, 1)
            pack.text_encoder(lambda text: None, cancel.check, on_cpu=plan.text_on_cpu).load(cancel.check)
            if plan.resident:
                pack.transformer(cancel.check)
                pack.vae(cancel.check)
            pack.previews()
            if plan.resident and self._on_gpu:
                self._meter.begin()
                warm_up(recipe, pack, self._embeddings, cancel.check)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise self._too_small(recipe, hint="Choose a smaller pack or close other programs.") from error

    def unload(self) -> None:
        """Forget the networks and give their memory back."""
        self._loaded = None
        gc.collect()
        if self._device.torch_device.type == "cuda":
            torch.cuda.empty_cache()

    def close(self) -> None:
        """Release everything; the engine is not used afterwards."""
        self.unload()

    def _load(self, manifest: PackManifest, recipe: Recipe) -> LoadedPack:
        choices = self._choices(manifest, recipe.precision)
        if self._loaded is None or not self._loaded.serves(manifest, choices):
            self.unload()
            self._loaded = LoadedPack(
                manifest, self._device, choices, self._cache_folder, self._resources, self._make_tokenizer
            )
        return self._loaded

    def _choices(self, manifest: PackManifest, requested: Precision) -> PackChoices:
        choices = choose_for_pack(self._device, manifest, requested)
        shape = self._shape(manifest) if requested is Precision.AUTO else None
        if shape is None:
            return choices
        size = Size(manifest.base_size, manifest.base_size)
        idle = 0 if self._on_gpu else self._idle
        return in_few_bits(shape, choices, size, total=self._memory_total, idle=idle, on_gpu=self._on_gpu)

    def _plan_for(self, pack: LoadedPack, recipe: Recipe, pictures: int) -> MemoryPlan:
        """What the user insists on, else what was learned from the last picture of this weight, else what fits."""
        wish = self._plan_wish()
        if wish is not None:
            return wish
        learned, shape = self._plans.get(_weight_of(recipe, pictures)), self._shape(pack.manifest)
        if learned is not None or shape is None:
            return learned or PLANS[0]
        # What networks of before hold is room, too: they stay or go as the plan says.
        room = round(SHARE_OF_MEMORY * pack.free_bytes()) + max(0, self._meter.now() - self._idle)
        passes = 2 if recipe.guidance > 1 and recipe.solver is not Solver.SPRINT else 1
        return plan_to_begin_with(
            shape, pack.choices, recipe.size, pictures=pictures, passes=passes, room=room, on_gpu=self._on_gpu
        )

    def _shape(self, manifest: PackManifest) -> PackShape | None:
        if manifest not in self._shapes:
            self._shapes = {manifest: try_shape(manifest)}
        return self._shapes[manifest]

    @property
    def _on_gpu(self) -> bool:
        return self._device.torch_device.type != "cpu"

    def _too_small(self, recipe: Recipe, hint: str) -> MachineError:
        # Half-made networks and activations hold the memory that the next job needs.
        self.unload()
        return MachineError(
            f"{self._device.name} has too little memory for {recipe.size} with pack “{recipe.pack}”.", hint=hint
        )

    def _provenance(self, pack: LoadedPack, batch: tuple[Recipe, ...]) -> Provenance:
        return Provenance(
            device=f"{self._device.torch_device.type} ({self._device.name})",
            precision=_precision_text(pack),
            precision_reason=pack.choices.transformer.reason,
            pack_version=pack.manifest.version,
            app_version=__version__,
            torch_version=torch.__version__,
            batch_seeds=tuple(one.seed for one in batch) if len(batch) > 1 else (),
            kernels=kernels_used(self._device.torch_device, pack.choices.transformer.dtype),
        )


def _weight_of(recipe: Recipe, pictures: int) -> tuple[object, ...]:
    """What decides how much memory a batch takes."""
    return (recipe.pack, recipe.precision, recipe.size, pictures)


def _memory_use(drawn: Drawn, idle: int) -> MemoryUse:
    loading = drawn.peaks.get(Phase.LOAD, 0)
    return MemoryUse(
        plan=drawn.used,
        idle=idle,
        encode=max(loading, drawn.peaks.get(Phase.ENCODE, 0)),
        sample=drawn.peaks.get(Phase.SAMPLE, 0),
        decode=drawn.peaks.get(Phase.DECODE, 0),
    )


def _picture(
    recipe: Recipe,
    rgb: bytes,
    latents: bytes,
    notices: tuple[str, ...],
    timings: Timings,
    provenance: Provenance,
) -> Picture:
    return Picture(
        rgb=rgb,
        width=recipe.size.width,
        height=recipe.size.height,
        recipe=recipe,
        provenance=provenance,
        timings=timings,
        notices=notices,
        latents=latents,
    )


def _made_by(manifest: PackManifest, provenance: Provenance) -> dict[str, str]:
    """All but the recipes that decides about pixels: work that was begun otherwise is not gone on from."""
    return {
        "pack": manifest.id,
        "pack_version": provenance.pack_version,
        "device": provenance.device,
        "precision": provenance.precision,
        "app_version": provenance.app_version,
        "torch_version": provenance.torch_version,
    }


def _precision_text(pack: LoadedPack) -> str:
    def named(part: str, choice: PrecisionChoice) -> str:
        return f"{part} {choice}"

    choices = pack.choices
    return ", ".join(
        (
            named("transformer", choices.transformer),
            named("text encoder", choices.text_encoder),
            named("autoencoder", choices.vae),
        )
    )


def _check_solver(recipe: Recipe, manifest: PackManifest) -> None:
    """A Sprint network is not a flow network: the wrong solver draws noise, so it is refused."""
    sprint_pack = manifest.default_solver is Solver.SPRINT
    if sprint_pack is not (recipe.solver is Solver.SPRINT):
        raise RecipeError(
            f"Pack “{manifest.id}” cannot be drawn with the solver {recipe.solver}.",
            hint=f"Use --solver {manifest.default_solver}.",
        )
