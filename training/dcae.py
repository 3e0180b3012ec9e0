"""Train the starter pack's DC-AE, or go on with its decoder alone.

    python -m training.dcae build/training build/training/dcae --steps 1000
    python -m training.dcae build/training build/training/decoder --init build/training/dcae/vae \\
        --only decoder --kept 4000 --steps 700 --noise 0.1 --structure 1.5

Loss: mean absolute error, the same of gradients at three scales (edges), structural dissimilarity (crispness), and a
small pull of the latents towards zero. Noise on the latents (up to so many of their standard deviations, another for
each picture) makes the decoder forgive what the DiT leaves. With `--only decoder` the latents stay what they are, so a
DiT trained on them still fits; `--kept 4000` then encodes so many pictures once. Convolutions are trained by Muon, the
rest by AdamW; what is written is the average.

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
import random
from copy import copy
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from sana_desktop.engine.weights.load import load_autoencoder
from sana_desktop.engine.weights.save import save_autoencoder
from sana_models.configs import DC_AE_STARTER
from sana_models.dc_ae import DCAutoencoder
from training.checkpoints import MovingAverage
from training.compute import Compute
from training.cutouts import Cutouts
from training.emoji import Concept, other_pictures, read_concepts
from training.kept import KeptPictures
from training.layouts import Planned, paint
from training.loop import Figures, add_slice_options, pace_from, slice_from
from training.palette import BACKGROUNDS
from training.styles import styled_pictures
from training.trainee import Trainee

_PULL = 1e-4
_SCALED_PICTURES = 32
_SCALES = 3
_UNNAMED_COLORS = 0.25
_WINDOW = 7
# Shares of the pictures: 3D concepts, other 3D emoji, flat, line art.
_SHARES = (0.45, 0.31, 0.16, 0.08)
_SCENE_SHARE = 0.2
_SCENES = ("small", "beside", "above", "three", "four")


class PictureDealer:
    """Deals batches [B, 3, H, W] in [-1, 1]: random pictures on a random colour of the palette or beyond it.

    `groups` are pictures, each group with its share of the batches. One picture in five is a scene of smaller things.
    """

    def __init__(self, groups: list[tuple[float, list[Path]]], seed: int, device: torch.device | None = None) -> None:
        self._device = device or torch.device("cpu")
        self._shares = [share for share, pictures in groups if pictures]
        self._groups: list[range] = []
        paths: list[Path] = []
        for _, pictures in groups:
            if pictures:
                self._groups.append(range(len(paths), len(paths) + len(pictures)))
                paths += pictures
        self._cutouts = Cutouts(paths, self._device)
        self._rng = random.Random(seed)

    def deal(self, size: int) -> Tensor:
        """Draw a batch; one background in four is a colour without a name."""
        chosen = [self._choose() for _ in range(size)]
        numbers = [number for _, numbers, _ in chosen for number in numbers]
        pictures_B3HW = paint(self._cutouts.take(numbers), [planned for planned, _, _ in chosen])
        mirrored_B111 = torch.tensor([mirrored for _, _, mirrored in chosen], device=self._device)[:, None, None, None]
        return torch.where(mirrored_B111, pictures_B3HW.flip(-1), pictures_B3HW)

    def again(self, seed: int) -> "PictureDealer":
        """A dealer of the same pictures that begins with `seed`."""
        other = copy(self)
        other._rng = random.Random(seed)
        return other

    def skip(self, count: int) -> None:
        """Pass over `count` pictures, so that a run that goes on sees what it would have seen."""
        for _ in range(count):
            self._choose()

    def _choose(self) -> tuple[Planned, list[int], bool]:
        color = self._rng.choice(list(BACKGROUNDS.values()))
        if self._rng.random() < _UNNAMED_COLORS:
            color = (self._rng.randrange(256), self._rng.randrange(256), self._rng.randrange(256))
        layout = self._rng.choice(_SCENES) if self._rng.random() < _SCENE_SHARE else "full"
        planned = Planned(layout, color)
        groups = self._rng.choices(self._groups, self._shares, k=planned.things)
        return planned, [self._rng.choice(group) for group in groups], self._rng.random() < 0.5


def trained_pictures(data: Path, concepts: list[Concept]) -> list[tuple[float, list[Path]]]:
    """What the autoencoder sees, with shares: concepts, other emoji (the held-out never), concepts in other styles."""
    keys = [concept.key for concept in concepts]
    groups = (
        [concept.picture for concept in concepts],
        other_pictures(data, concepts, held_out=False),
        list(styled_pictures(data, "flat", keys).values()),
        list(styled_pictures(data, "line", keys).values()),
    )
    return list(zip(_SHARES, groups, strict=True))


def reconstruction_loss(made_B3HW: Tensor, true_B3HW: Tensor) -> Tensor:
    """Mean absolute error of pixels plus that of horizontal and vertical differences at three scales."""
    loss = (made_B3HW - true_B3HW).abs().mean()
    for _ in range(_SCALES):
        for axis in (-1, -2):
            loss = loss + (made_B3HW.diff(dim=axis) - true_B3HW.diff(dim=axis)).abs().mean()
        made_B3HW = functional.avg_pool2d(made_B3HW, 2)
        true_B3HW = functional.avg_pool2d(true_B3HW, 2)
    return loss


def dissimilarity(made_B3HW: Tensor, true_B3HW: Tensor) -> Tensor:
    """One minus the structural similarity, over square windows: cheaper than bell-shaped ones, and as good to train on.

    The constants are those for a range of 2.
    """

    def mean(x_B3HW: Tensor) -> Tensor:
        # Down and then across: two rows of seven are read for each pixel instead of forty-nine.
        return functional.avg_pool2d(functional.avg_pool2d(x_B3HW, (_WINDOW, 1), stride=1), (1, _WINDOW), stride=1)

    mean_a, mean_b = mean(made_B3HW), mean(true_B3HW)
    spread = mean(made_B3HW.square() + true_B3HW.square()) - mean_a.square() - mean_b.square()
    shared = mean(made_B3HW * true_B3HW) - mean_a * mean_b
    small_1, small_2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    likeness = (2 * mean_a * mean_b + small_1) * (2 * shared + small_2)
    return 1 - (likeness / ((mean_a.square() + mean_b.square() + small_1) * (spread + small_2))).mean()


def noisy(latents_BKhw: Tensor, amount: float) -> Tensor:
    """Add normal noise of up to `amount` standard deviations of this batch of latents, another share of it for each."""
    shares_B111 = torch.rand(len(latents_BKhw), 1, 1, 1).to(latents_BKhw)
    return latents_BKhw + amount * shares_B111 * latents_BKhw.detach().std() * torch.randn_like(latents_BKhw)


def decibels(made_B3HW: Tensor, true_B3HW: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of images in [-1, 1], still where they are."""
    error = (made_B3HW.clamp(-1, 1).float() - true_B3HW.float()).square().mean()
    return 10 * torch.log10(4 / error)


def psnr(made_B3HW: Tensor, true_B3HW: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of images in [-1, 1]."""
    return float(decibels(made_B3HW, true_B3HW))


class AutoencoderRun:
    """One resumable training run in a folder."""

    def __init__(
        self,
        dealer: PictureDealer,
        options: argparse.Namespace,
        vae: DCAutoencoder,
        compute: Compute | None = None,
    ) -> None:
        self._dealer, self._options = dealer, options
        self._compute = compute or Compute()
        self._vae = vae.requires_grad_(True).train()
        self._compute.placed(self._vae)
        self._vae.encoder.requires_grad_(options.only is None)
        self._average = MovingAverage(self._vae, options.average)
        self._trainee = Trainee(
            self._vae, options.out, rate=options.rate, pace=pace_from(options), average=self._average, muon=True
        )
        self._compute.compile(self._vae.encoder)
        self._compute.compile(self._vae.decoder)
        self.step = self._trainee.step
        self._kept: KeptPictures | None = None
        if options.kept:
            self._kept = KeptPictures(options.out, options.kept, self._new)
        else:
            # As many pictures as an uninterrupted run would have dealt by now.
            self._dealer.skip(self.step * options.batch)

    def train_step(self, step: int) -> Figures:
        """One update; returns the loss and the quality of the reconstruction in dB."""
        options = self._options
        if self._kept is None:
            true_B3HW = self._dealer.deal(options.batch).to(self._compute.device, memory_format=torch.channels_last)
            with self._compute.autocast():
                latents_BKhw = self._vae.encode(true_B3HW)
        else:
            true_B3HW, scaled_BKhw = (part.to(self._compute.device) for part in self._kept.deal(options.batch))
            latents_BKhw = scaled_BKhw / self._vae.config.scaling_factor
        with self._compute.autocast():
            made_B3HW = self._vae.decode(noisy(latents_BKhw, options.noise)).float()
        loss = reconstruction_loss(made_B3HW, true_B3HW) + options.structure * dissimilarity(made_B3HW, true_B3HW)
        loss = loss + _PULL * latents_BKhw.float().square().mean()
        self._trainee.learn(loss, step)
        return {"loss": loss.detach(), "dB": decibels(made_B3HW.detach(), true_B3HW)}

    @torch.no_grad()
    def _new(self, size: int) -> tuple[Tensor, Tensor]:
        """Pictures that were not dealt before, and their scaled latents."""
        pictures_B3HW = self._dealer.deal(size).to(self._compute.device, memory_format=torch.channels_last)
        with self._compute.autocast():
            return pictures_B3HW, self._vae.encode(pictures_B3HW).float() * self._vae.config.scaling_factor

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged network as a diffusers folder."""
        self._trainee.save(step)
        averaged = DCAutoencoder(self._vae.config)
        averaged.load_state_dict(self._average.parameters)
        if self._options.only is None:
            averaged.config = replace(averaged.config, scaling_factor=self._scaling_factor())
        save_autoencoder(averaged, self._options.out / "vae", dtype=torch.bfloat16)

    @torch.no_grad()
    def _scaling_factor(self) -> float:
        """What gives latents a deviation of one, for the DiT is trained with noise of one."""
        shown_B3HW = self._dealer.again(self._options.seed).deal(_SCALED_PICTURES)
        shown_B3HW = shown_B3HW.to(self._compute.device, memory_format=torch.channels_last)
        with self._compute.autocast():
            # Another batch size, now and then: not worth another compilation.
            latents_BKhw = self._vae.encoder.forward(shown_B3HW)
        return 1 / latents_BKhw.float().std().item()


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
    parser.add_argument("--structure", type=float, default=0.5, help="weight of structural dissimilarity in the loss")
    parser.add_argument("--average", type=float, default=0.99)
    parser.add_argument(
        "--kept", type=int, default=0, help="with --only: encode so many pictures once, then deal those"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.kept and options.only is None:
        parser.error("--kept needs --only decoder: an encoder in training gives other latents at every step")
    return options


def main() -> None:
    """Train until the steps or the minutes of this slice are used up; goes on from `state.pt`."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    if options.init is None:
        vae = DCAutoencoder(DC_AE_STARTER)
    else:
        vae = load_autoencoder(options.init, dtype=torch.float32, device=torch.device("cpu"), check=lambda: None)
    compute = Compute()
    pictures = trained_pictures(options.data, read_concepts(options.data))
    run = AutoencoderRun(PictureDealer(pictures, options.seed, compute.device), options, vae, compute)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
