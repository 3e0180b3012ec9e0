"""Train our own preview decoder for the published Sana models.

    python -m training.sana_preview build/training/crops build/training/sana-preview --steps 3000

The linear part is solved first, by ridge regression over all views (seconds); the rest begins as nothing and learns
to correct it, so the decoder is better than its linear part from the first step on. Latents get up to 0.3 of
noise, because previews see unfinished ones. What is shipped is the average of the last weights.

Shapes: B batch, V views, K latent channels, h w latent and H W picture height and width, F features, P pixels of a
patch.
"""

import argparse
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor, nn
from torch.nn import functional

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from training.checkpoints import MovingAverage
from training.compute import Compute
from training.dcae import psnr, reconstruction_loss
from training.loop import add_slice_options, slice_from
from training.trainee import Trainee

CONFIG = PatchDecoderConfig()
FILE = "sana_tiny_decoder.safetensors"
_MOST_NOISE = 0.3
_RIDGE = 1e-3
_SOLVED_AT_ONCE = 50


class Crops:
    """Views in memory: all shards of one side of the split."""

    def __init__(self, folder: Path, name: str) -> None:
        shards = [load_file(path) for path in sorted(folder.glob(f"{name}-*.safetensors"))]
        if not shards:
            raise ValueError(f"expected {name}-*.safetensors in {folder}, found none: run `training.sana_crops` first")
        self.latents_VKhw = torch.cat([shard["latents"] for shard in shards])
        self.pictures_V3HW = torch.cat([shard["pictures"] for shard in shards])
        self.source_V = torch.cat([shard["source"] for shard in shards])

    def pictures(self, picked: Tensor, side: int) -> Tensor:
        """The chosen views [B, 3, side, side] in [0, 1]; `side` divides that of the views."""
        pictures = self.pictures_V3HW[picked].float() / 255
        factor = pictures.shape[-1] // side
        return functional.avg_pool2d(pictures, factor) if factor > 1 else pictures


def solve_linear(decoder: PatchDecoder, crops: Crops) -> None:
    """Fill the linear part with the least-squares map from 3 x 3 latent positions to the patch of the middle one."""
    channels = decoder.linear.in_channels
    features = 9 * channels + 1
    outputs = decoder.linear.out_channels
    square_FF = torch.zeros(features, features, dtype=torch.float64)
    product_FP = torch.zeros(features, outputs, dtype=torch.float64)
    for picked in torch.split(torch.arange(len(crops.latents_VKhw)), _SOLVED_AT_ONCE):
        latents_BKhw = decoder.clamp(crops.latents_VKhw[picked].float())
        side = latents_BKhw.shape[-1] * decoder.patch
        # unfold orders features as the convolution's weight does: channel, then row, then column.
        inputs = functional.unfold(latents_BKhw, 3, padding=1).transpose(1, 2).flatten(0, 1)
        inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1).double()
        patches = functional.pixel_unshuffle(crops.pictures(picked, side), decoder.patch)
        targets = patches.flatten(2).transpose(1, 2).flatten(0, 1).double()
        square_FF += inputs.T @ inputs
        product_FP += inputs.T @ targets
    damping = _RIDGE * square_FF.diagonal().mean() * torch.eye(features, dtype=torch.float64)
    # torch leaves this one function untyped.
    solved_FP = cast("Tensor", torch.linalg.solve(square_FF + damping, product_FP))
    with torch.no_grad():
        decoder.linear.weight.copy_(solved_FP[:-1].T.reshape(outputs, channels, 3, 3))
        if decoder.linear.bias is not None:
            decoder.linear.bias.copy_(solved_FP[-1])


class SanaPreviewRun:
    """One resumable training run in a folder."""

    def __init__(self, crops: Crops, options: argparse.Namespace, config: PatchDecoderConfig = CONFIG) -> None:
        self._crops, self._options = crops, options
        self._compute = Compute()
        self.decoder = PatchDecoder(config)
        if not (options.out / "state.pt").exists():
            nn.init.zeros_(self.decoder.correction.weight)
            solve_linear(self.decoder, crops)
        self._compute.placed(self.decoder)
        self._compute.compile(self.decoder)
        self.average = MovingAverage(self.decoder, 0.995)
        self._trainee = Trainee(self.decoder, options.out, rate=options.rate, steps=options.steps, average=self.average)
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss and the likeness to the pictures in dB."""
        picked = torch.randint(len(self._crops.latents_VKhw), (self._options.batch,))
        latents_BKhw = self._crops.latents_VKhw[picked].float()
        amount_B111 = _MOST_NOISE * torch.rand(len(picked), 1, 1, 1).square()
        latents_BKhw = latents_BKhw + amount_B111 * torch.randn_like(latents_BKhw)
        side = latents_BKhw.shape[-1] * self.decoder.patch
        true_B3HW = self._crops.pictures(picked, side).to(self._compute.device)
        with self._compute.autocast():
            made_B3HW = self.decoder(latents_BKhw.to(self._compute.device)).float()
        loss = reconstruction_loss(made_B3HW, true_B3HW) + (made_B3HW - true_B3HW).square().mean()
        self._trainee.learn(loss, step)
        return {"loss": loss.item(), "dB": psnr(made_B3HW.detach() * 2 - 1, true_B3HW * 2 - 1)}

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged weights in bf16."""
        self._trainee.save(step)
        weights = {name: value.bfloat16().cpu().contiguous() for name, value in self.average.parameters.items()}
        save_file(weights, self._options.out / FILE)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crops", type=Path)
    parser.add_argument("out", type=Path)
    add_slice_options(parser, steps=3000, batch=16)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Train until the steps or the minutes of this slice are used up; goes on from `state.pt`."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    run = SanaPreviewRun(Crops(options.crops, "train"), options)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
