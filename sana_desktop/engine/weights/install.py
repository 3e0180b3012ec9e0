"""What every import of a pack does: a free place, parts lent from another pack, a page that describes it."""

import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sana_desktop.engine.device import DTYPES
from sana_desktop.engine.weights.load import verify_autoencoder
from sana_desktop.errors import PackError
from sana_desktop.system.pack_file import FILE_NAME, is_pack_id, pack_file_text
from sana_desktop.system.pack_manifest import PackManifest
from sana_models.configs import DiTConfig

Check = Callable[[], None]

# What the loaders read. Pickles and code stay behind.
LENT_SUFFIXES = (".json", ".safetensors", ".model", ".txt", ".jinja")


def free_target(packs_folder: Path, pack_id: str) -> Path:
    """The folder that a new pack `pack_id` will have; raises `PackError` where there is one already."""
    if not is_pack_id(pack_id):
        raise PackError(
            f"“{pack_id[:80]}” cannot be the id of a pack.",
            hint="Use at most 64 lower-case letters, digits, dots and dashes.",
        )
    target = packs_folder / pack_id
    if target.exists():
        raise PackError(
            f"A pack called “{pack_id}” is already installed.", hint="Remove its folder first, or give another id."
        )
    return target


def lend_parts(pack: PackManifest, parts: tuple[str, ...], folder: Path, check: Check) -> None:
    """Link the files of some parts, and of the preview decoder, into `folder`; copy where linking fails.

    A linked file takes no space, and stays when the pack it came from is removed. `check` is called
    before every file. Raises OSError.
    """
    files = [
        file
        for part in parts
        if (pack.folder / part).is_dir()
        for file in sorted((pack.folder / part).iterdir())
        if file.is_file() and file.suffix in LENT_SUFFIXES
    ]
    files += pack.preview.files
    for file in files:
        check()
        destination = folder / file.relative_to(pack.folder)
        destination.parent.mkdir(parents=True, exist_ok=True)
        # The Hugging Face cache keeps symbolic links to its blobs: link what they point to.
        real = file.resolve()
        try:
            os.link(real, destination)
        except OSError:
            shutil.copyfile(real, destination)


def refuse_links_outside(pack: PackManifest, parts: tuple[str, ...]) -> None:
    """Raise `PackError` if a file of the pack is a link to something that is not the pack's.

    Otherwise a stranger's folder could bring in any file of this machine. The cache of Hugging Face, whose files are
    links to the `blobs` beside its `snapshots`, is as good as the pack's own folder.
    """
    allowed = [pack.folder.resolve()]
    if pack.folder.resolve().parent.name == "snapshots":
        allowed.append(pack.folder.resolve().parent.parent / "blobs")
    files = [file for part in parts for file in (pack.folder / part).rglob("*")]
    for file in (*(pack.folder / part for part in parts), *files, *pack.preview.files):
        real = file.resolve()
        if not any(real.is_relative_to(folder) for folder in allowed):
            raise PackError(
                f"{file.relative_to(pack.folder)} is a link that leads out of the pack, to {real}.",
                hint="Get the model from its original source, or put a copy of the file in the place of the link.",
            )


def write_manifest(manifest: PackManifest, folder: Path) -> None:
    """Write pack.toml into `folder`. Raises OSError."""
    (folder / FILE_NAME).write_text(pack_file_text(manifest), encoding="utf-8")


def moved(manifest: PackManifest, target: Path) -> PackManifest:
    """`manifest` as it reads once its files are in `target`."""

    def inside(file: Path | None) -> Path | None:
        return target / file.relative_to(manifest.folder) if file else None

    preview = dataclasses.replace(
        manifest.preview, file=inside(manifest.preview.file), tiny=inside(manifest.preview.tiny)
    )
    return dataclasses.replace(manifest, folder=target, id=target.name, preview=preview)


def check_latents(pack: PackManifest, config: DiTConfig) -> None:
    """Raise `PackError` unless the pack has a sound autoencoder that works on the latents of `config`."""
    found = verify_autoencoder(pack.vae_folder, DTYPES[pack.precisions.vae[0]]).latent_channels
    if found != config.in_channels:
        raise PackError(
            f"The autoencoder of pack “{pack.id}” does not fit the transformer: expected {config.in_channels} "
            f"latent channels, found {found}."
        )
