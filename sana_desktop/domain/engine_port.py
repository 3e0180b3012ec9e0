"""What the queue needs of an engine, so that neither knows the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.events import Emit
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe


@runtime_checkable
class LatentsDecoder(Protocol):
    """An engine that can also make pixels of latents that were kept."""

    def decode_again(self, recipe: Recipe, latents: Path, cancel: CancelToken) -> Picture:
        """The picture of `recipe` from its finished latents (a .npy file); raises as `generate` does."""
        ...


class PictureEngine(Protocol):
    """Draws pictures; made, used and closed by one thread."""

    def generate(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None = None
    ) -> tuple[Picture, ...]:
        """Draw `recipes` together as one batch and return their pictures in the same order.

        The recipes differ in their words and seeds at most. `latents` names a .npy file that the noise comes from;
        the recipes of the pictures then carry its hash. Emits `PhaseStarted`, `StepDone`,
        `PreviewReady` and `Notice`. Raises a `KnownError` for what the user can mend and
        `JobCancelledError` after `cancel`; anything else is a bug.

        Goes on from what an earlier call, also of an earlier process, left of the same batch. After
        `Stop.SUSPEND` and after a failure that is kept, after `Stop.DISCARD` it is gone. After `Stop.KEEP`
        the pictures are returned as they stand, and their recipes say after which step; if no step is
        done, it is a cancel like the others.
        """
        ...

    def forget(self, recipes: tuple[Recipe, ...]) -> None:
        """Remove what is kept of a batch: its pictures are on disk now, or nobody wants them any more.

        `recipes` are those that `generate` was given or those of the pictures that it returned. Called on
        the engine's thread; nothing happens where nothing is kept.
        """
        ...

    def read_ahead(self, batches: Sequence[tuple[Recipe, ...]], cancel: CancelToken) -> None:
        """Read the words of batches that are drawn later, as `generate` would, and put the text encoder away.

        The recipes have one pack. Raises as `generate` does; what was read by then need not be read again.
        """
        ...

    def prepare(self, recipe: Recipe, cancel: CancelToken) -> None:
        """Load what a recipe of this pack will need, so that its first picture starts at once.

        Draws and emits nothing. Raises as `generate` does; what is loaded by then stays loaded.
        """
        ...

    def close(self) -> None:
        """Give back memory and files; nothing may be asked of the engine afterwards."""
        ...
