from pathlib import Path

import pytest

from training.export import export


def write(path: Path, size: int = 10) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def trained(root: Path, transformer_bytes: int = 10) -> tuple[Path, Path, Path]:
    write(root / "dit/transformer/diffusion_pytorch_model.safetensors", transformer_bytes)
    write(root / "dit/transformer/config.json")
    write(root / "vae/diffusion_pytorch_model.safetensors")
    write(root / "vae/config.json")
    write(root / "preview/tiny_decoder.safetensors")
    write(root / "preview/linear.safetensors")
    write(root / "preview/state.pt")
    return root / "dit", root / "vae", root / "preview"


def test_weights_and_configurations_are_put_in_place_and_nothing_else(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    write(pack / "pack.toml")
    assert export(pack, *trained(tmp_path / "build")) == 60
    found = sorted(str(path.relative_to(pack)) for path in pack.rglob("*") if path.is_file())
    assert found == [
        "pack.toml",
        "preview/linear.safetensors",
        "preview/tiny_decoder.safetensors",
        "transformer/config.json",
        "transformer/diffusion_pytorch_model.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
    ]


def test_a_pack_beyond_ninety_megabytes_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="90,000,000"):
        export(tmp_path / "pack", *trained(tmp_path / "build", 91 * 10**6))
    assert not (tmp_path / "pack").exists()
