"""Put trained networks into the starter pack's folder.

    python -m training.export resources/starter --dit build/training/dit --vae build/training/decoder/vae \\
        --preview build/training/preview

`pack.toml`, the model card and the licences in the folder are written by hand and stay.
"""

import argparse
import shutil
from pathlib import Path

_MOST_BYTES = 90 * 10**6


def export(pack: Path, dit: Path, vae: Path, preview: Path) -> int:
    """Copy weights and configurations over those of the pack; returns the bytes of all its files.

    Raises ValueError before anything is copied if the pack would exceed 90 MB.
    """
    parts = {
        dit / "transformer": pack / "transformer",
        vae: pack / "vae",
    }
    files = {source / name: target / name for source, target in parts.items() for name in _names(source)}
    for name in ("tiny_decoder.safetensors", "linear.safetensors"):
        files[preview / name] = pack / "preview" / name
    total = sum(source.stat().st_size for source in files)
    if total > _MOST_BYTES:
        raise ValueError(f"the pack may have {_MOST_BYTES:,} bytes, found {total:,}")
    for source, target in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return total


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix in {".json", ".safetensors"})


def main() -> None:
    """Read the command line and copy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--dit", type=Path, required=True)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--preview", type=Path, required=True)
    options = parser.parse_args()
    print(f"{export(options.pack, options.dit, options.vae, options.preview):,} bytes")


if __name__ == "__main__":
    main()
