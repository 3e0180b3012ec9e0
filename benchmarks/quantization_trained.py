"""Which layers of trained networks mind 4 bit: the starter pack's transformer and its text encoder, a group at a time.

    .venv/bin/python -m benchmarks.quantization_trained --csv benchmarks/results/quantization_trained.csv

Of each group of layers, quantized alone: its share of the weights, and the relative error of what the network says.
The text encoder says the states of 16 prompts; the transformer says velocities of the same prompts, at every second of
the default steps, of the latents that the exact network was at there. A row is the mean error over all elements, so
groups add up as squares.
"""

import argparse
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.quantization import COLOURS, THINGS
from benchmarks.record import append_row
from sana_desktop.domain.choices import Precision
from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.quantize.linear import make_linear, quantize
from sana_desktop.engine.quantize.rules import chosen_layers
from sana_desktop.engine.quantize.tables import TEXT_ENCODER_KEPT, TRANSFORMER_KEPT
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import GemmaEncoder
from sana_desktop.engine.text_tokenizer import load_tokenizer
from sana_desktop.engine.weights.load import load_transformer
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from sana_models.dit import SanaTransformer

TEXT_GROUPS = {
    "queries": ("q_proj",),
    "keys": ("k_proj",),
    "values": ("v_proj",),
    "attention's output": ("o_proj",),
    "self-attention": ("self_attn",),
    "gate": ("gate_proj",),
    "up": ("up_proj",),
    "down": ("down_proj",),
    "everything": ("",),
}
TRANSFORMER_GROUPS = {
    "self-attention": ("attn1",),
    "cross-attention": ("attn2",),
    "first pointwise convolution": ("conv_inverted",),
    "last pointwise convolution": ("conv_point",),
    "writes into the residual stream": ("to_out", "conv_point"),
    "all others": ("to_q", "to_k", "to_v", "conv_inverted"),
    "everything": ("",),
}
CPU = torch.device("cpu")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path("build/cache"), help="where the text encoder is prepared")
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    pack = read_pack(resources_folder() / "starter")
    folder = ensure_gemma_270m(options.home, print)
    gemma = load_gemma_model(folder, torch.float32, CPU, lambda: None)
    encoder = GemmaEncoder(gemma, load_tokenizer(folder), "")
    prompts = [f"a {thing} on a {COLOURS[number % 4]} background" for number, thing in enumerate(THINGS)]
    tokens = [encoder.tokenizer.encode(prompt) for prompt in prompts]

    def states() -> Tensor:
        return torch.cat(encoder.states_of_many(tokens))

    network = load_transformer(pack.transformer_folder, dtype=torch.float32, device=CPU).eval()
    text_BLE = nn.utils.rnn.pad_sequence(encoder.states_of_many(tokens), batch_first=True)
    mask_BL = nn.utils.rnn.pad_sequence([torch.ones(len(some)) for some in tokens], batch_first=True)
    told = Velocities(network, text_BLE, mask_BL, steps=pack.default_steps)
    for kind in (Precision.INT8, Precision.NF4):
        for row in (
            *rows("text encoder", gemma, TEXT_ENCODER_KEPT, TEXT_GROUPS, states, kind, whole_inputs=True),
            *rows("transformer", network, TRANSFORMER_KEPT, TRANSFORMER_GROUPS, told, kind, whole_inputs=False),
        ):
            print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
            if options.csv is not None:
                append_row(options.csv, row)
    return 0


class Velocities:
    """What a transformer says along the way that it takes by itself, from noise to pictures."""

    @torch.inference_mode()
    def __init__(self, network: SanaTransformer, text_BLE: Tensor, mask_BL: Tensor, steps: int) -> None:
        self._network, self._text_BLE, self._mask_BL = network, text_BLE, mask_BL
        side, channels = network.config.sample_size, network.config.in_channels
        noise = torch.randn(len(text_BLE), channels, side, side, generator=torch.Generator().manual_seed(0))
        self._seen: list[tuple[float, Tensor]] = []
        x_BKhw: Tensor = noise
        for step in range(steps):
            sigma, after = 1 - step / steps, 1 - (step + 1) / steps
            if step % 2 == 0:
                self._seen.append((sigma, x_BKhw))
            x_BKhw = x_BKhw + (after - sigma) * self._velocity(sigma, x_BKhw)

    def __call__(self) -> Tensor:
        """All of them, one after the other."""
        return torch.cat([self._velocity(sigma, x_BKhw) for sigma, x_BKhw in self._seen])

    def _velocity(self, sigma: float, x_BKhw: Tensor) -> Tensor:
        text = self._network.project_text(self._text_BLE, self._mask_BL)
        return self._network(x_BKhw, torch.full((len(x_BKhw),), 1000 * sigma), text)


@torch.inference_mode()
def rows(
    part: str,
    network: nn.Module,
    kept: tuple[str, ...],
    groups: dict[str, tuple[str, ...]],
    told: Callable[[], Tensor],
    kind: Precision,
    *,
    whole_inputs: bool,
) -> Iterator[dict[str, object]]:
    """A row for each group of `network`'s layers: `told` says what it says."""
    layers = chosen_layers(network, kept)
    everything = sum(layer.weight.numel() for layer in layers.values())
    exact = told()
    for group, parts in groups.items():
        some = {name: layer for name, layer in layers.items() if any(one in name for one in parts)}
        with quantized(network, some, kind, whole_inputs=whole_inputs):
            error = float(torch.dist(told(), exact) / torch.dist(exact, torch.zeros_like(exact)))
        weights = sum(layer.weight.numel() for layer in some.values())
        share = round(weights / everything, 3)
        yield {"part": part, "kind": kind.value, "group": group, "share": share, "error": round(error, 4)}


@contextmanager
def quantized(
    network: nn.Module, layers: dict[str, nn.Linear], kind: Precision, *, whole_inputs: bool
) -> Generator[None]:
    """`network` with these of its layers in few bits."""
    for name, layer in layers.items():
        bias = {} if layer.bias is None else {"bias": layer.bias}  # pyright: ignore[reportUnnecessaryComparison]
        network.set_submodule(name, make_linear(kind, quantize(kind, layer.weight) | bias, whole_inputs=whole_inputs))
    try:
        yield
    finally:
        for name, layer in layers.items():
            network.set_submodule(name, layer)


if __name__ == "__main__":
    sys.exit(main())
