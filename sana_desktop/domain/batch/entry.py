"""What one line of a prompt list asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sana_desktop.domain.batch.axes import Axis
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.sizes import Size

_NO_PLACES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The wishes of a line; None is whatever the list's defaults say.

    `prompt` may hold variants and wildcards, `count` pictures are wanted of each text that it stands for.
    `folder` is below the folder of the run. `columns` says where in the line a value stands, by the name of its flag.
    """

    line: int
    prompt: str
    negative: str | None = None
    seed: int | None = None
    steps: int | None = None
    size: Size | None = None
    width: int | None = None
    height: int | None = None
    guidance: float | None = None
    flow_shift: float | None = None
    guidance_interval: GuidanceInterval | None = None
    solver: Solver | None = None
    pack: str | None = None
    styles: tuple[str, ...] = ()
    batch_size: int = 1
    n_iter: int = 1
    folder: PurePosixPath | None = None
    axes: tuple[Axis, ...] = ()
    columns: Mapping[str, int] = field(default_factory=lambda: _NO_PLACES, compare=False, repr=False)

    @property
    def count(self) -> int:
        """Pictures of each text, with seeds that count up."""
        return self.batch_size * self.n_iter

    def column(self, *flags: str) -> int:
        """Where the first of these flags that was given stands, 1 if none was."""
        return next((self.columns[flag] for flag in flags if flag in self.columns), 1)
