"""An engine without networks: gradients at once, with the manners of the real one."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.events import Emit, Notice, Phase, PhaseStarted, PreviewReady, StepDone
from sana_desktop.domain.picture import Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import JobCancelledError, RecipeError

PROVENANCE = Provenance(
    device="cpu (made of paper)",
    precision="fp32",
    precision_reason="every processor has it",
    pack_version="1",
    app_version="0",
    torch_version="none",
    kernels="of paper",
    tiling="whole",
)
TIMINGS = Timings(load=1.5, encode=0.25, sample=2.0, decode=0.5)


class FakeEngine:
    """Draws gradients that depend on the seed.

    `on_phase` and `on_step` run on the engine's thread at that moment, `on_prepare` while it loads ahead; a
    test cancels, waits or raises there. With `previews`, these show the picture appearing in a colour that
    depends on the seed; otherwise they are one black pixel. `batches` remembers what was drawn together,
    `cancel` the token of the last batch, `suspended` the batches to go on with, `forgotten` and `prepared`
    what those methods were given, `read` whose words were read ahead, `closed` whether `close` was called.
    """

    def __init__(
        self,
        *,
        on_phase: Callable[[Phase], None] = lambda phase: None,
        on_step: Callable[[int], None] = lambda step: None,
        on_prepare: Callable[[CancelToken], None] = lambda cancel: None,
        notice: str = "",
        previews: bool = False,
    ) -> None:
        self._on_phase = on_phase
        self._on_step = on_step
        self._on_prepare = on_prepare
        self._notice = notice
        self._previews = previews
        self.cancel = CancelToken()
        self.batches: list[tuple[Recipe, ...]] = []
        self.suspended: list[tuple[Recipe, ...]] = []
        self.forgotten: list[tuple[Recipe, ...]] = []
        self.prepared: list[Recipe] = []
        self.read: list[tuple[tuple[Recipe, ...], ...]] = []
        self.closed = False

    def generate(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None = None
    ) -> tuple[Picture, ...]:
        self.batches.append(recipes)
        self.cancel = cancel
        try:
            return self._draw(job, recipes, emit, cancel, latents)
        except JobCancelledError:
            if cancel.stop is Stop.SUSPEND:
                self.suspended.append(recipes)
            raise

    def forget(self, recipes: tuple[Recipe, ...]) -> None:
        self.forgotten.append(recipes)

    def read_ahead(self, batches: Sequence[tuple[Recipe, ...]], cancel: CancelToken) -> None:
        self.read.append(tuple(batches))
        cancel.check()

    def prepare(self, recipe: Recipe, cancel: CancelToken) -> None:
        self.prepared.append(recipe)
        self._on_prepare(cancel)
        cancel.check()

    def close(self) -> None:
        self.closed = True

    def _draw(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None
    ) -> tuple[Picture, ...]:
        def begin(phase: Phase) -> None:
            cancel.check()
            emit(PhaseStarted(job, phase))
            self._on_phase(phase)

        begin(Phase.LOAD)
        begin(Phase.ENCODE)
        if self._notice:
            emit(Notice(job, self._notice))
        begin(Phase.SAMPLE)
        sha256 = None if latents is None else _sha256(latents)
        done = self._steps(job, recipes[0], emit, cancel)
        cancel.check_keeping()
        emit(PhaseStarted(job, Phase.DECODE))
        self._on_phase(Phase.DECODE)
        cancel.check_keeping()
        notices = (self._notice,) if self._notice else ()
        drawn = (replace(recipe, latents_sha256=sha256).stopped_after(done) for recipe in recipes)
        return tuple(fake_picture(recipe, notices) for recipe in drawn)

    def _steps(self, job: int, recipe: Recipe, emit: Emit, cancel: CancelToken) -> int:
        """Pretend to take the steps, and return how many were done."""
        for step in range(1, recipe.steps + 1):
            self._on_step(step)
            if cancel.stop is Stop.KEEP and step > 1:
                return step - 1
            cancel.check()
            emit(StepDone(job, step, recipe.steps))
            emit(_preview(job, recipe, step) if self._previews else PreviewReady(job, step, bytes(3), 1, 1))
        return recipe.steps


def fake_picture(recipe: Recipe, notices: tuple[str, ...] = ()) -> Picture:
    """The picture that the fake engine draws for `recipe`."""
    width, height = recipe.size.width, recipe.size.height
    rows = (bytes((x + recipe.seed) % 256 for x in range(3 * width)) for _ in range(height))
    return Picture(
        rgb=b"".join(rows),
        width=width,
        height=height,
        recipe=recipe,
        provenance=PROVENANCE,
        timings=TIMINGS,
        notices=notices,
    )


def _preview(job: int, recipe: Recipe, step: int) -> PreviewReady:
    """A thirty-second of the picture's size, brighter with every step and to the lower right."""
    width, height = recipe.size.latent_width, recipe.size.latent_height
    tint = hashlib.sha256(str(recipe.seed).encode()).digest()[:3]
    brightness = (step / recipe.steps * (x / width + y / height) / 2 for y in range(height) for x in range(width))
    return PreviewReady(job, step, bytes(int(part * level) for level in brightness for part in tint), width, height)


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise RecipeError(f"Latents file {path} was not found.", hint="Give the path of a .npy file.")
    return hashlib.sha256(path.read_bytes()).hexdigest()
