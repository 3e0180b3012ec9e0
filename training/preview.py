"""Make the starter pack's previews: a linear map, and a small decoder that is solved first and then refined.

    python -m training.preview build/training/views build/training/preview --steps 250

The decoder works on the grid of the latents and lays out patches of 16 x 16 pixels at the end. Its stem's weights are
drawn at random and its block begins as the identity, so the best patches are found by ridge regression, as in
`training.sana_preview`; steps of Muon and AdamW on the squared error go on from there. Latents get some noise, because
previews see unfinished ones. The linear map is the least-squares colour of one latent position.

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor, nn
from torch.nn import functional

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from training.checkpoints import MovingAverage
from training.compute import Compute
from training.dcae import psnr, reconstruction_loss
from training.loop import add_slice_options, slice_from
from training.sana_preview import Crops, draw_stem, noisy_latents, solve
from training.trainee import Trainee

CONFIG = PatchDecoderConfig(width=448, blocks=1)
_MOST_NOISE = 0.3
_EDGES = 0.1
_FITTED_PICTURES = 512


def fit_linear(latents_BKhw: Tensor, images_B3HW: Tensor) -> dict[str, Tensor]:
    """Least-squares map from one latent position to the mean colour under it: weight [3, K], bias [3]."""
    height, width = latents_BKhw.shape[-2:]
    colors_B3hw = functional.adaptive_avg_pool2d(images_B3HW, (height, width))
    cells = latents_BKhw.permute(0, 2, 3, 1).flatten(0, 2)
    inputs = torch.cat([cells, torch.ones(len(cells), 1)], dim=1)
    targets = colors_B3hw.permute(0, 2, 3, 1).flatten(0, 2)
    # torch leaves this one function untyped.
    weights: Tensor = torch.linalg.lstsq(inputs, targets)[0]  # pyright: ignore[reportUnknownVariableType]
    return {"weight": weights[:-1].T.contiguous(), "bias": weights[-1].contiguous()}


def begin_blocks_as_identity(decoder: PatchDecoder) -> None:
    """Zero the last convolution of every block: features, which are not negative, then pass as they are."""
    for block in decoder.blocks:
        last = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)][-1]
        nn.init.zeros_(last.weight)
        if last.bias is not None:
            nn.init.zeros_(last.bias)


class PreviewRun:
    """One resumable run in a folder: solved when it begins, then refined."""

    def __init__(self, crops: Crops, options: argparse.Namespace, config: PatchDecoderConfig = CONFIG) -> None:
        self._crops, self._options = crops, options
        self._compute = Compute()
        self.decoder = PatchDecoder(config)
        if not (options.out / "state.pt").exists():
            draw_stem(self.decoder)
            begin_blocks_as_identity(self.decoder)
            solve(self.decoder, crops)
        self._compute.placed(self.decoder)
        self._compute.compile(self.decoder)
        self._average = MovingAverage(self.decoder, 0.98)
        self._trainee = Trainee(
            self.decoder, options.out, rate=options.rate, steps=options.steps, average=self._average, muon=True
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
        # Twice the range, as the autoencoder's pictures have it: the squared error then weighs as much as edges.
        loss = 4 * (made_B3HW - true_B3HW).square().mean() + _EDGES * reconstruction_loss(made_B3HW, true_B3HW)
        self._trainee.learn(loss, step)
        return {"loss": loss.item(), "dB": psnr(made_B3HW.detach() * 2 - 1, true_B3HW * 2 - 1)}

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged weights in bf16."""
        self._trainee.save(step)
        weights = {name: value.bfloat16().cpu().contiguous() for name, value in self._average.parameters.items()}
        save_file(weights, self._options.out / "tiny_decoder.safetensors")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("views", type=Path)
    parser.add_argument("out", type=Path)
    add_slice_options(parser, steps=250, batch=32)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Fit the linear map, then train until the steps or the minutes of this slice are used up."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    crops = Crops(options.views, "train")
    chosen = torch.randperm(len(crops.latents_VKhw))[:_FITTED_PICTURES]
    side = crops.pictures_V3HW.shape[-1]
    fitted = fit_linear(crops.latents_VKhw[chosen].float(), crops.pictures(chosen, side))
    save_file(fitted, options.out / "linear.safetensors")
    run = PreviewRun(crops, options)
    if run.step == 0:
        run.save(0)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
