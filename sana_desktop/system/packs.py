"""The packs on this machine: reading one, listing all, choosing by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sana_desktop.errors import PackError
from sana_desktop.system.catalog import Catalog, read_catalog
from sana_desktop.system.diffusers_folder import INDEX_NAME, read_diffusers_folder
from sana_desktop.system.pack_file import FILE_NAME, read_pack_file
from sana_desktop.system.pack_manifest import (
    PackManifest,
    PackPrecisions,
    PackPreview,
    PackText,
    PreviewKind,
    TextSource,
)
from sana_desktop.system.resources import resources_folder

__all__ = [
    "BrokenPack",
    "PackManifest",
    "PackPrecisions",
    "PackPreview",
    "PackText",
    "PreviewKind",
    "TextSource",
    "broken_packs",
    "choose_pack",
    "installed_packs",
    "looks_like_pack",
    "read_pack",
    "shipped_catalog",
]


@dataclass(frozen=True, slots=True)
class BrokenPack:
    """A folder that wants to be a pack and cannot be read as one."""

    folder: Path
    error: PackError


def shipped_catalog() -> Catalog:
    """The catalog of published models that ships with the program."""
    return read_catalog(resources_folder() / "catalog.toml")


def looks_like_pack(folder: Path) -> bool:
    """Whether `folder` has one of the two files that make it a pack."""
    return (folder / FILE_NAME).is_file() or (folder / INDEX_NAME).is_file()


def read_pack(folder: Path) -> PackManifest:
    """Read the pack in `folder`, from its pack.toml or, without one, as a diffusers pipeline.

    Reads configuration files and the header of one weights file, never weights. Raises `PackError`
    that says what is wrong with which file.
    """
    folder = folder.absolute()
    if (folder / FILE_NAME).is_file():
        return read_pack_file(folder)
    if (folder / INDEX_NAME).is_file():
        return read_diffusers_folder(folder, shipped_catalog())
    if not folder.is_dir():
        raise PackError(f"There is no folder {folder}.")
    raise PackError(
        f"{folder} is not a pack: it has neither {FILE_NAME} nor {INDEX_NAME}.",
        hint="A pack is a folder saved by diffusers' SanaPipeline, or one made by `sana-desktop packs import`.",
    )


def installed_packs(folders: Iterable[Path]) -> list[PackManifest]:
    """Every readable pack in `folders`, each a pack itself or a folder of packs.

    Where two packs have the same id, the one in the earlier folder counts. Broken packs are left
    out; `broken_packs` tells of them.
    """
    found: dict[str, PackManifest] = {}
    for result in _scan(folders):
        if isinstance(result, PackManifest):
            found.setdefault(result.id, result)
    return list(found.values())


def broken_packs(folders: Iterable[Path]) -> list[BrokenPack]:
    """The folders in `folders` that look like packs but cannot be read, with the reason."""
    return [result for result in _scan(folders) if isinstance(result, BrokenPack)]


def choose_pack(name_or_path: str, folders: Iterable[Path]) -> PackManifest:
    """The pack that the user means: the id of an installed one, or a path to its folder.

    A word without a slash is first looked for among the ids. Raises `PackError` with the nearest
    installed name, or with where to get a published model.
    """
    path = Path(name_or_path).expanduser()
    if "/" in name_or_path or "\\" in name_or_path:
        return read_pack(path)
    wanted = name_or_path.strip().casefold()
    folders = list(folders)
    packs = {pack.id: pack for pack in installed_packs(folders)}
    if wanted in packs:
        return packs[wanted]
    for broken in broken_packs(folders):
        if broken.folder.name.casefold() == wanted:
            raise broken.error
    if looks_like_pack(path):
        return read_pack(path)
    raise PackError(f"Pack “{name_or_path[:80]}” is not installed.", hint=_advice(wanted, list(packs)))


def _advice(wanted: str, installed: list[str]) -> str:
    near = get_close_matches(wanted, installed, n=1)
    if near:
        return f"Did you mean “{near[0]}”?"
    model = shipped_catalog().named(wanted)
    if model is not None and model.repository is not None:
        return f"It is published as {model.repository}: download that folder and import it."
    return f"Installed: {', '.join(installed)}." if installed else "No pack is installed."


def _scan(folders: Iterable[Path]) -> Iterator[PackManifest | BrokenPack]:
    for folder in folders:
        for candidate in _candidates(folder):
            try:
                yield read_pack(candidate)
            except PackError as error:
                yield BrokenPack(candidate, error)


def _candidates(folder: Path) -> list[Path]:
    if looks_like_pack(folder):
        return [folder]
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        # A packs folder that does not exist yet, or that may not be read, holds no packs.
        return []
    return [entry for entry in inside if not entry.name.startswith(".") and looks_like_pack(entry)]
