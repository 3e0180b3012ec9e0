"""Train the starter pack's DC-AE, or go on with its decoder alone.

    python -m training.dcae build/training build/training/dcae --steps 1000
    python -m training.dcae build/training build/training/decoder --init build/training/dcae/vae \\
        --only decoder --steps 700 --rate 4e-4 --noise 0.12

Loss: mean absolute error, the same of gradients at three scales (edges), and a small pull of the latents
towards zero. Noise on the latents (in units of their standard deviation) makes the decoder forgive what
the DiT leaves. With `--only decoder` the latents stay what they are, so a DiT trained on them still fits.

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from sana_desktop.engine.weights.load import load_autoencoder
from sana_desktop.engine.weights.save import save_autoencoder
from sana_models.configs import DC_AE_STARTER
from sana_models.dc_ae import DCAutoencoder
from training.compose import on_background, read_cutout
from training.compute import Compute
from training.emoji import Concept, read_concepts
from training.loop import add_slice_options, slice_from
from training.palette import BACKGROUNDS
from training.trainee import Trainee

_PULL = 1e-4
_SCALES = 3
_UNNAMED_COLORS = 0.25


class PictureDealer:
    """Deals batches [B, 3, H, W] in [-1, 1]: a random emoji on a random colour of the palette or beyond it."""

    def __init__(self, concepts: list[Concept], seed: int) -> None:
        self._cutouts = [read_cutout(concept.picture) for concept in concepts]
        self._rng = random.Random(seed)

    def deal(self, size: int) -> Tensor:
        """Draw a batch; one background in four is a colour without a name."""
        named = list(BACKGROUNDS.values())
        pictures: list[Tensor] = []
        for _ in range(size):
            color = self._rng.choice(named)
            if self._rng.random() < _UNNAMED_COLORS:
                color = (self._rng.randrange(256), self._rng.randrange(256), self._rng.randrange(256))
            pictures.append(torch.from_numpy(on_background(self._rng.choice(self._cutouts), color)))
        return torch.stack(pictures)


def reconstruction_loss(made_B3HW: Tensor, true_B3HW: Tensor) -> Tensor:
    """Mean absolute error of pixels plus that of horizontal and vertical differences at three scales."""
    loss = (made_B3HW - true_B3HW).abs().mean()
    for _ in range(_SCALES):
        for axis in (-1, -2):
            loss = loss + (made_B3HW.diff(dim=axis) - true_B3HW.diff(dim=axis)).abs().mean()
        made_B3HW = functional.avg_pool2d(made_B3HW, 2)
        true_B3HW = functional.avg_pool2d(true_B3HW, 2)
    return loss


def noisy(latents_BKhw: Tensor, amount: float) -> Tensor:
    """Add normal noise of `amount` standard deviations of this batch of latents."""
    return latents_BKhw + amount * latents_BKhw.detach().std() * torch.randn_like(latents_BKhw)


def psnr(made_B3HW: Tensor, true_B3HW: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of images in [-1, 1]."""
    error = (made_B3HW.clamp(-1, 1).float() - true_B3HW.float()).square().mean()
    return float(10 * torch.log10(4 / error))


class AutoencoderRun:
    """One resumable training run in a folder."""

    def __init__(self, dealer: PictureDealer, options: argparse.Namespace, vae: DCAutoencoder) -> None:
        self._dealer, self._options = dealer, options
        self._compute = Compute()
        self._vae = vae.requires_grad_(True).train()
        self._compute.placed(self._vae)
        self._vae.encoder.requires_grad_(options.only is None)
        self._trainee = Trainee(self._vae, options.out, rate=options.rate, steps=options.steps)
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss and the quality of the reconstruction in dB."""
        options = self._options
        true_B3HW = self._dealer.deal(options.batch).to(self._compute.device, memory_format=torch.channels_last)
        with self._compute.autocast():
            latents_BKhw = self._vae.encode(true_B3HW)
            made_B3HW = self._vae.decode(noisy(latents_BKhw, options.noise)).float()
        loss = reconstruction_loss(made_B3HW, true_B3HW) + _PULL * latents_BKhw.float().square().mean()
        self._trainee.learn(loss, step)
        return {"loss": loss.item(), "dB": psnr(made_B3HW.detach(), true_B3HW)}

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the network as a diffusers folder."""
        self._trainee.save(step)
        save_autoencoder(self._vae, self._options.out / "vae", dtype=torch.bfloat16)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--init", type=Path, help="autoencoder folder to start from")
    parser.add_argument("--only", choices=["decoder"], help="leave the encoder, and so the latents, as they are")
    add_slice_options(parser, steps=1000, batch=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Train until the steps or the minutes of this slice are used up; goes on from `state.pt`."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    if options.init is None:
        vae = DCAutoencoder(DC_AE_STARTER)
    else:
        vae = load_autoencoder(options.init, dtype=torch.float32, device=torch.device("cpu"), check=lambda: None)
    run = AutoencoderRun(PictureDealer(read_concepts(options.data), options.seed), options, vae)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
