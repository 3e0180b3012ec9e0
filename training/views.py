"""Pictures of the starter pack's kind with their latents, for its preview decoder.

    python -m training.views build/training build/training/views --vae build/training/decoder/vae

Things, other emoji (the held-out ones never) and other styles, as the autoencoder sees them. Written in shards of 512
views (15 MB: latents in fp16, pictures as 128 x 128 bytes), as `training.sana_crops` writes them; a killed run goes
on at the first shard that is missing.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.weights.load import load_autoencoder
from sana_models.dc_ae import DCAutoencoder
from training.compute import Compute
from training.dcae import PictureDealer, trained_pictures
from training.emoji import read_concepts

SIDE = 128
_SHARD = 512
_AT_ONCE = 16


def write_views(dealer: PictureDealer, vae: DCAutoencoder, out: Path, count: int, compute: Compute) -> None:
    """Fill `out` with shards of views until there are `count`; those that are there are kept."""
    out.mkdir(parents=True, exist_ok=True)
    for number, begin in enumerate(range(0, count, _SHARD)):
        shard, size = out / f"train-{number:03}.safetensors", min(_SHARD, count - begin)
        if shard.exists():
            dealer.skip(size)
            continue
        latents: list[Tensor] = []
        pictures: list[Tensor] = []
        for some in range(0, size, _AT_ONCE):
            true_B3HW = dealer.deal(min(_AT_ONCE, size - some))
            with torch.inference_mode(), compute.autocast():
                latents.append(vae.encode(true_B3HW.to(compute.device)).float().cpu() * vae.config.scaling_factor)
            small_B3HW = functional.adaptive_avg_pool2d(true_B3HW, SIDE)
            pictures.append(((small_B3HW + 1) * 127.5).round().to(torch.uint8))
        content = {
            "latents": torch.cat(latents).half().contiguous(),
            "pictures": torch.cat(pictures).contiguous(),
            "source": torch.zeros(size),
        }
        save_file(content, shard.with_suffix(".partial"))
        shard.with_suffix(".partial").replace(shard)
        print(f"{begin + size} of {count} views", flush=True)


def main() -> None:
    """Read the command line and write the shards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1536)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    compute = Compute()
    vae = load_autoencoder(options.vae, dtype=torch.float32, device=compute.device, check=CancelToken().check)
    dealer = PictureDealer(trained_pictures(options.data, read_concepts(options.data)), options.seed)
    compute.placed(vae)
    write_views(dealer, vae, options.out, options.count, compute)


if __name__ == "__main__":
    main()
