from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.engine.weights.import_pack import import_pack
from sana_desktop.engine.weights.load import load_autoencoder, load_transformer
from sana_desktop.errors import JobCancelledError, PackError, WeightsError
from sana_desktop.system.packs import installed_packs, read_pack
from support.tiny_checkpoints import write_pipeline_folder
from support.tiny_models import TINY_DCAE, TINY_DIT, cancel_at_call, random_dcae, random_dit

CPU = torch.device("cpu")
WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_pipeline_folder(
        tmp_path_factory.mktemp("saved") / "My_Sana", random_dit(), random_dcae(), flow_shift=2
    )
    for part in ("text_encoder", "tokenizer"):
        (folder / part).mkdir()
        (folder / part / "config.json").write_text("{}")
    return folder


@pytest.fixture
def broken(pipeline: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(pipeline, tmp_path / "broken"))


def test_a_diffusers_folder_becomes_a_pack_of_its_own(pipeline: Path, tmp_path: Path):
    pack = import_pack(pipeline, tmp_path / "packs")
    assert (pack.folder, pack.id) == (tmp_path / "packs" / "my-sana", "my-sana")
    assert (pack.flow_shift, pack.default_solver) == (2.0, read_pack(pipeline).default_solver)
    pack.require_parts()
    assert (pack.folder / "pack.toml").is_file()
    assert load_transformer(pack.transformer_folder, dtype=torch.float32, device=CPU).config == TINY_DIT
    assert load_autoencoder(pack.vae_folder, dtype=torch.float32, device=CPU).config == TINY_DCAE
    assert [found.id for found in installed_packs([tmp_path / "packs"])] == ["my-sana"]


def test_an_imported_pack_can_be_imported_again_under_another_id(pipeline: Path, tmp_path: Path):
    first = import_pack(pipeline, tmp_path)
    second = import_pack(first.folder, tmp_path, pack_id="second")
    assert second.id == "second"
    assert second.name == first.name


def test_a_pack_is_not_replaced(pipeline: Path, tmp_path: Path):
    import_pack(pipeline, tmp_path)
    with pytest.raises(PackError, match="“my-sana” is already installed"):
        import_pack(pipeline, tmp_path)


def truncate(folder: Path) -> None:
    path = folder / "transformer" / WEIGHTS
    path.write_bytes(path.read_bytes()[:-1])


def swap(folder: Path) -> None:
    (folder / "vae" / WEIGHTS).replace(folder / "transformer" / WEIGHTS)


def remove_weights(folder: Path) -> None:
    (folder / "transformer" / WEIGHTS).unlink()


def narrow(folder: Path) -> None:
    from sana_desktop.engine.weights.save import save_autoencoder
    from support.tiny_models import SHALLOW_DCAE

    save_autoencoder(random_dcae(SHALLOW_DCAE), folder / "vae")


@pytest.mark.parametrize("damage", [truncate, swap, remove_weights, narrow])
def test_nothing_is_installed_when_something_is_wrong(broken: Path, tmp_path: Path, damage: Any):
    damage(broken)
    with pytest.raises(PackError) as caught:
        import_pack(broken, tmp_path / "packs")
    assert isinstance(caught.value, WeightsError) is (damage is not narrow)
    assert not (tmp_path / "packs").exists()


def test_nothing_is_left_of_an_import_that_was_cancelled(pipeline: Path, tmp_path: Path):
    with pytest.raises(JobCancelledError):
        import_pack(pipeline, tmp_path / "packs", check=cancel_at_call(2))
    assert list((tmp_path / "packs").iterdir()) == []


def test_what_is_neither_folder_nor_checkpoint_is_refused(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(WeightsError, match=r"notes\.txt is not a readable checkpoint"):
        import_pack(tmp_path / "notes.txt", tmp_path / "packs")
    with pytest.raises(PackError, match="There is no folder"):
        import_pack(tmp_path / "nowhere", tmp_path / "packs")


def test_a_link_that_leads_out_of_the_pack_is_refused_and_nothing_is_written(broken: Path, tmp_path: Path):
    secret = tmp_path / "secret.json"
    secret.write_text("mine")
    (broken / "tokenizer" / "stolen.json").symlink_to(secret)
    with pytest.raises(PackError, match=r"tokenizer/stolen.json is a link that leads out of the pack"):
        import_pack(broken, tmp_path / "packs")
    assert not (tmp_path / "packs").exists()


def test_a_part_that_is_a_link_elsewhere_is_refused(broken: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    (broken / "tokenizer").rename(elsewhere)
    (broken / "tokenizer").symlink_to(elsewhere)
    with pytest.raises(PackError, match="leads out of the pack"):
        import_pack(broken, tmp_path / "packs")


def test_the_links_of_the_hugging_face_cache_are_as_good_as_files(broken: Path, tmp_path: Path):
    blobs, snapshot = tmp_path / "cache" / "blobs", tmp_path / "cache" / "snapshots" / "my-sana"
    blobs.mkdir(parents=True)
    snapshot.parent.mkdir()
    broken.rename(snapshot)
    file = snapshot / "vae" / WEIGHTS
    file.rename(blobs / "abc")
    file.symlink_to(blobs / "abc")
    assert import_pack(snapshot, tmp_path / "packs").id == "my-sana"
