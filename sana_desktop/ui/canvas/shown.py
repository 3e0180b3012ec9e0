"""A finished picture that the canvas shows."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from sana_desktop.domain.recipe import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The pixels, the file that they are in, and what drew them (None if nobody knows)."""

    image: QImage
    path: Path
    recipe: Recipe | None = None
