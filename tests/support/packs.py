"""Packs for tests that need one to be described but not to draw."""

from pathlib import Path

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.system.pack_file import pack_file_text
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, PackPreview, PackText


def manifest(folder: Path, pack_id: str = "toy") -> PackManifest:
    """A pack with ordinary rules that claims to be in `folder`."""
    return PackManifest(
        folder=folder,
        id=pack_id,
        name="Toy",
        version="1",
        family="custom",
        licence="MIT",
        base_size=128,
        default_steps=4,
        default_guidance=2.0,
        default_solver=Solver.FLOW_DPM,
        flow_shift=3.0,
        precisions=PackPrecisions(transformer=(Precision.BF16, Precision.FP32)),
        text=PackText(),
        preview=PackPreview(),
    )


def write_pack_file(folder: Path, pack_id: str = "toy") -> Path:
    """Make `folder` a pack in name: a pack.toml and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(pack_file_text(manifest(folder, pack_id)), encoding="utf-8")
    return folder
