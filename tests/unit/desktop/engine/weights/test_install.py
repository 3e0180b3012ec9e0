import dataclasses
import os
from pathlib import Path

import pytest

from sana_desktop.engine.weights.install import check_latents, free_target, lend_parts, moved, write_manifest
from sana_desktop.engine.weights.save import save_autoencoder
from sana_desktop.errors import JobCancelledError, PackError, WeightsError
from sana_desktop.system.pack_manifest import PackManifest, PackPreview, PreviewKind
from sana_desktop.system.packs import read_pack
from support.packs import manifest
from support.tiny_models import TINY_DIT, cancel_at_call, random_dcae


def never() -> None:
    pass


@pytest.fixture
def pack(tmp_path: Path) -> PackManifest:
    folder = tmp_path / "source"
    for name in (
        "vae/config.json",
        "vae/weights.safetensors",
        "vae/weights.bin",
        "vae/code.py",
        "vae/sub/x.json",
        "tokenizer/tokenizer.model",
        "transformer/config.json",
        "preview/tiny.safetensors",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    preview = PackPreview(kind=PreviewKind.LINEAR, tiny=folder / "preview" / "tiny.safetensors")
    return dataclasses.replace(manifest(folder), preview=preview)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


EXPECTED = {"vae/config.json", "vae/weights.safetensors", "tokenizer/tokenizer.model", "preview/tiny.safetensors"}


def test_only_what_the_loaders_read_is_lent(pack: PackManifest, tmp_path: Path):
    lend_parts(pack, ("vae", "text_encoder", "tokenizer"), tmp_path / "target", never)
    assert files(tmp_path / "target") == EXPECTED


def test_lent_files_take_no_space_and_outlive_their_owner(pack: PackManifest, tmp_path: Path):
    lend_parts(pack, ("vae",), tmp_path / "target", never)
    copy, original = (folder / "vae" / "weights.safetensors" for folder in (tmp_path / "target", pack.folder))
    assert copy.samefile(original)
    original.unlink()
    assert copy.read_text() == "vae/weights.safetensors"


def test_files_are_copied_where_they_cannot_be_linked(
    pack: PackManifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    lend_parts(pack, ("vae", "tokenizer"), tmp_path / "target", never)
    assert files(tmp_path / "target") == EXPECTED
    copy = tmp_path / "target" / "vae" / "config.json"
    assert copy.read_text() == "vae/config.json"
    assert not copy.samefile(pack.vae_folder / "config.json")


def test_links_into_a_cache_are_followed(pack: PackManifest, tmp_path: Path):
    blob = tmp_path / "blob"
    blob.write_text("from the cache")
    (pack.vae_folder / "linked.json").symlink_to(blob)
    lend_parts(pack, ("vae",), tmp_path / "target", never)
    lent = tmp_path / "target" / "vae" / "linked.json"
    assert not lent.is_symlink()
    assert lent.read_text() == "from the cache"


def test_lending_stops_before_any_file(pack: PackManifest, tmp_path: Path):
    with pytest.raises(JobCancelledError):
        lend_parts(pack, ("vae",), tmp_path / "target", cancel_at_call(1))
    assert len(files(tmp_path / "target")) == 1


def test_a_manifest_moves_with_its_files(pack: PackManifest, tmp_path: Path):
    target = tmp_path / "other-id"
    lend_parts(pack, ("vae",), target, never)
    write_manifest(moved(pack, target), target)
    found = read_pack(target)
    assert (found.id, found.folder) == ("other-id", target)
    assert found.preview.tiny == target / "preview" / "tiny.safetensors"


def test_a_place_is_free_once(tmp_path: Path):
    assert free_target(tmp_path, "toy") == tmp_path / "toy"
    (tmp_path / "toy").mkdir()
    with pytest.raises(PackError, match="“toy” is already installed"):
        free_target(tmp_path, "toy")


@pytest.mark.parametrize("pack_id", ["", "..", "a/b", "/etc", "A"])
def test_an_id_that_could_leave_the_folder_is_refused(tmp_path: Path, pack_id: str):
    with pytest.raises(PackError, match="cannot be the id of a pack"):
        free_target(tmp_path, pack_id)


def test_an_autoencoder_must_fit_the_transformer(tmp_path: Path):
    pack = manifest(tmp_path)
    save_autoencoder(random_dcae(), pack.vae_folder)
    check_latents(pack, TINY_DIT)
    with pytest.raises(PackError, match="expected 16 latent channels, found 32"):
        check_latents(pack, dataclasses.replace(TINY_DIT, in_channels=16))
    (pack.vae_folder / "diffusion_pytorch_model.safetensors").write_bytes(b"")
    with pytest.raises(WeightsError):
        check_latents(pack, TINY_DIT)
