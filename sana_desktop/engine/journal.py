"""Finished latents on disk before they are decoded, so that no failure of the decode loses them.

Shapes: B pictures, K latent channels, h w latent height and width.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from torch import Tensor

from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import MachineError


class LatentsJournal:
    """A folder that holds the latents of pictures that are drawn but not decoded yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, recipes: Sequence[Recipe], latents_BKhw: Tensor) -> Path:
        """Store fp32 latents beside their recipes; returns the entry. Raises `MachineError` if it cannot.

        The .npy holds scaled clean latents; the .json beside it says of which recipes.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=".partial", dir=self.folder)
            partial = Path(name)
            try:
                return self._finish(partial, handle, recipes, latents_BKhw)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise MachineError(
                f"Finished latents could not be kept in {self.folder}: {error.strerror}.",
                hint="Free some space or choose another data folder with SANA_DESKTOP_HOME.",
            ) from error

    def forget(self, entry: Path) -> None:
        """Remove an entry whose pictures exist now; one that is already gone is no error."""
        entry.unlink(missing_ok=True)
        entry.with_suffix(".json").unlink(missing_ok=True)

    def _finish(self, partial: Path, handle: int, recipes: Sequence[Recipe], latents_BKhw: Tensor) -> Path:
        with os.fdopen(handle, "wb") as file:
            np.save(file, latents_BKhw.float().cpu().numpy(), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        described = [recipe_to_plain(recipe) for recipe in recipes]
        partial.with_suffix(".json").write_text(json.dumps(described), encoding="utf-8")
        # Last, so that an entry that can be seen is complete.
        return partial.replace(partial.with_suffix(".npy"))
