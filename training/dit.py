"""Train the linear DiT by flow matching on cached features (SANA paper, section 3 and appendix).

    python -m training.dit build/training/features build/training/dit --steps 4000

Goes on from its last checkpoint. The target is the velocity, noise minus clean latents; times are
logit-normal, shifted, and floored to whole thousandths as at sampling time. Matrices of the blocks
are trained by Muon (Jordan 2024; RMS-matched updates as in arXiv 2502.16982), the rest by AdamW. The
learning rate is constant and falls linearly over the last part of the run, so a run can be extended
from any checkpoint made before the fall.

Shapes: B batch, K latent channels, h w latent height and width.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sana_desktop.engine.weights.load import load_transformer
from sana_desktop.engine.weights.save import save_transformer
from sana_models.configs import DiTConfig
from sana_models.dit import SanaTransformer
from training.checkpoints import MovingAverage, load_state, save_state
from training.compute import Compute
from training.loop import Figures, add_slice_options, pace_from, rate_factor, slice_from
from training.muon import Muon
from training.pairs import Batch, PairDealer
from training.plan import FORMAT_SHARE

_CHECKED_PAIRS = 256


def starter_dit(heads: int = 12, layers: int = 8) -> DiTConfig:
    """The starter pack's shape: `heads` of 32 channels; cross-attention has half as many, twice as wide."""
    return DiTConfig(
        layers=layers,
        heads=heads,
        cross_heads=heads // 2,
        cross_head_channels=64,
        caption_channels=640,
        sample_size=8,
    )


def noisy_times(size: int, shift: float, generator: torch.Generator) -> Tensor:
    """Draw noise levels sigma [B] in [0, 1): logit-normal, shifted towards noise, whole thousandths."""
    sigma_B = torch.randn(size, generator=generator, device=generator.device).sigmoid()
    sigma_B = shift * sigma_B / (1 + (shift - 1) * sigma_B)
    return (sigma_B * 1000).floor() / 1000


def shape_of(step: int, shapes: int) -> int:
    """Which shape a step trains: the first one mostly, the others in turns; the same whenever a run goes on."""
    every = round(1 / FORMAT_SHARE)
    if shapes == 1 or step % every < every - 1:
        return 0
    return 1 + step // every % (shapes - 1)


class Velocity(nn.Module):
    """The network from prompt and noisy latents to velocity, in one piece for the compiler."""

    def __init__(self, model: SanaTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, noisy_BKhw: Tensor, sigma_B: Tensor, text_BLE: Tensor, mask_BL: Tensor) -> Tensor:
        """Velocity [B, K, h, w] of latents at the noise levels `sigma_B`."""
        return self.model(noisy_BKhw, sigma_B * 1000, self.model.project_text(text_BLE, mask_BL))


def velocity_loss(
    velocity: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor],
    batch: Batch,
    sigma_B: Tensor,
    noise_BKhw: Tensor,
    compute: Compute,
) -> Tensor:
    """Mean squared error of the predicted velocity; the arithmetic of `compute`, fp32 loss."""
    sigma_B111 = sigma_B[:, None, None, None]
    noisy_BKhw = (1 - sigma_B111) * batch.latents_BKhw + sigma_B111 * noise_BKhw
    with compute.autocast():
        velocity_BKhw = velocity(noisy_BKhw, sigma_B, batch.text_BLE.float(), batch.mask_BL)
    return (velocity_BKhw.float() - (noise_BKhw - batch.latents_BKhw)).square().mean()


def start_quietly(model: SanaTransformer) -> None:
    """Let a fresh network begin as the zero function: nothing is read from the prompt, nothing is put out."""
    for name, parameter in model.named_parameters():
        if name.startswith("proj_out.") or ".attn2.to_out." in name:
            nn.init.zeros_(parameter)


def optimizers(model: SanaTransformer, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside blocks, AdamW for vectors, tables, convolutions and both ends."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        inside = name.startswith("transformer_blocks.") and parameter.ndim == 2 and "table" not in name
        (matrices if inside else others).append(parameter)
    return [
        Muon(matrices, lr=rate, weight_decay=0.01),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.99), weight_decay=0.0, fused=others[0].is_cuda),
    ]


class DiTRun:
    """One resumable training run in a folder: network, average, optimisers, log."""

    def __init__(
        self, dealer: PairDealer, out: Path, options: argparse.Namespace, compute: Compute | None = None
    ) -> None:
        self._dealer, self._out, self._options = dealer, out, options
        self._pace = pace_from(options)
        self._compute = compute or Compute()
        self.device = self._compute.device
        self._generator = torch.Generator(self.device).manual_seed(options.seed)
        self.model = self._fresh_model().to(self.device)
        self._velocity = Velocity(self.model)
        self._compute.compile(self._velocity)
        self.average = MovingAverage(self.model, options.average)
        self._optimizers = optimizers(self.model, options.rate)
        self.step = 0
        state = load_state(out / "state.pt")
        if state is not None:
            self._restore(state)

    def _fresh_model(self) -> SanaTransformer:
        if self._options.init is not None:
            loaded = load_transformer(
                self._options.init, dtype=torch.float32, device=torch.device("cpu"), check=lambda: None
            )
            return loaded.requires_grad_(True).train()
        torch.manual_seed(self._options.seed)
        model = SanaTransformer(starter_dit(self._options.heads, self._options.layers))
        start_quietly(model)
        return model

    def _restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self._generator.set_state(state["generator"])
        self.step = state["step"]

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged network as a diffusers folder."""
        save_state(
            self._out / "state.pt",
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
                "generator": self._generator.get_state(),
                "step": step,
            },
        )
        averaged = SanaTransformer(self.model.config)
        averaged.load_state_dict(self.average.parameters)
        save_transformer(averaged, self._out / "transformer", dtype=torch.bfloat16)

    def train_step(self, step: int) -> Figures:
        """One update; returns the loss, and now and then that of the averaged network on fixed pairs."""
        options = self._options
        factor = rate_factor(step, self._pace.share(step), options.warmup, options.fall)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = options.rate * factor
        shape = shape_of(step, self._dealer.shapes)
        # Other shapes are too rare to be worth a compilation; half as many of their pictures keep the memory in bounds.
        velocity, size = (self._velocity, options.batch) if shape == 0 else (self._velocity.forward, options.batch // 2)
        loss = self._loss(velocity, size, options.dropout, self._generator, shape)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.average.update(self.model)
        told = {"loss": loss.detach()}
        return told if (step + 1) % options.save_every else {**told, "checked": self.checked_loss()}

    @torch.no_grad()
    def checked_loss(self) -> float:
        """Loss of the averaged network on one fixed batch with fixed noise: a curve without jitter."""
        current = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self.model.load_state_dict(self.average.parameters)
        # Another shape, now and then: not worth another compilation.
        plain = self._velocity.forward
        loss = self._loss(plain, _CHECKED_PAIRS, 0.0, torch.Generator(self.device).manual_seed(1)).item()
        self.model.load_state_dict(current)
        return loss

    def _loss(
        self,
        velocity: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor],
        size: int,
        dropout: float,
        generator: torch.Generator,
        shape: int = 0,
    ) -> Tensor:
        batch = self._dealer.deal(size, dropout, generator, shape)
        sigma_B = noisy_times(size, self._options.shift, generator)
        noise_BKhw = torch.randn(batch.latents_BKhw.shape, generator=generator, device=self.device)
        return velocity_loss(velocity, batch, sigma_B, noise_BKhw, self._compute)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--init", type=Path, help="transformer folder to start from")
    parser.add_argument("--heads", type=int, default=12, help="of 32 channels each: the width of the network")
    parser.add_argument("--layers", type=int, default=8)
    add_slice_options(parser, steps=4000, batch=128)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warmup", type=int, default=50)
    parser.add_argument("--fall", type=float, default=0.3, help="share of the run over which the rate falls")
    parser.add_argument("--shift", type=float, default=1.5)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--average", type=float, default=0.998)
    parser.add_argument("--caption-weights", type=Path, help="weights.safetensors by training.scorer")
    parser.add_argument("--single-caption", action="store_true", help="the first caption of each pair only")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Train until the steps or the minutes of this slice are used up."""
    options = parse()
    part = slice_from(options)
    compute = Compute()
    dealer = PairDealer(options.features, options.caption_weights, single=options.single_caption, device=compute.device)
    run = DiTRun(dealer, options.out, options, compute)
    (options.out / "options.json").write_text(json.dumps(vars(options), default=str, indent=1), encoding="utf-8")
    part.run(run.step, run.train_step, run.save)


if __name__ == "__main__":
    main()
