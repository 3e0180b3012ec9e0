"""An engine without networks: gradients at once, with the manners of the real one."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.events import Emit, Notice, Phase, PhaseStarted, PreviewReady, StepDone
from sana_desktop.domain.picture import Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError

PROVENANCE = Provenance(
    device="cpu (made of paper)",
    precision="fp32",
    precision_reason="every processor has it",
    pack_version="1",
    app_version="0",
    torch_version="none",
)
TIMINGS = Timings(load=1.5, encode=0.25, sample=2.0, decode=0.5)


class FakeEngine:
    """Draws gradients that depend on the seed.

    `on_phase` and `on_step` run on the engine's thread at that moment; a test cancels, waits or raises
    there. `batches` remembers what was drawn together, `cancel` the token of the last batch, `closed`
    whether `close` was called.
    """

    def __init__(
        self,
        *,
        on_phase: Callable[[Phase], None] = lambda phase: None,
        on_step: Callable[[int], None] = lambda step: None,
        notice: str = "",
    ) -> None:
        self._on_phase = on_phase
        self._on_step = on_step
        self._notice = notice
        self.cancel = CancelToken()
        self.batches: list[tuple[Recipe, ...]] = []
        self.closed = False

    def generate(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None = None
    ) -> tuple[Picture, ...]:
        def begin(phase: Phase) -> None:
            cancel.check()
            emit(PhaseStarted(job, phase))
            self._on_phase(phase)

        self.batches.append(recipes)
        self.cancel = cancel
        begin(Phase.LOAD)
        begin(Phase.ENCODE)
        if self._notice:
            emit(Notice(job, self._notice))
        begin(Phase.SAMPLE)
        sha256 = None if latents is None else _sha256(latents)
        for step in range(1, recipes[0].steps + 1):
            self._on_step(step)
            cancel.check()
            emit(StepDone(job, step, recipes[0].steps))
            emit(PreviewReady(job, step, bytes(3), 1, 1))
        begin(Phase.DECODE)
        cancel.check()
        notices = (self._notice,) if self._notice else ()
        return tuple(fake_picture(replace(recipe, latents_sha256=sha256), notices) for recipe in recipes)

    def close(self) -> None:
        self.closed = True


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


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise RecipeError(f"Latents file {path} was not found.", hint="Give the path of a .npy file.")
    return hashlib.sha256(path.read_bytes()).hexdigest()
