"""Whatever a stranger's pack holds: it is refused with the reason, nothing in it runs, and no pack changes."""

import json
import zipfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sana_desktop.engine.weights.import_checkpoint import import_checkpoint
from sana_desktop.engine.weights.import_pack import import_pack
from sana_desktop.errors import KnownError
from support.tiny_checkpoints import (
    original_transformer,
    write_booby_trap,
    write_pipeline_folder,
    write_plain_booby_trap,
    write_pth,
)
from support.tiny_models import TINY_DIT, random_dcae, random_dit

WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"
VICTIM = "victim"

Damage = Callable[[Path], Path]


def in_folder(change: Callable[[dict[str, Tensor]], object]) -> Damage:
    """A folder of diffusers' whose transformer has other weights."""

    def damage(folder: Path) -> Path:
        weights = load_file(folder / WEIGHTS)
        change(weights)
        save_file(weights, folder / WEIGHTS)
        return folder

    return damage


def in_checkpoint(change: Callable[[dict[str, Tensor]], object]) -> Damage:
    """An original checkpoint with other weights."""

    def damage(folder: Path) -> Path:
        weights = original_transformer(random_dit())
        change(weights)
        return write_pth(folder / "own.pth", weights)

    return damage


def bomb(folder: Path) -> Path:
    path = folder / "bomb.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/data.pkl", bytes(20_000_000))
    return path


def endless_tensor(folder: Path) -> Path:
    """A tensor that claims a terabyte over a storage of four bytes."""
    torch.save({"x_embedder.proj.weight": torch.zeros(1).expand(2**38)}, folder / "vast.pth")
    return folder / "vast.pth"


def trap(folder: Path) -> Path:
    return write_booby_trap(folder / "trap.pth", folder.parent / VICTIM)


def plain_trap(folder: Path) -> Path:
    return write_plain_booby_trap(folder / "trap.pth", folder.parent / VICTIM)


def trap_in_folder(folder: Path) -> Path:
    (folder / WEIGHTS).unlink()
    write_booby_trap(folder / "transformer" / "diffusion_pytorch_model.bin", folder.parent / VICTIM)
    return folder


def shard_above(folder: Path) -> Path:
    (folder / WEIGHTS).rename(folder / "stolen.safetensors")
    names = load_file(folder / "stolen.safetensors")
    index = {"weight_map": dict.fromkeys(names, "../stolen.safetensors")}
    (folder / f"{WEIGHTS}.index.json").write_text(json.dumps(index))
    return folder


def preview_above(folder: Path) -> Path:
    pack = import_pack(folder, folder.parent / "elsewhere")
    page = pack.folder / "pack.toml"
    page.write_text(page.read_text().replace("[preview]", '[preview]\nfile = "../../secret"'))
    assert "../../secret" in page.read_text()
    return pack.folder


def link_outside(folder: Path) -> Path:
    secret = folder.parent / "secret"
    secret.write_text("mine")
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "stolen.json").symlink_to(secret)
    return folder


def folder_outside(folder: Path) -> Path:
    (folder / "transformer").rename(folder.parent / "away")
    (folder / "transformer").symlink_to(folder.parent / "away")
    return folder


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pipeline_folder(tmp_path_factory.mktemp("saved") / "theirs", random_dit(), random_dcae())


def seen(folder: Path) -> dict[str, str]:
    """Everything below a folder: what it is called and what is in it."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (in_folder(lambda weights: weights.update(extra=torch.zeros(1))), r"not known to this model \(extra\)"),
        (in_folder(lambda weights: weights.pop("proj_out.bias")), r"1 weights are missing \(proj_out\.bias\)"),
        (in_folder(lambda weights: weights.update({"proj_out.bias": torch.zeros(31)})), "expected 32, found 31"),
        (in_checkpoint(lambda weights: weights.update(extra=torch.zeros(1))), "extra"),
        (in_checkpoint(lambda weights: weights.pop("t_block.1.bias")), "t_block.1.bias|time_embed.linear.bias"),
        (in_checkpoint(lambda weights: weights.update({"t_block.1.bias": torch.zeros(31)})), "found 31"),
        (bomb, r"compressed data \(`bomb/data.pkl`, 20000000 bytes once unpacked\)"),
        (endless_tensor, "is not a plain floating-point tensor"),
        (trap, "it asks for `.*mkdir`. It was refused; nothing in it was run"),
        (plain_trap, "nothing in it was run"),
        (trap_in_folder, "expected diffusion_pytorch_model.safetensors, found diffusion_pytorch_model.bin"),
        (shard_above, r"expected names of safetensors files beside it, found '\.\./stolen"),
        (preview_above, "“file” must be a"),
        (link_outside, r"stolen\.json is a link that leads out of the pack"),
        (folder_outside, "is a link that leads out of the pack"),
    ],
    ids=[
        "extra-keys",
        "missing-keys",
        "wrong-shapes",
        "extra-keys-pth",
        "missing-keys-pth",
        "wrong-shapes-pth",
        "zip-bomb",
        "tensor-without-data",
        "pickle-with-code",
        "plain-pickle-with-code",
        "pickle-with-code-in-folder",
        "shard-above",
        "preview-above",
        "file-linked-outside",
        "folder-linked-outside",
    ],
)
def test_a_hostile_pack_is_refused_with_the_reason_and_nothing_changes(
    pipeline: Path, tmp_path: Path, damage: Damage, reason: str
) -> None:
    packs = tmp_path / "packs"
    import_pack(pipeline, packs)
    before = seen(packs)
    source = damage(Path(copytree(pipeline, tmp_path / "hostile")))

    # The shape of a published checkpoint is read off its weights; tiny ones have none of these shapes.
    bring_in = import_pack if source.is_dir() else partial(import_checkpoint, config=TINY_DIT)

    with pytest.raises(KnownError, match=reason):
        bring_in(source, packs, pack_id="another")

    assert seen(packs) == before
    assert not (tmp_path / VICTIM).exists()
