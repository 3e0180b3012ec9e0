"""Bringing a pack in, from a diffusers folder or from an original checkpoint."""

from pathlib import Path

from sana_desktop.engine.device import DTYPES
from sana_desktop.engine.weights.import_checkpoint import import_checkpoint
from sana_desktop.engine.weights.install import (
    Check,
    check_latents,
    free_target,
    lend_parts,
    moved,
    refuse_links_outside,
    write_manifest,
)
from sana_desktop.engine.weights.load import verify_transformer
from sana_desktop.engine.weights.write import staged_folder
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import read_pack

PARTS = ("transformer", "vae", "text_encoder", "tokenizer")


def verify_pack(pack: PackManifest) -> None:
    """Compare names, shapes and kinds of all weights of transformer and autoencoder with the networks; reads none.

    Raises `PackError` or `WeightsError` for what does not fit. A pack without an autoencoder may have one lent later.
    """
    config = verify_transformer(pack.transformer_folder, DTYPES[pack.precisions.transformer[0]])
    if pack.vae_folder.is_dir():
        check_latents(pack, config)


def import_pack(
    source: Path,
    packs_folder: Path,
    *,
    base: PackManifest | None = None,
    pack_id: str | None = None,
    model: str | None = None,
    vae: Path | None = None,
    check: Check = lambda: None,
) -> PackManifest:
    """Install `source` as a new folder in `packs_folder` and return what it became.

    A folder saved by diffusers (or another pack) is verified and linked, or copied where the file
    system cannot link. A checkpoint file holds the transformer alone and is rewritten once as
    safetensors; `base` is an installed pack that lends autoencoder, text encoder and tokenizer.
    `model` is the id of a published model, for a checkpoint whose file name does not tell, and `vae`
    an original DC-AE file to use with it. The three have no meaning for a folder.

    The new pack appears whole or not at all. Raises `PackError` or `WeightsError` for a source that
    is not what it should be, `MachineError` when the disk fails; what `check` raises ends it.
    """
    source = source.expanduser().absolute()
    if source.is_file():
        return import_checkpoint(source, packs_folder, base=base, pack_id=pack_id, model=model, vae=vae, check=check)
    pack = read_pack(source)
    refuse_links_outside(pack, PARTS)
    verify_pack(pack)
    target = free_target(packs_folder, pack_id or pack.id)
    with staged_folder(target) as staging:
        lend_parts(pack, PARTS, staging, check)
        write_manifest(moved(pack, target), staging)
    return read_pack(target)
