"""Views of varied pictures with the latents that the published models would have for them, once and in shards.

    python -m training.sana_crops build/training/packages build/training/crops \\
        --teacher taesana_encoder.pth --train 2000 --held-out 192

Each shard is a file of up to 250 views (14 MB), so that a borrowed machine can be fed one at a time: `latents`
[n, 32, 8, 8] in fp16, scaled as the transformer sees them; `pictures` [n, 3, 128, 128], the views at half their
side; `source` [n], the number of the package in `training.pictures.SOURCES`. Shards that are there are kept, so
a run that was killed goes on with the next. Shapes: n views.
"""

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from training.pictures import SOURCES, views
from training.tiny_encoder import TinyEncoder, load_teacher

_SHARD, _BATCH = 250, 16


def shard_of(taken: Iterator[tuple[str, Image.Image]], teacher: TinyEncoder) -> dict[str, Tensor]:
    """The tensors of one shard from all of `taken`."""
    numbers = {source.package: number for number, source in enumerate(SOURCES)}
    latents: list[Tensor] = []
    halves: list[Tensor] = []
    packages: list[int] = []
    while batch := list(islice(taken, _BATCH)):
        packages += [numbers[package] for package, _ in batch]
        levels = torch.stack([torch.from_numpy(np.array(view)).permute(2, 0, 1) for _, view in batch])
        pictures = levels.float() / 255
        with torch.inference_mode():
            latents.append(teacher(pictures).half())
        halves.append((functional.avg_pool2d(pictures, 2) * 255).round().to(torch.uint8))
    return {"latents": torch.cat(latents), "pictures": torch.cat(halves), "source": torch.tensor(packages)}


def write_shards(packages: Path, out: Path, teacher: TinyEncoder, count: int, *, held_out: bool) -> None:
    """Write the shards that are missing; each has its own seed, so their order does not matter."""
    name = "held-out" if held_out else "train"
    out.mkdir(parents=True, exist_ok=True)
    for number, begin in enumerate(range(0, count, _SHARD)):
        target = out / f"{name}-{number:03}.safetensors"
        if target.exists():
            continue
        size = min(_SHARD, count - begin)
        partial = target.with_suffix(".partial")
        save_file(shard_of(views(packages, size, 1000 * held_out + number, held_out=held_out), teacher), partial)
        partial.replace(target)
        print(f"{target.name}: {size} views", flush=True)


def main() -> None:
    """Read the command line, write both sides of the split."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--held-out", type=int, default=192)
    options = parser.parse_args()
    teacher = load_teacher(options.teacher)
    write_shards(options.packages, options.out, teacher, options.held_out, held_out=True)
    write_shards(options.packages, options.out, teacher, options.train, held_out=False)


if __name__ == "__main__":
    main()
