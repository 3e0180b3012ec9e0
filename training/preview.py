"""Distil the starter pack's preview decoder from its autoencoder, and fit the linear map that stands beside it.

    python -m training.preview build/training build/training/preview --vae build/training/dcae/vae

Pictures are dealt as the autoencoder sees them and encoded by it, one batch after another, or with `--kept 4000` so
many once, which are then dealt over and over: on processors encoding costs more than learning. The small decoder
learns to draw them from the latents. Latents get some noise, because previews see unfinished ones. `--widths` makes it
another one than that for the autoencoder of the recipe. The linear map is the least-squares colour of one latent
position.

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.weights.load import load_autoencoder
from sana_models.configs import TINY_DECODER_STARTER, TinyDecoderConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.tiny_decoder import TinyDecoder
from training.checkpoints import MovingAverage
from training.compute import Compute
from training.dcae import PictureDealer, decibels, reconstruction_loss, trained_pictures
from training.emoji import read_concepts
from training.kept import AT_ONCE, KeptPictures
from training.loop import Figures, add_slice_options, pace_from, slice_from
from training.sana_preview import noisy_latents
from training.trainee import Trainee

_EDGES = 0.1
_FITTED_PICTURES = 256


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


class PreviewRun:
    """One resumable run in a folder."""

    def __init__(
        self,
        dealer: PictureDealer,
        vae: DCAutoencoder,
        options: argparse.Namespace,
        config: TinyDecoderConfig = TINY_DECODER_STARTER,
        compute: Compute | None = None,
    ) -> None:
        self._dealer, self._vae, self._options = dealer, vae, options
        self._compute = compute or Compute()
        self._compute.placed(vae)
        self.decoder = TinyDecoder(config)
        self._compute.placed(self.decoder)
        self._compute.compile(self.decoder)
        self._average = MovingAverage(self.decoder, options.average)
        self._trainee = Trainee(
            self.decoder, options.out, rate=options.rate, pace=pace_from(options), average=self._average, muon=True
        )
        self.step = self._trainee.step
        self._dealer.skip(_FITTED_PICTURES)
        self._kept: KeptPictures | None = None
        if options.kept:
            self._kept = KeptPictures(options.out, options.kept, self._new)
        else:
            # As many pictures as an uninterrupted run would have dealt by now.
            self._dealer.skip(self.step * options.batch)

    def linear_map(self, dealer: PictureDealer) -> dict[str, Tensor]:
        """The linear map, fitted to the first pictures of a dealer like the run's own."""
        shown = [dealer.deal(AT_ONCE) for _ in range(_FITTED_PICTURES // AT_ONCE)]
        latents = [self.latents(some).float().cpu() for some in shown]
        return fit_linear(torch.cat(latents), (torch.cat(shown).cpu() + 1) / 2)

    @torch.no_grad()
    def latents(self, pictures_B3HW: Tensor) -> Tensor:
        """Scaled latents [B, K, h, w]."""
        laid_B3HW = pictures_B3HW.to(self._compute.device, memory_format=torch.channels_last)
        with self._compute.autocast():
            return self._vae.encode(laid_B3HW) * self._vae.config.scaling_factor

    def train_step(self, step: int) -> Figures:
        """One update; returns the loss and the likeness to the pictures in dB."""
        size = self._options.batch
        true_B3HW, exact_BKhw = self._new(size) if self._kept is None else self._kept.deal(size)
        true_B3HW = true_B3HW.to(self._compute.device)
        latents_BKhw = noisy_latents(exact_BKhw.to(self._compute.device), self._options.noise)
        with self._compute.autocast():
            made_B3HW = self.decoder(latents_BKhw).float() * 2 - 1
        loss = (made_B3HW - true_B3HW).square().mean() + _EDGES * reconstruction_loss(made_B3HW, true_B3HW)
        self._trainee.learn(loss, step)
        return {"loss": loss.detach(), "dB": decibels(made_B3HW.detach(), true_B3HW)}

    def _new(self, size: int) -> tuple[Tensor, Tensor]:
        """Pictures that were not dealt before, and their latents."""
        pictures_B3HW = self._dealer.deal(size)
        return pictures_B3HW, self.latents(pictures_B3HW).float()

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged weights in bf16."""
        self._trainee.save(step)
        weights = {name: value.bfloat16().cpu().contiguous() for name, value in self._average.parameters.items()}
        save_file(weights, self._options.out / "tiny_decoder.safetensors")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True, help="folder of the autoencoder")
    add_slice_options(parser, steps=1500, batch=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--average", type=float, default=0.99)
    parser.add_argument("--noise", type=float, default=0.3, help="the most, in deviations of latents (%(default)s)")
    parser.add_argument("--kept", type=int, default=0, help="encode so many pictures once, instead of new ones always")
    parser.add_argument("--widths", type=int, nargs="+", default=TINY_DECODER_STARTER.widths, help="of the decoder")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main() -> None:
    """Fit the linear map, then train until the steps or the minutes of this slice are used up."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    compute = Compute()
    vae = load_autoencoder(options.vae, dtype=torch.float32, device=compute.device, check=CancelToken().check)
    groups = trained_pictures(options.data, read_concepts(options.data))
    dealer = PictureDealer(groups, options.seed, compute.device)
    run = PreviewRun(dealer, vae, options, replace(TINY_DECODER_STARTER, widths=tuple(options.widths)), compute)
    if not (options.out / "linear.safetensors").exists():
        save_file(run.linear_map(dealer.again(options.seed)), options.out / "linear.safetensors")
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
