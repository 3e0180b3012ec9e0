"""Varied, openly licensed pictures for the preview decoder: where they come from, and how views of them are cut.

Shapes: H W height and width. Pictures are 8-bit RGB.
"""

import hashlib
import random
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SIDE = 256
_HELD_OUT_BYTES = 20  # of 256: about 8 % of the pictures
_FURTHEST_VIEW = 1024
_LEAST_SIDE = 192
_LARGEST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Pictures of one package: which files, of what licence, and their share of the views."""

    package: str
    pattern: str
    kind: str
    licence: str
    share: float
    only_held_out: bool = False
    debian: bool = True


SOURCES = (
    Source("plasma-workspace-wallpapers", "usr/share/wallpapers/*/contents/images/*", "scene", "GPL-2+", 0.26),
    Source("mate-backgrounds", "usr/share/backgrounds/mate/*/*", "scene", "GPL-2+, CC-BY-SA-4.0", 0.2),
    Source("gnome-backgrounds", "usr/share/backgrounds/gnome/*.webp", "scene", "CC-BY-SA-3.0, CC0-1.0", 0.06),
    Source(
        "lomiri-wallpapers-16.04", "usr/share/backgrounds/*", "scene", "CC-BY-4.0, CC-BY-SA", 0.2, only_held_out=True
    ),
    Source("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps/*/**/*.png", "cutout", "GPL-2+", 0.2),
    Source("openclipart-png", "usr/share/openclipart/png/*/**/*.png", "cutout", "public domain", 0.18),
    Source("fluent-emoji-3d", "assets/*.webp", "cutout", "MIT", 0.1, debian=False),
)
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


def is_held_out(name: str) -> bool:
    """Whether the picture of this name (package and path in it) is never trained on; the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] < _HELD_OUT_BYTES


def find_pictures(folder: Path, source: Source, *, held_out: bool) -> list[Path]:
    """The files of one source below `folder`, in a fixed order, of one side of the split."""
    if source.only_held_out and not held_out:
        return []
    root = folder / source.package
    return [
        path
        for path in sorted(root.glob(source.pattern))
        if path.suffix.lower() in _SUFFIXES
        and (source.only_held_out or is_held_out(_group(path.relative_to(root), source)) == held_out)
    ]


def _group(inside: Path, source: Source) -> str:
    """What is split as a whole: the wallpaper, whose sizes and shades are files of their own, or the file's stem."""
    if "contents" in inside.parts:
        return f"{source.package}/{inside.parts[inside.parts.index('contents') - 1]}"
    stem = inside.stem.split("_")[0] if source.package == "mate-backgrounds" else inside.stem
    # The light and the dark form of one picture.
    return f"{source.package}/{stem.removesuffix('-d').removesuffix('-l')}"


def views(folder: Path, count: int, seed: int, *, held_out: bool) -> Iterator[tuple[str, Image.Image]]:
    """Yield `count` views of SIDE x SIDE with the package of each, drawn by the sources' shares.

    Scenes are seen from near and far; cutouts lie on a plain colour or on a piece of a scene. Several views are
    cut from a picture while it is open. Raises ValueError if there are no pictures.
    """
    rng = random.Random(seed)
    found = {source: find_pictures(folder, source, held_out=held_out) for source in SOURCES}
    present = [source for source, paths in found.items() if paths]
    if not present:
        raise ValueError(f"expected packages with pictures in {folder}, found none: run `training.fetch` first")
    backdrop = Image.new("RGB", (SIDE, SIDE), "white")
    made = 0
    while made < count:
        source = rng.choices(present, [source.share / _per_picture(source) for source in present])[0]
        picture = _open(rng.choice(found[source]))
        if picture is None:
            continue
        for _ in range(min(_per_picture(source), count - made)):
            if source.kind == "scene":
                view = backdrop = _crop(picture.convert("RGB"), rng)
            else:
                view = _laid_on(picture.convert("RGBA"), backdrop if rng.random() < 0.3 else _plain(rng), rng)
            made += 1
            yield source.package, view


def _per_picture(source: Source) -> int:
    return 8 if source.kind == "scene" else 2


def _open(path: Path) -> Image.Image | None:
    # Large wallpapers are meant; what is too large even so is passed over below, before any pixel is read.
    with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning), Image.open(path) as opened:
        if min(opened.size) < 48 or opened.width * opened.height > _LARGEST_PIXELS:
            return None
        longest = max(opened.size)
        opened.draft("RGB", (longest // 2, longest // 2))
        if longest > 2 * _FURTHEST_VIEW:
            opened.thumbnail((2 * _FURTHEST_VIEW, 2 * _FURTHEST_VIEW))
        return opened.copy()


def _crop(picture: Image.Image, rng: random.Random) -> Image.Image:
    """A square of a random size out of `picture`, as SIDE x SIDE; mirrored half of the time."""
    shortest = min(picture.size)
    side = min(shortest, round(_LEAST_SIDE * (shortest / _LEAST_SIDE) ** rng.random()))
    left, top = rng.randint(0, picture.width - side), rng.randint(0, picture.height - side)
    view = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, (left, top, left + side, top + side), reducing_gap=2)
    return view.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else view


def _laid_on(cutout: Image.Image, ground: Image.Image, rng: random.Random) -> Image.Image:
    side = rng.randint(SIDE // 2, round(1.3 * SIDE))
    factor = side / max(cutout.size)
    size = (max(1, round(cutout.width * factor)), max(1, round(cutout.height * factor)))
    scaled = cutout.resize(size, Image.Resampling.BICUBIC)
    canvas = ground.copy()
    place = tuple(rng.randint(min(0, SIDE - part), max(0, SIDE - part)) for part in size)
    canvas.paste(scaled, (place[0], place[1]), scaled)
    return canvas


def _plain(rng: random.Random) -> Image.Image:
    if rng.random() < 0.35:
        return Image.new("RGB", (SIDE, SIDE), "white")
    return Image.new("RGB", (SIDE, SIDE), (rng.randrange(256), rng.randrange(256), rng.randrange(256)))
