"""Distil a tiny encoder of our own into the latents of the published Sana models.

    python -m training.sana_encoder build/training/packages build/training/sana-encoder \\
        --teacher taesana_encoder.pth --minutes 10

The teacher is the published TAESANA encoder (MIT). The student has its layout and half its widths: a sixth of its
operations. Views are cut anew for every step, so no picture needs to be stored; the last 64 views of the
held-out side are the check (`checked`: explained share of the variance of the teacher's latents).

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from training.checkpoints import MovingAverage
from training.compute import Compute
from training.loop import add_slice_options, pace_from, slice_from
from training.pictures import views
from training.tiny_encoder import TinyEncoder, load_teacher
from training.trainee import Trainee

STEM, WIDTH = 16, 32
FILE = "sana_tiny_encoder.safetensors"
_CHECKED_VIEWS = 64


def explained(found_BKhw: Tensor, true_BKhw: Tensor) -> float:
    """Share of the variance of the true latents that the found ones explain; 1 is perfect, 0 is the mean."""
    spread = (true_BKhw - true_BKhw.mean(dim=(0, 2, 3), keepdim=True)).square().mean()
    return 1 - float((found_BKhw - true_BKhw).square().mean() / spread)


def batch_of_views(packages: Path, count: int, seed: int, *, held_out: bool) -> Tensor:
    """Views [B, 3, H, W] in [0, 1]; the seed decides which."""
    taken = views(packages, count, seed, held_out=held_out)
    return torch.stack([torch.from_numpy(np.array(view)).permute(2, 0, 1) for _, view in taken]).float() / 255


class SanaEncoderRun:
    """One resumable distillation in a folder."""

    def __init__(self, packages: Path, teacher: TinyEncoder, options: argparse.Namespace) -> None:
        self._packages, self._options = packages, options
        self._compute = Compute()
        self._teacher = teacher
        self._compute.placed(self._teacher)
        self.encoder = TinyEncoder(STEM, WIDTH)
        self._compute.placed(self.encoder)
        self.average = MovingAverage(self.encoder, 0.99)
        self._trainee = Trainee(
            self.encoder, options.out, rate=options.rate, pace=pace_from(options), average=self.average
        )
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss, and with every save how much of the held-out latents is explained."""
        seed = self._options.seed + step
        pictures_B3HW = batch_of_views(self._packages, self._options.batch, seed, held_out=False).to(
            self._compute.device, memory_format=torch.channels_last
        )
        with torch.no_grad():
            true_BKhw = self._teacher(pictures_B3HW)
        with self._compute.autocast():
            made_BKhw = self.encoder(pictures_B3HW).float()
        loss = (made_BKhw - true_BKhw).square().mean()
        self._trainee.learn(loss, step)
        figures = {"loss": loss.item()}
        if (step + 1) % self._options.save_every == 0:
            figures["checked"] = self.checked()
        return figures

    @torch.no_grad()
    def checked(self) -> float:
        """The averaged student against the teacher on fixed held-out views."""
        pictures = batch_of_views(self._packages, _CHECKED_VIEWS, 1, held_out=True).to(self._compute.device)
        student = TinyEncoder(STEM, WIDTH).to(self._compute.device)
        student.load_state_dict(self.average.parameters)
        return explained(student(pictures), self._teacher(pictures))

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged weights in bf16."""
        self._trainee.save(step)
        weights = {name: value.bfloat16().cpu().contiguous() for name, value in self.average.parameters.items()}
        save_file(weights, self._options.out / FILE)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    add_slice_options(parser, steps=2000, batch=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=10_000)
    return parser.parse_args(arguments)


def main() -> None:
    """Distil until the steps or the minutes of this slice are used up; goes on from `state.pt`."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    run = SanaEncoderRun(options.packages, load_teacher(options.teacher), options)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
