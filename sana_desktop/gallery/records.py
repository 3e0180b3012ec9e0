"""What the gallery knows of a picture, as values."""

import json
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from sana_desktop.domain.codec import recipe_from_plain
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError


class RootKind(StrEnum):
    """What kind of folder pictures lie in.

    `own` is where the program saves, `imported` belongs to somebody else and is only read; both are looked
    through by a rescan. In a `loose` folder only the pictures that were saved there by name are known.
    """

    OWN = "own"
    IMPORTED = "imported"
    LOOSE = "loose"


class PictureState(IntEnum):
    """Whether there is a file: yes; no, and nobody knows why; no, the user threw it away.

    The last two keep what the user said of the picture, for the day when the file is back.
    """

    PRESENT = 0
    MISSING = 1
    DELETED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a file says about itself.

    `length` is in bytes, `print` identifies its content (see `prints.fingerprint`), `modified` is in nanoseconds,
    `created` in milliseconds since 1970, `recipe` and `provenance` are JSON of ours. What the file does not say
    is empty or None.
    """

    length: int
    modified: int
    print: bytes
    width: int
    height: int
    created: int
    tool: str = ""
    prompt: str = ""
    negative: str = ""
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    solver: str = ""
    pack: str = ""
    recipe: str | None = None
    provenance: str | None = None


FACT_NAMES = (
    "length", "modified", "print", "width", "height", "created", "tool", "prompt", "negative", "seed", "steps",
    "guidance", "solver", "pack", "recipe", "provenance",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """A picture of the gallery; `path` is absolute."""

    picture: int
    path: Path
    facts: PictureFacts
    rating: int
    favourite: bool
    state: PictureState
    tags: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()

    def recipe(self) -> Recipe | None:
        """The recipe, if the picture is one of ours and this version can draw it again."""
        return None if self.facts.recipe is None else stored_recipe(self.facts.recipe)


@dataclass(frozen=True, slots=True)
class Album:
    """An album and how many pictures were put into it; a smart one has a `query` instead."""

    name: str
    query: str | None
    pictures: int


def stored_recipe(text: str) -> Recipe | None:
    """The recipe in a text of the database; None if this version cannot read it."""
    try:
        return recipe_from_plain(json.loads(text))
    except (RecipeError, ValueError, RecursionError):
        return None


def path_to_text(path: Path | str) -> str:
    """A path as JSON in ASCII, because names on Linux need not be text."""
    return json.dumps(path if isinstance(path, str) else path.as_posix())


def path_from_text(text: str) -> str:
    """What `path_to_text` wrote; an empty path for anything else, which is no file."""
    try:
        name: object = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def settled(path: Path) -> Path:
    """The absolute path of a file, through all links but the file itself, so that it has one place only."""
    return path.parent.resolve() / path.name
