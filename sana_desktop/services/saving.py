"""From a finished picture to a file: where it goes is decided, and checked, before anything is drawn."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError
from sana_desktop.gallery.files import check_folder, is_taken, write_new, write_over
from sana_desktop.gallery.metadata import SUFFIXES, PictureKind, check_recipe_fits, write_picture
from sana_desktop.gallery.names import picture_stem


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPlan:
    """Where the pictures of one job go.

    Without `stem`, each is called after its own date, seed and prompt. With it, one picture is called
    exactly so and several stem-1, stem-2, ...; `overwrite` allows replacing files that had those names.
    """

    folder: Path
    kind: PictureKind = PictureKind.PNG
    suffix: str = ".png"
    stem: str | None = None
    count: int = 1
    overwrite: bool = False

    def targets(self) -> tuple[Path, ...]:
        """The files that were asked for by name, none if names are made up later."""
        if self.stem is None:
            return ()
        if self.count == 1:
            return (self.folder / f"{self.stem}{self.suffix}",)
        digits = len(str(self.count))
        numbers = range(1, self.count + 1)
        return tuple(self.folder / f"{self.stem}-{number:0{digits}}{self.suffix}" for number in numbers)

    def check(self, recipe: Recipe) -> None:
        """Raise `OutputError` if pictures of `recipe` could not be written so. Changes nothing on the disk."""
        check_recipe_fits(recipe, self.kind)
        for target in self.targets():
            if not is_taken(target):
                continue
            if target.is_dir():
                raise OutputError(f"{target} is a folder.", hint="Choose another name, or end it with a slash.")
            if not self.overwrite:
                raise OutputError(
                    f"{target} exists already.", hint="Choose another name, or allow replacing it with --overwrite."
                )
        check_folder(self.folder)


def plan_output(out: str | None, default_folder: Path, *, count: int = 1, overwrite: bool = False) -> OutputPlan:
    """Understand what the user named: nothing, a folder, or a file ending in .png, .jpg, .jpeg or .webp.

    A name without an ending, or with a slash at its end, is a folder, which may not exist yet. Raises
    `OutputError` for any other ending.
    """
    if out is None:
        return OutputPlan(folder=default_folder)
    path = Path(out)
    separators = ("/", os.sep)
    if out.endswith(separators) or not path.suffix or (is_taken(path) and path.is_dir()):
        if path.name == "-":
            raise OutputError("Pictures cannot go to standard output.", hint="Name a file or a folder.")
        return OutputPlan(folder=path)
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise OutputError(
            f"Pictures cannot be written as “{path.suffix}”; expected {', '.join(SUFFIXES)}.",
            hint="For a folder of that name, put a slash at its end.",
        )
    return OutputPlan(
        folder=path.parent, kind=kind, suffix=path.suffix, stem=path.stem, count=count, overwrite=overwrite
    )


class PictureSaver:
    """Writes the pictures of one job as their plan says; what a `GenerationQueue` calls to save.

    A file that came into being since the plan was checked is not replaced: the picture then gets the next
    free number, because a drawn picture is worth more than its name.
    """

    def __init__(self, plan: OutputPlan, now: Callable[[], datetime] = datetime.now) -> None:
        self._plan = plan
        self._now = now
        self._targets = iter(plan.targets()) if plan.stem is not None else itertools.repeat(None)

    def __call__(self, job: int, picture: Picture) -> Path:
        """Write the next picture, whole or not at all, and return its path; raises `OutputError`."""
        plan = self._plan
        target = next(self._targets) or plan.folder / f"{picture_stem(picture.recipe, self._now())}{plan.suffix}"
        put = write_over if plan.overwrite else write_new
        return put(target, lambda file: write_picture(picture, plan.kind, file))
