"""Make our own preview decoder for the published Sana models: solved first, then refined.

    python -m training.sana_preview build/training/crops build/training/sana-preview --steps 0

The stem's weights are drawn at random (its features look mostly at their own position) and stay; the patches are
then a linear function of the 3 x 3 latents around a position and of these features, so the best one is found by
ridge regression over all views: no steps, a few minutes on two cores. `--steps N` trains all of it from there, which
pays on a GPU. Latents get some noise, because previews see unfinished ones. After refinement the average of the
last weights is what is saved.

Shapes: B batch, V views, K latent channels, h w latent and H W picture height and width, F features, P pixels of a
patch.
"""

import argparse
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from training.checkpoints import MovingAverage
from training.compute import Compute
from training.dcae import psnr, reconstruction_loss
from training.loop import add_slice_options, pace_from, slice_from
from training.trainee import Trainee

CONFIG = PatchDecoderConfig(width=768, blocks=0)
FILE = "sana_tiny_decoder.safetensors"
_MOST_NOISE, _SOLVED_NOISE = 0.3, 0.1
_RIDGE = 1e-3
_SOLVED_AT_ONCE = 50
# Deviations of the stem's random weights, for its own position and for the eight around it; chosen on held-out views.
_OWN, _AROUND = 0.4, 0.02


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


def draw_stem(decoder: PatchDecoder) -> None:
    """Fill the stem with random weights: features of many directions and thresholds."""
    with torch.no_grad():
        decoder.stem.weight.normal_(0, _AROUND)
        decoder.stem.weight[:, :, 1, 1].normal_(0, _OWN)
        if decoder.stem.bias is not None:
            decoder.stem.bias.normal_()


@torch.no_grad()
def solve(decoder: PatchDecoder, crops: Crops) -> None:
    """Fill the linear part and the correction with the least-squares answer; stem and blocks stay as they are."""
    channels, width = decoder.linear.in_channels, decoder.correction.in_channels
    around, outputs = 9 * channels, decoder.linear.out_channels
    features = around + width + 1
    square_FF = torch.zeros(features, features)
    product_FP = torch.zeros(features, outputs)
    for picked in torch.split(torch.arange(len(crops.latents_VKhw)), _SOLVED_AT_ONCE):
        latents_BKhw = decoder.clamp(noisy_latents(crops.latents_VKhw[picked].float(), _SOLVED_NOISE))
        side = latents_BKhw.shape[-1] * decoder.patch
        # unfold orders features as the convolution's weight does: channel, then row, then column.
        near = functional.unfold(latents_BKhw, 3, padding=1).transpose(1, 2).flatten(0, 1)
        deep = decoder.blocks(decoder.stem(latents_BKhw).relu()).flatten(2).transpose(1, 2).flatten(0, 1)
        inputs = torch.cat([near, deep, torch.ones(len(near), 1)], dim=1)
        patches = functional.pixel_unshuffle(crops.pictures(picked, side), decoder.patch)
        square_FF += inputs.T @ inputs
        product_FP += inputs.T @ patches.flatten(2).transpose(1, 2).flatten(0, 1)
    square_FF = square_FF.double()
    damping = _RIDGE * square_FF.diagonal().mean() * torch.eye(features, dtype=torch.float64)
    # torch leaves this one function untyped.
    solved_FP = cast("Tensor", torch.linalg.solve(square_FF + damping, product_FP.double()))
    decoder.linear.weight.copy_(solved_FP[:around].T.reshape(outputs, channels, 3, 3))
    decoder.correction.weight.copy_(solved_FP[around:-1].T.reshape(outputs, width, 1, 1))
    if decoder.linear.bias is not None:
        decoder.linear.bias.copy_(solved_FP[-1])


def noisy_latents(latents_BKhw: Tensor, most: float) -> Tensor:
    """Add noise of up to `most` to each view's latents, mostly less."""
    amount_B111 = most * torch.rand(len(latents_BKhw), 1, 1, 1).to(latents_BKhw.device).square()
    return latents_BKhw + amount_B111 * torch.randn_like(latents_BKhw)


class SanaPreviewRun:
    """One resumable training run in a folder."""

    def __init__(self, crops: Crops, options: argparse.Namespace, config: PatchDecoderConfig = CONFIG) -> None:
        self._crops, self._options = crops, options
        self._compute = Compute()
        self.decoder = PatchDecoder(config)
        if not (options.out / "state.pt").exists():
            draw_stem(self.decoder)
            solve(self.decoder, crops)
        self._compute.placed(self.decoder)
        self._compute.compile(self.decoder)
        self.average = MovingAverage(self.decoder, 0.995)
        self._trainee = Trainee(
            self.decoder, options.out, rate=options.rate, pace=pace_from(options), average=self.average
        )
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss and the likeness to the pictures in dB."""
        picked = torch.randint(len(self._crops.latents_VKhw), (self._options.batch,))
        latents_BKhw = noisy_latents(self._crops.latents_VKhw[picked].float(), _MOST_NOISE)
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
    add_slice_options(parser, steps=0, batch=16)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Train until the steps or the minutes of this slice are used up; goes on from `state.pt`."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    run = SanaPreviewRun(Crops(options.crops, "train"), options)
    if run.step == 0:
        run.save(0)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
