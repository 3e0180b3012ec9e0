"""Prompt lists for tests: written to a folder, with plain rules and one pack of paper."""

from pathlib import Path, PurePosixPath

from sana_desktop.domain.batch.lists import ListFormat
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import PackError, PromptListError
from sana_desktop.services.batch.prompt_list import Item, ListRules, Placed, PromptList
from sana_desktop.system.pack_manifest import PackManifest
from support.packs import manifest
from support.recipes import recipe

USUAL = recipe(prompt="", pack="toy")
WILDCARDS = {"colours": ("red", "green"), "egg": ("__chicken__",), "chicken": ("__egg__",)}


def wildcards(name: str) -> tuple[str, ...]:
    """A few wildcards, two of which call each other."""
    if name not in WILDCARDS:
        raise PromptListError(f"There is no wildcard __{name}__.")
    return WILDCARDS[name]


def find_pack(name: str) -> PackManifest:
    """The packs “toy” and “other”."""
    if name not in ("toy", "other"):
        raise PackError(f"There is no pack {name}.")
    return manifest(Path(PurePosixPath("packs") / name), name)


def prompt_list(folder: Path, text: str, name: str = "list.txt", **rules: object) -> PromptList:
    """A list with these lines, and rules that differ from the plain ones so."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    settled = ListRules(**{"usual": USUAL, "base_seed": 100, **rules})  # pyright: ignore[reportArgumentType]
    return PromptList(path, ListFormat.AUTO, settled, find_pack, wildcards)


def items_of(found: PromptList) -> list[Item]:
    """All pictures of the good lines."""
    placed = (one for one in found.walk() if isinstance(one, Placed))
    return [item for one in placed for item in found.items(one) if isinstance(item, Item)]


def problems_of(found: PromptList) -> list[Problem]:
    """All problems."""
    return [problem for problem in found.walk() if isinstance(problem, Problem)]
