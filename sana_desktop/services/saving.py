"""From a finished picture to a file: where it goes is decided, and checked, before anything is drawn."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError, RecipeError
from sana_desktop.gallery.files import check_folder, is_taken, numbered, sweep_unfinished, write_new, write_over
from sana_desktop.gallery.metadata import SUFFIXES, PictureKind, check_recipe_fits, read_recipe, write_picture
from sana_desktop.gallery.name_pattern import DEFAULT_PATTERN, NamePattern
from sana_desktop.gallery.running_numbers import RunningNumbers
from sana_desktop.system.settings import Settings

# No file takes that long to write.
SECONDS_UNTIL_LEFT = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPlan:
    """Where the pictures of one job go.

    Without `stem`, each gets a name by `pattern`. With it, one picture is called exactly so and several
    stem-1, stem-2, ...; `overwrite` allows replacing files that had those names.
    """

    folder: Path
    kind: PictureKind = PictureKind.PNG
    suffix: str = ".png"
    stem: str | None = None
    count: int = 1
    overwrite: bool = False
    pattern: NamePattern = field(default_factory=partial(NamePattern.parse, DEFAULT_PATTERN))

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


def suffix_of(kind: str) -> str:
    """The ending of new files of a kind."""
    return next(suffix for suffix, found in SUFFIXES.items() if found == kind)


def plan_by_settings(settings: Settings, default_folder: Path) -> OutputPlan:
    """What the user's preferences say about new pictures; raises `OutputError` for a pattern that will not do."""
    kind = PictureKind(settings.choice("files.format"))
    return OutputPlan(
        folder=settings.folder("files.pictures_folder") or default_folder,
        kind=kind,
        suffix=suffix_of(kind),
        pattern=NamePattern.parse(settings.text("files.name_pattern")),
    )


def plan_output(out: str | None, default: Path | OutputPlan, *, count: int = 1, overwrite: bool = False) -> OutputPlan:
    """Understand what the user named: nothing, a folder, or a file ending in .png, .jpg, .jpeg, .webp or .avif.

    A name without an ending, or with a slash at its end, is a folder, which may not exist yet. What was not
    named is as in the default, a folder or a plan. Raises `OutputError` for any other ending.
    """
    usual = OutputPlan(folder=default) if isinstance(default, Path) else default
    if out is None:
        return usual
    path = Path(out)
    separators = ("/", os.sep)
    if out.endswith(separators) or not path.suffix or (is_taken(path) and path.is_dir()):
        if path.name == "-":
            raise OutputError("Pictures cannot go to standard output.", hint="Name a file or a folder.")
        return replace(usual, folder=path)
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise OutputError(
            f"Pictures cannot be written as “{path.suffix}”; expected {', '.join(SUFFIXES)}.",
            hint="For a folder of that name, put a slash at its end.",
        )
    return OutputPlan(
        folder=path.parent, kind=kind, suffix=path.suffix, stem=path.stem, count=count, overwrite=overwrite
    )


def holds_picture(path: Path, recipe: Recipe) -> bool:
    """Whether a file holds the picture of a recipe, stopped or not; reads no pixels.

    Files are written whole or not at all, so that its recipe is there says that the rest is.
    """
    try:
        found = read_recipe(path)
    except RecipeError:
        return False
    return replace(found, latents_sha256=recipe.latents_sha256, stop_after=recipe.stop_after) == recipe


class PictureSaver:
    """Writes the pictures of one job as their plan says; what a `GenerationQueue` calls to save.

    A file that came into being since the plan was checked is not replaced: the picture then gets the next
    free number, because a drawn picture is worth more than its name. `announce` is told, before a new file is
    written, which picture of which job it will be, so that it can be found (see `holds_picture`) if the
    program ends before anybody hears of it. `record` is told of every file that was written, and returns at once.
    """

    def __init__(
        self,
        plan: OutputPlan,
        now: Callable[[], datetime] = datetime.now,
        announce: Callable[[int, Picture, Path], None] | None = None,
        record: Callable[[Path, Picture], None] | None = None,
    ) -> None:
        self._plan = plan
        self._now = now
        self._announce = announce
        self._record = record
        self._targets = iter(plan.targets()) if plan.stem is not None else itertools.repeat(None)
        self._numbers = RunningNumbers()
        self._swept: set[Path] = set()

    def use(self, plan: OutputPlan) -> None:
        """Save as this plan says from the next picture on; it may not name files. May be called on any thread."""
        self._plan = plan

    def __call__(self, job: int, picture: Picture) -> Path:
        """Write the next picture, whole or not at all, and return its path; raises `OutputError`."""
        plan = self._plan
        target = next(self._targets) or self._made_up(plan, picture.recipe)
        self._sweep(target.parent)
        put = write_over if plan.overwrite else write_new
        if self._announce is not None and not plan.overwrite:
            target = next((name for name in numbered(target) if not is_taken(name)), target)
            self._announce(job, picture, target)
        path = put(target, lambda file: write_picture(picture, plan.kind, file))
        if self._record is not None:
            self._record(path, picture)
        return path

    def _sweep(self, folder: Path) -> None:
        """Once for each folder: a program that was killed while it saved left a hidden file there."""
        if folder not in self._swept:
            self._swept.add(folder)
            sweep_unfinished(folder, self._now().timestamp() - SECONDS_UNTIL_LEFT)

    def _made_up(self, plan: OutputPlan, recipe: Recipe) -> Path:
        now = self._now()
        folder = plan.folder.joinpath(*plan.pattern.folders_for(recipe, now))
        number = self._numbers.take(folder) if plan.pattern.counts else 0
        # Not with_suffix: the words of the name may hold dots.
        return folder / f"{plan.pattern.stem_for(recipe, now, number)}{plan.suffix}"
