"""Drawing a picture again, and saying whether it is the same, or what was different."""

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageChops

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Emit
from sana_desktop.domain.job import LARGEST_BATCH
from sana_desktop.domain.picture import Picture, Provenance
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.recipe_diff import recipe_differences
from sana_desktop.errors import JobCancelledError, KnownError, RecipeError
from sana_desktop.gallery.facts import provenance_in
from sana_desktop.gallery.infotext import SAMPLERS
from sana_desktop.gallery.metadata import PictureKind, read_recipe, write_picture
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.infotext import read_infotext
from sana_desktop.gallery.readers.source import open_picture, read_carried

# Given the recipes of one batch, their pictures in the same order.
Draw = Callable[[tuple[Recipe, ...]], tuple[Picture, ...]]

_KINDS = {"PNG": PictureKind.PNG, "JPEG": PictureKind.JPEG, "WebP": PictureKind.WEBP, "AVIF": PictureKind.AVIF}
# What is written down about the drawing and decides about its pixels.
_DECISIVE = ("device", "precision", "pack_version", "app_version", "torch_version", "kernels", "tiling")
# What older programs did not write down: where it is missing, it is not known to differ.
_LATER = ("kernels", "tiling")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was otherwise when the picture was drawn: by its name, then and now."""

    name: str
    recorded: str
    now: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the picture came out the same, bit for bit.

    `psnr` says how near it is, in decibels (infinite if the same, None for pictures of different sizes).
    `differences` are the recorded facts that are no longer so; they may exist without changing a pixel.
    """

    identical: bool
    psnr: float | None
    differences: tuple[Difference, ...]

    @property
    def text(self) -> str:
        """The verdict in one line."""
        names = ", ".join(f"{one.name} was {one.recorded or '-'}, is {one.now or '-'}" for one in self.differences)
        if self.identical:
            return f"bit-identical{f' ({names})' if names else ''}"
        near = "another size" if self.psnr is None else f"PSNR {self.psnr:.1f} dB"
        return f"different, {near}: {names or 'nothing that was recorded differs'}"


def verify(path: Path, draw: Draw, recorded: Recipe | None = None) -> Verdict:
    """Draw the picture of a file again, with the others of its batch if that matters, and compare.

    `recorded` is the recipe that the gallery holds; without it, the file's recipe is compared with the text
    beside it. Files of other kinds than PNG are compared after packing the new picture in the same way. Raises
    `RecipeError` for files without a recipe of ours, and whatever `draw` does.
    """
    carried = read_carried(path)
    recipe = read_recipe(path)
    before = provenance_in(carried)
    recipes, place = _batch(recipe, before)
    picture = draw(recipes)[place]
    differences = (*_changed_facts(recipe, recorded, carried), *_other_circumstances(before, picture.provenance))
    psnr = nearness(path, picture)
    return Verdict(psnr is not None and math.isinf(psnr), psnr, differences)


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that was drawn again, or why it could not be."""

    path: Path
    verdict: Verdict | None
    problem: str = ""


def verify_all(
    pictures: Sequence[tuple[Path, Recipe | None]], draw: Draw, progress: Callable[[int, int], None]
) -> tuple[Checked, ...]:
    """Verify files one after the other, each with the recipe that the gallery holds; one without any stops no other."""
    checked: list[Checked] = []
    for path, recorded in pictures:
        try:
            checked.append(Checked(path, verify(path, draw, recorded)))
        except JobCancelledError:
            raise
        except KnownError as error:
            checked.append(Checked(path, None, str(error)))
        progress(len(checked), len(pictures))
    return tuple(checked)


def drawn_by(engine: PictureEngine, cancel: CancelToken, emit: Emit, latents: Path | None = None) -> Draw:
    """Drawing with this engine, which keeps nothing of it; `latents` is for recipes that began with noise of a file."""

    def draw(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
        if recipes[0].latents_sha256 is not None and latents is None:
            raise RecipeError(
                "The picture began with noise from a file.",
                hint="Verify it in the terminal: `sana-desktop gallery verify --latents FILE.npy`.",
            )
        pictures = engine.generate(1, recipes, emit, cancel, latents)
        engine.forget(recipes)
        return pictures

    return draw


def nearness(path: Path, picture: Picture) -> float | None:
    """The PSNR in decibels between a file and a picture, infinite if they are the same; None for other sizes.

    Raises `RecipeError` for a file that is damaged.
    """
    carried = read_carried(path)
    with open_picture(path, path.name) as file:
        old = _unpacked(file, carried, path.name)
    new = _repacked(picture, _KINDS[carried.kind])
    return _psnr(old, new) if old.size == new.size else None


def _batch(recipe: Recipe, provenance: Provenance) -> tuple[tuple[Recipe, ...], int]:
    """The recipes that were drawn together, and which of them is this one."""
    seeds = provenance.batch_seeds
    if recipe.seed not in seeds or len(seeds) > LARGEST_BATCH:
        return (recipe,), 0
    return tuple(recipe.with_seed(seed) for seed in seeds), seeds.index(recipe.seed)


def _changed_facts(recipe: Recipe, recorded: Recipe | None, carried: Carried) -> Iterator[Difference]:
    """Where the file's recipe is not the one that it was drawn by."""
    if recorded is not None:
        for one in recipe_differences(recorded, recipe):
            yield Difference(one.field.replace("_", " "), one.before, one.after)
        return
    beside = read_infotext(carried)
    if beside is None:
        return
    said = (
        ("seed", beside.seed, recipe.seed),
        ("steps", beside.steps, recipe.steps),
        ("guidance", beside.guidance, recipe.guidance),
        ("pack", beside.model or None, recipe.pack),
        ("solver", beside.sampler or None, SAMPLERS[recipe.solver]),
    )
    for name, before, now in said:
        if before is not None and before != now:
            yield Difference(name, str(before), str(now))


def _other_circumstances(before: Provenance, now: Provenance) -> Iterator[Difference]:
    for name in _DECISIVE:
        old, new = getattr(before, name), getattr(now, name)
        if old != new and (old or name not in _LATER):
            yield Difference(name.replace("_", " "), old, new)


def _unpacked(file: BinaryIO, carried: Carried, name: str) -> Image.Image:
    try:
        with Image.open(file, formats=(carried.kind,)) as image:
            return image.convert("RGB")
    # What Pillow's readers end in on damaged files; the one of AVIF in RuntimeError.
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, Image.DecompressionBombError) as error:
        raise RecipeError(f"{name} is damaged: its pixels cannot be read.") from error


def _repacked(picture: Picture, kind: PictureKind) -> Image.Image:
    """The pixels as a file of that kind gives them back."""
    plain = Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)
    if kind is PictureKind.PNG:
        return plain
    file = io.BytesIO()
    write_picture(picture, kind, file)
    with Image.open(file) as image:
        return image.convert("RGB")


def _psnr(old: Image.Image, new: Image.Image) -> float:
    counts = ImageChops.difference(old, new).histogram()
    squares = sum((value % 256) ** 2 * count for value, count in enumerate(counts))
    mean = squares / (3 * old.width * old.height)
    return math.inf if mean == 0 else 10 * math.log10(255**2 / mean)
