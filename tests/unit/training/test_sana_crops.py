from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from support.tiny_packages import write_tiny_packages
from training.sana_crops import shard_of, write_shards
from training.tiny_encoder import TinyEncoder


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture
def teacher() -> TinyEncoder:
    torch.manual_seed(0)
    return TinyEncoder(2, 4)


def test_a_shard_holds_latents_half_sized_pictures_and_where_they_are_from(
    packages: Path, teacher: TinyEncoder, tmp_path: Path
) -> None:
    write_shards(packages, tmp_path, teacher, 5, held_out=True)
    shard = load_file(tmp_path / "held-out-000.safetensors")
    assert {name: tuple(value.shape) for name, value in shard.items()} == {
        "latents": (5, 32, 8, 8),
        "pictures": (5, 3, 128, 128),
        "source": (5,),
    }


def test_latents_belong_to_their_pictures(teacher: TinyEncoder) -> None:
    from PIL import Image

    colors = [(10, 200, 30), (240, 0, 90)]
    taken = [("fluent-emoji-3d", Image.new("RGB", (256, 256), color)) for color in colors]
    shard = shard_of(iter(taken), teacher)
    assert shard["pictures"][:, :, 0, 0].tolist() == [list(color) for color in colors]
    expected = teacher((shard["pictures"].float() / 255).repeat_interleave(2, -1).repeat_interleave(2, -2))
    torch.testing.assert_close(shard["latents"].float(), expected, atol=2e-3, rtol=1e-2)


def test_a_shard_that_is_there_is_kept(packages: Path, teacher: TinyEncoder, tmp_path: Path) -> None:
    (tmp_path / "train-000.safetensors").write_bytes(b"made before")
    write_shards(packages, tmp_path, teacher, 4, held_out=False)
    assert (tmp_path / "train-000.safetensors").read_bytes() == b"made before"
    assert list(tmp_path.glob("*.partial")) == []
