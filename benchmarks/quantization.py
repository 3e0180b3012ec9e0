"""What 8 and 4 bit do to pictures of the starter pack, and how much each group of layers has to do with it.

    .venv/bin/python -m benchmarks.quantization pictures --csv benchmarks/results/quantization.csv
    .venv/bin/python -m benchmarks.quantization layers --csv benchmarks/results/quantization_layers.csv

`pictures` draws the same prompts and seeds in the pack's own precision and in few bits, and compares pixels: PSNR in dB
per picture, its median and its worst. With `--drawn FOLDER` nothing is drawn: the pictures are those that
`python -m training.evaluate ... FOLDER --manners fp32 bf16 int8 nf4` left there, which the scorer has judged.
`layers` makes a random block of the true shapes of Sana 0.6B and 1.6B and quantizes one group of layers at a time:
relative error of the block's change to its input.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import torch
from PIL import Image
from torch import nn

from benchmarks.record import append_row, percentile
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Precision, PreviewChoice, PreviewWish
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.quantize.linear import make_linear, quantize
from sana_desktop.services.usual_recipe import usual_recipe
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from sana_models.configs import SANA_0_6B, SANA_1_6B
from sana_models.dit_blocks import SanaBlock

KINDS = (Precision.INT8, Precision.NF4)
COLOURS = ("red", "blue", "green", "golden")
THINGS = [
    "apple",
    "cat",
    "dog",
    "fish",
    "tree",
    "flower",
    "house",
    "car",
    "heart",
    "star",
    "moon",
    "sun",
    "bird",
    "ghost",
    "robot",
    "cake",
]
GROUPS: dict[str, tuple[str, ...]] = {
    "self-attention": ("attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0"),
    "cross-attention": ("attn2.to_q", "attn2.to_k", "attn2.to_v", "attn2.to_out.0"),
    "feed-forward": ("ff.conv_inverted", "ff.conv_point"),
}
GROUPS["everything"] = sum(GROUPS.values(), ())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("pictures", "layers"))
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--home", type=Path, help="folder for caches, kept between runs")
    parser.add_argument("--drawn", type=Path, help="folder of pictures by training.evaluate, instead of drawing")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    if options.what == "layers":
        rows = _layers()
    else:
        rows = _pictures(options.prompts, options.home) if options.drawn is None else _kept_pictures(options.drawn)
    for row in rows:
        print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        if options.csv is not None:
            append_row(options.csv, row)
    return 0


def _pictures(count: int, home: Path | None) -> list[dict[str, object]]:
    prompts = [f"a {colour} {thing}" for thing in THINGS for colour in COLOURS][:count]
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="sana-quantization-") as temporary:
        folder = Path(temporary) if home is None else home
        truth, _ = _drawn(prompts, Precision.AUTO, folder)
        for kind in KINDS:
            found, seconds = _drawn(prompts, kind, folder)
            rows.append(_row(kind.value, found, truth) | {"seconds": round(seconds, 1)})
    return rows


def _kept_pictures(folder: Path) -> list[dict[str, object]]:
    def read(kind: Precision) -> list[np.ndarray]:
        return [np.asarray(Image.open(path), np.float64) for path in sorted((folder / kind.value).glob("*.png"))]

    truth = read(Precision.FP32)
    return [_row(kind.value, found, truth) for kind in (Precision.BF16, *KINDS) if (found := read(kind))]


def _row(kind: str, found: list[np.ndarray], truth: list[np.ndarray]) -> dict[str, object]:
    psnr = [_psnr(one, other) for one, other in zip(found, truth, strict=True)]
    differences = [np.abs(one - other).mean() for one, other in zip(found, truth, strict=True)]
    return {
        "kind": kind,
        "prompts": len(truth),
        "psnr_median_db": round(median(psnr), 2),
        "psnr_p5_db": round(percentile(psnr, 5), 2),
        "psnr_worst_db": round(min(psnr), 2),
        "levels_mean": round(float(np.mean(differences)), 2),
    }


def _drawn(prompts: Sequence[str], precision: Precision, home: Path) -> tuple[list[np.ndarray], float]:
    manifest = read_pack(resources_folder() / "starter")
    engine = Engine(
        lambda _: manifest,
        home / "cache",
        home / "journal",
        resources_folder(),
        preview_wish=lambda: PreviewWish(PreviewChoice.OFF),
    )
    recipe = replace(usual_recipe(manifest), precision=precision)
    pictures: list[np.ndarray] = []
    began = time.perf_counter()
    for seed, prompt in enumerate(prompts):
        wanted = replace(recipe, prompt=prompt, seed=seed)
        (picture,) = engine.generate(seed, (wanted,), lambda event: None, CancelToken())
        engine.forget((wanted,))
        pictures.append(np.frombuffer(picture.rgb, np.uint8).astype(np.float64))
    seconds = time.perf_counter() - began
    engine.close()
    return pictures, seconds


def _psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, float(((one - other) ** 2).mean()))))


@torch.inference_mode()
def _layers() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for model, config in (("0.6B", SANA_0_6B), ("1.6B", SANA_1_6B)):
        torch.manual_seed(0)
        block = SanaBlock(config).eval()
        x, text, modulation = (
            torch.randn(1, 256, config.width),
            torch.randn(1, 64, config.width),
            torch.ones(1, 6, config.width),
        )
        plain = block(x, modulation, block.attn2.keys_values(text), None, 16, 16) - x
        for kind in KINDS:
            for group, names in GROUPS.items():
                before = {name: block.get_submodule(name) for name in names}
                for name, layer in before.items():
                    assert isinstance(layer, nn.Linear)
                    tensors = quantize(kind, layer.weight)
                    if layer.bias is not None:  # pyright: ignore[reportUnnecessaryComparison]
                        tensors["bias"] = layer.bias
                    block.set_submodule(name, make_linear(kind, tensors))
                found = block(x, modulation, block.attn2.keys_values(text), None, 16, 16) - x
                for name, layer in before.items():
                    block.set_submodule(name, layer)
                error = float((found - plain).norm() / plain.norm())
                weights = sum(layer.weight.numel() for layer in before.values() if isinstance(layer, nn.Linear))
                rows.append(
                    {"model": model, "kind": kind.value, "group": group, "weights": weights, "error": round(error, 5)}
                )
    return rows


if __name__ == "__main__":
    sys.exit(main())
