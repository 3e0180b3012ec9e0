"""Whether a tiled decode is the untiled one, and what either takes; beside diffusers' tiling with the same tiles.

    .venv/bin/python -m benchmarks.exact_decode --size 1024x1024 --csv benchmarks/results/exact_decode.csv

The true DC-AE with random weights, on latents whose scale grows eightfold across the picture, so that attention within
a tile gives something else than attention over the picture. Every decode runs in a process of its own, whose peak of
resident memory is counted from before the latents are decoded. `--reference regions` is for pictures that do not fit
in memory in one piece: deep stages in one piece, then windows around the corners of tiles with three times the halo.
The seam is how much steeper the error is across the borders of tiles than elsewhere (1 is no seam).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.memory import PeakMemory
from benchmarks.record import append_row
from sana_models.configs import DC_AE_F32C32
from sana_models.dc_ae import DCAutoencoder
from sana_models.dc_ae_blocks import Upsample
from sana_models.dc_ae_tiles import decode_by_tiles, halo_of

WAYS = ("whole", "ours", "diffusers")
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
LIMITS = {"fp32": 1e-5, "bf16": 2e-3}
# How much of the pixels around a corner of four tiles is compared where the whole does not fit.
WINDOW_CELLS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Decode in every way, compare, and append to the table; 1 if ours is not exact."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", default="1024x1024", help="width x height in pixels (%(default)s)")
    parser.add_argument("--tile", type=int, default=512, help="side of a tile in pixels (%(default)s)")
    parser.add_argument("--narrow", type=int, default=1, help="divide all widths by this, for slow machines")
    parser.add_argument("--dtype", choices=sorted(DTYPES), default="fp32")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--reference", choices=("whole", "regions"), default="whole")
    parser.add_argument("--csv", type=Path, help="table to append to")
    parser.add_argument("--child", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    width, height = (int(side) for side in options.size.split("x"))
    if options.child is not None:
        way, folder = options.child
        print(json.dumps(_decode(way, Path(folder), width, height, options)))
        return 0
    exact = True
    with tempfile.TemporaryDirectory(prefix="sana-decode-") as folder:
        reference = "whole" if options.reference == "whole" else "regions"
        ways = [reference, *(way for way in options.ways if way != "whole")]
        for way in ways:
            found = _in_a_process(way, folder, options)
            row: dict[str, Any] = {"way": way, "size": options.size, "dtype": options.dtype, "tile": options.tile}
            row |= {"narrow": options.narrow, **found}
            row |= _compared(Path(folder), reference, way, options.tile)
            print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
            if way == "ours":
                exact = float(row["largest_error"]) <= LIMITS[options.dtype]
            if options.csv is not None:
                append_row(options.csv, row)
    print(f"wanted ours <= {LIMITS[options.dtype]} from {reference}: {'kept' if exact else 'NOT KEPT'}")
    return 0 if exact else 1


def _in_a_process(way: str, folder: str, options: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.exact_decode", "--size", options.size, "--tile", str(options.tile)]
    command += ["--narrow", str(options.narrow), "--dtype", options.dtype, "--child", way, folder]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(said.stdout.splitlines()[-1])


def _network(dtype: torch.dtype, narrow: int) -> DCAutoencoder:
    """Random weights such that activations neither vanish nor grow."""
    torch.manual_seed(0)
    with torch.device("meta"):
        widths = tuple(width // narrow for width in DC_AE_F32C32.decoder_block_out_channels)
        vae = DCAutoencoder(replace(DC_AE_F32C32, encoder_block_out_channels=widths, decoder_block_out_channels=widths))
    # The encoder stays without memory: it has no part in it.
    vae.decoder.to_empty(device="cpu")
    with torch.no_grad():
        for name, parameter in vae.decoder.named_parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=parameter[0].numel() ** -0.5)
            else:
                parameter.fill_(1.0 if name.endswith("weight") else 0.0)
        # The norm before the last convolution makes values of size one: as bright as pictures are, not brighter.
        vae.decoder.get_submodule("conv_out").weight.mul_(0.3)  # pyright: ignore[reportCallIssue, reportAttributeAccessIssue]
    vae.decoder.to(dtype)
    return vae.eval().requires_grad_(False)


def _latents(width: int, height: int) -> Tensor:
    noise = torch.randn(1, 32, height // 32, width // 32, generator=torch.Generator().manual_seed(1))
    across = torch.logspace(-0.6, 0.3, width // 32)
    return noise * across * torch.logspace(-0.3, 0.3, height // 32)[:, None]


@torch.inference_mode()
def _decode(way: str, folder: Path, width: int, height: int, options: argparse.Namespace) -> dict[str, float]:
    tile, dtype = int(options.tile), DTYPES[options.dtype]
    vae = _network(dtype, options.narrow)
    latents = _latents(width, height).to(dtype)
    oracle = _oracle(vae, tile) if way == "diffusers" else None
    began = time.perf_counter()
    with PeakMemory() as memory:
        if way == "regions":
            _write_regions(vae, latents, tile // 32, folder)
            image = None
        elif way == "ours":
            image = decode_by_tiles(vae, latents, tile=tile // 32, keep_as=torch.float32)
        else:
            image = vae.decode(latents) if oracle is None else oracle.decode(latents).sample
    seconds = time.perf_counter() - began
    if image is not None:
        np.save(folder / f"{way}.npy", image[0].float().numpy())
    return {
        "seconds": round(seconds, 1),
        "peak_mib": round(memory.added / 2**20),
        "rss_mib": round(memory.peak / 2**20),
    }


def _oracle(vae: DCAutoencoder, tile: int) -> Any:  # diffusers is untyped
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

    with torch.device("meta"):
        oracle = AutoencoderDC(**asdict(vae.config))
    oracle.decoder.load_state_dict(vae.decoder.state_dict(), strict=True, assign=True)
    stride = _stride(tile)
    oracle.enable_tiling(tile, tile, stride, stride)
    return oracle.eval()


def _stride(tile: int) -> int:
    """An eighth of overlap, in whole latent positions: what diffusers recommends for 4096 px."""
    return tile * 7 // 8 // 32 * 32


def _write_regions(vae: DCAutoencoder, latents_BKhw: Tensor, tile: int, folder: Path) -> None:
    """Windows around corners of tiles, from deep stages in one piece; written beside the corner they belong to."""
    blocks = list(vae.decoder.blocks())
    doublings = [place for place, block in enumerate(blocks) if isinstance(block, Upsample)]
    deep, chain = blocks[: doublings[2]], blocks[doublings[2] :]
    x = vae.decoder.enter(latents_BKhw)
    for block in deep:
        x = block(x)
    halo = 3 * halo_of([*chain, vae.decoder.norm_out, vae.decoder.conv_act, vae.decoder.conv_out])
    cell = tile * 4
    rows, columns = x.shape[-2], x.shape[-1]
    corners = [(0, 0), (rows - WINDOW_CELLS, columns - WINDOW_CELLS)]
    corners += [(cell - WINDOW_CELLS // 2, cell - WINDOW_CELLS // 2), (rows // 2 - 3, columns // 2 - 3)]
    corners += [(cell - 3, columns - WINDOW_CELLS), (rows - cell - 3, columns - cell - 3)]
    for row, column in corners:
        top, left = max(0, row - halo), max(0, column - halo)
        part = x[..., top : row + WINDOW_CELLS + halo, left : column + WINDOW_CELLS + halo]
        for block in chain:
            part = block(part)
        image = vae.decoder.leave(part)
        y0, x0 = (row - top) * 8, (column - left) * 8
        side = WINDOW_CELLS * 8
        kept = image[0, :, y0 : y0 + side, x0 : x0 + side].float().numpy()
        np.save(folder / f"regions-{row * 8}-{column * 8}.npy", kept)


def _compared(folder: Path, reference: str, way: str, tile: int) -> dict[str, float | str]:
    if way == reference:
        return {"largest_error": 0.0, "mean_error": 0.0, "seam": "", "largest_value": _largest(folder, way)}
    found = np.load(folder / f"{way}.npy", mmap_mode="r")
    errors: list[np.ndarray] = []
    if reference == "regions":
        for path in folder.glob("regions-*.npy"):
            row, column = (int(part) for part in path.stem.split("-")[1:])
            expected = np.load(path)
            errors.append(found[:, row : row + expected.shape[1], column : column + expected.shape[2]] - expected)
    else:
        errors.append(found - np.load(folder / "whole.npy", mmap_mode="r"))
    return {
        "largest_error": max(float(np.abs(error).max()) for error in errors),
        "mean_error": float(np.mean([np.abs(error).mean() for error in errors])),
        "seam": round(_seam(found, tile if way == "ours" else _stride(tile)), 3),
        "largest_value": _largest(folder, way),
    }


def _largest(folder: Path, way: str) -> float:
    paths = list(folder.glob("regions-*.npy")) if way == "regions" else [folder / f"{way}.npy"]
    return round(max(float(np.abs(np.load(path, mmap_mode="r")).max()) for path in paths), 3)


def _seam(image: np.ndarray, step: int) -> float:
    """Mean steepness across the borders of tiles in units of that beside them; 1 where nothing is to be seen."""
    steep = np.abs(np.diff(image, axis=-1)).mean(axis=(0, 1))
    pieces = -(-image.shape[-1] // step)
    borders = [piece * (image.shape[-1] // 32) // pieces * 32 - 1 for piece in range(1, pieces)]
    # The stages double the side, so steepness repeats every 32 pixels: only like places are compared.
    like = [place for place in range(31, image.shape[-1] - 1, 32) if place not in borders]
    return float(steep[borders].mean() / steep[like].mean()) if borders and like else 1.0


if __name__ == "__main__":
    sys.exit(main())
