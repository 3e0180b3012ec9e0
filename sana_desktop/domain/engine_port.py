"""What the queue needs of an engine, so that neither knows the other."""

from pathlib import Path
from typing import Protocol

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.events import Emit
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe


class PictureEngine(Protocol):
    """Draws pictures; made, used and closed by one thread."""

    def generate(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None = None
    ) -> tuple[Picture, ...]:
        """Draw `recipes` together as one batch and return their pictures in the same order.

        The recipes differ in their seed alone. `latents` names a .npy file that the noise comes from;
        the recipes of the pictures then carry its hash. Emits `PhaseStarted`, `StepDone`,
        `PreviewReady` and `Notice`. Raises a `KnownError` for what the user can mend and
        `JobCancelledError` after `cancel`; anything else is a bug.
        """
        ...

    def close(self) -> None:
        """Give back memory and files; nothing may be asked of the engine afterwards."""
        ...
