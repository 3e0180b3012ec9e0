"""What takes how much room in the bundle: `python -m bundling.sizes dist/sana-desktop`."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# Component and what belongs to it, by the beginning of the place; the first that fits counts.
GROUPS = (
    ("PyTorch: libraries", ("torch/lib", "torch/bin", "torch/_C")),
    ("PyTorch: Python", ("torch", "functorch", "torchgen")),
    ("Gemma 3 270M", ("gemma3_270m",)),
    ("starter pack", ("resources/starter",)),
    ("our own resources", ("resources",)),
    ("Qt for Python", ("PySide6", "shiboken6")),
    ("transformers, tokenizers", ("transformers", "tokenizers", "safetensors", "huggingface_hub")),
    ("numpy", ("numpy",)),
    ("Pillow", ("PIL", "pillow")),
    ("bitsandbytes, Triton", ("bitsandbytes", "triton")),
    ("Python and the system's libraries", ("lib", "base_library.zip", "python3")),
    ("licences and notices", ("licences",)),
)
PROGRAM = "the program: all Python modules"
OTHER = "everything else"


def main(arguments: Sequence[str]) -> int:
    """Print the table in Markdown for the bundles that are named, the first being the reference."""
    columns = [sizes(Path(name)) for name in arguments]
    names = list(dict.fromkeys(name for column in columns for name in column))
    print("| component |" + "".join(f" {name} |" for name in arguments))
    print("|---|" + "---:|" * len(columns))
    for name in [*names, "total"]:
        cells = (column.get(name, sum(column.values()) if name == "total" else 0) for column in columns)
        print(f"| {name} |" + "".join(f" {cell / 1e6:.1f} |" for cell in cells))
    return 0


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by component; links count nothing."""
    files = ((path.relative_to(folder), path.stat().st_size) for path in _files(folder))
    found = dict.fromkeys([PROGRAM, *(name for name, _ in GROUPS), OTHER], 0)
    for place, size in files:
        found[group_of(place.as_posix())] += size
    return {name: size for name, size in found.items() if size}


def group_of(place: str) -> str:
    """The component that a file at this place in the bundle belongs to."""
    if "/" not in place and place.casefold().startswith(("sana-desktop", "sana desktop")):
        return PROGRAM
    inside = place.removeprefix("_internal/")
    return next((name for name, starts in GROUPS if inside.startswith(starts)), OTHER)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
