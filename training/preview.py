"""Distil the tiny preview decoder, and fit the linear preview, from a trained DC-AE decoder.

    python -m training.preview build/training/features build/training/preview --vae build/training/decoder/vae

The tiny decoder learns to give what the DC-AE decoder gives, from the scaled latents of the training
pictures with some noise on them (previews see unfinished latents). The linear map is a least-squares fit
of one colour per latent position.

Shapes: B batch, K latent channels, h w latent and H W picture height and width.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from sana_desktop.engine.weights.load import load_autoencoder
from sana_models.configs import TINY_DECODER_STARTER
from sana_models.dc_ae import DCAutoencoder
from sana_models.tiny_decoder import TinyDecoder
from training.compute import Compute
from training.dcae import noisy, psnr, reconstruction_loss
from training.loop import add_slice_options, slice_from
from training.trainee import Trainee

_MOST_NOISE = 0.15
_FITTED_PICTURES = 512


def teacher_images(vae: DCAutoencoder, latents_BKhw: Tensor) -> Tensor:
    """What the DC-AE makes of scaled latents, as images in [0, 1]."""
    with torch.no_grad(), Compute().autocast():
        images = vae.decode(latents_BKhw / vae.config.scaling_factor)
    return (images.float().clamp(-1, 1) + 1) / 2


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
    """One resumable distillation in a folder."""

    def __init__(self, latents_PKhw: Tensor, vae: DCAutoencoder, options: argparse.Namespace) -> None:
        self._latents_PKhw, self._vae, self._options = latents_PKhw, vae, options
        self._compute = Compute()
        self._device = self._compute.device
        self._tiny = TinyDecoder(TINY_DECODER_STARTER).to(self._device)
        self._trainee = Trainee(self._tiny, options.out, rate=options.rate, steps=options.steps)
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss and the likeness to the teacher in dB."""
        picked = torch.randint(len(self._latents_PKhw), (self._options.batch,))
        latents_BKhw = noisy(self._latents_PKhw[picked].to(self._device), _MOST_NOISE * float(torch.rand(())))
        true_B3HW = teacher_images(self._vae, latents_BKhw)
        with self._compute.autocast():
            made_B3HW = self._tiny(latents_BKhw).float()
        loss = reconstruction_loss(made_B3HW, true_B3HW)
        self._trainee.learn(loss, step)
        return {"loss": loss.item(), "dB": psnr(made_B3HW.detach() * 2 - 1, true_B3HW * 2 - 1)}

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the weights in bf16."""
        self._trainee.save(step)
        weights = {
            name: value.detach().bfloat16().cpu().contiguous() for name, value in self._tiny.state_dict().items()
        }
        save_file(weights, self._options.out / "tiny_decoder.safetensors")


def main() -> None:
    """Fit the linear map, then distil until the steps or the minutes of this slice are used up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True)
    add_slice_options(parser, steps=800, batch=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    latents_PKhw: Tensor = load_file(options.features / "latents.safetensors")["latents"]
    vae = load_autoencoder(options.vae, dtype=torch.float32, device=device, check=lambda: None)
    chosen = latents_PKhw[torch.randperm(len(latents_PKhw))[:_FITTED_PICTURES]]
    images = torch.cat([teacher_images(vae, some.to(device)).cpu() for some in torch.split(chosen, options.batch)])
    save_file(fit_linear(chosen, images), options.out / "linear.safetensors")
    run = PreviewRun(latents_PKhw, vae, options)
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
