"""From a picture, in memory or as a file, to what the gallery writes down about it."""

import io
import json
import os
from dataclasses import asdict
from pathlib import Path

from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.inspected import Inspected
from sana_desktop.domain.picture import Picture, Provenance
from sana_desktop.domain.recipe import LONGEST_PROMPT
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import document_in
from sana_desktop.gallery.prints import fingerprint
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.json_values import as_list, as_object, as_text, as_whole
from sana_desktop.gallery.readers.picture import inspected
from sana_desktop.gallery.readers.source import open_picture, read_carried
from sana_desktop.gallery.records import PictureFacts

LONGEST_WORD = 200
# Files that are read in one go; one that grows meanwhile has another date the next time.
LARGEST_SMALL = 131_072
_LARGEST_WHOLE = 2**63 - 1
_NANOSECONDS = 1_000_000


def facts_of_saved(path: Path, picture: Picture) -> PictureFacts:
    """The facts of a picture that was just written to `path`; raises `OSError` if it is gone again."""
    recipe, provenance = picture.recipe, picture.provenance
    with path.open("rb") as file:
        content = fingerprint(file)
    found = path.stat()
    return PictureFacts(
        length=found.st_size,
        modified=found.st_mtime_ns,
        print=content,
        width=picture.width,
        height=picture.height,
        created=found.st_mtime_ns // _NANOSECONDS,
        tool=f"Sana Desktop {provenance.app_version}",
        prompt=recipe.prompt,
        negative=recipe.negative,
        seed=recipe.seed,
        steps=recipe.steps,
        guidance=recipe.guidance,
        solver=recipe.solver.value,
        pack=recipe.pack,
        recipe=json.dumps(recipe_to_plain(recipe)),
        provenance=json.dumps(asdict(provenance)),
    )


def facts_of_file(path: Path) -> PictureFacts:
    """The facts of any picture file; one without settings has a size and a name only. Unpacks no pixels.

    Raises `RecipeError` for what is no picture, `OSError` for what cannot be opened.
    """
    with open_picture(path, path.name) as opened:
        stat = os.fstat(opened.fileno())
        # Small ones are read once, for their print and for their texts.
        file = io.BytesIO(opened.read(LARGEST_SMALL)) if stat.st_size <= LARGEST_SMALL else opened
        content = fingerprint(file)
        carried = read_carried(file, path.name)
    try:
        found = inspected(carried, path.name, path.with_suffix(".txt"))
    except RecipeError:
        # Also without settings it is a picture that somebody wants to see.
        found = Inspected(tool="")
    recipe = found.recipe
    return PictureFacts(
        length=stat.st_size,
        modified=stat.st_mtime_ns,
        print=content,
        width=carried.width,
        height=carried.height,
        created=stat.st_mtime_ns // _NANOSECONDS,
        tool=found.tool[:LONGEST_WORD],
        prompt=found.prompt[:LONGEST_PROMPT],
        negative=found.negative[:LONGEST_PROMPT],
        seed=_storable(found.seed),
        steps=_storable(found.steps),
        guidance=found.guidance,
        solver=found.sampler[:LONGEST_WORD],
        pack=found.model[:LONGEST_WORD],
        recipe=None if recipe is None else json.dumps(recipe_to_plain(recipe)),
        provenance=None if recipe is None else json.dumps(asdict(provenance_in(carried))),
    )


def provenance_in(carried: Carried) -> Provenance:
    """How a picture of ours was drawn, as its file says; what it does not say is empty."""
    try:
        document = document_in(carried) or {}
    except RecipeError:
        document = {}
    return read_provenance(document.get("provenance"))


def read_provenance(value: object) -> Provenance:
    """Provenance out of parsed JSON, which may be anything."""
    said = as_object(value)
    seeds = (as_whole(seed) for seed in as_list(said.get("batch_seeds")))
    return Provenance(
        device=as_text(said.get("device"))[:LONGEST_WORD],
        precision=as_text(said.get("precision"))[:LONGEST_WORD],
        precision_reason=as_text(said.get("precision_reason"))[:LONGEST_WORD],
        pack_version=as_text(said.get("pack_version"))[:LONGEST_WORD],
        app_version=as_text(said.get("app_version"))[:LONGEST_WORD],
        torch_version=as_text(said.get("torch_version"))[:LONGEST_WORD],
        batch_seeds=tuple(seed for seed in seeds if seed is not None and 0 <= seed <= _LARGEST_WHOLE),
        kernels=as_text(said.get("kernels"))[:LONGEST_WORD],
        tiling=as_text(said.get("tiling"))[:LONGEST_WORD],
    )


def _storable(number: int | None) -> int | None:
    """A whole number that SQLite can hold; strangers' seeds need not fit."""
    return number if number is not None and abs(number) <= _LARGEST_WHOLE else None
