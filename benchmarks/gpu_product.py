"""The slice of `benchmarks.gpu` about real pictures: the starter pack on the card against the processor's fp32.

    .venv/bin/python -m benchmarks.gpu_product FILE.safetensors      makes, on any machine, what the card compares with

The text encoder is too large to carry, so what it says of four prompts is, and the pictures that the processor drew of
it in fp32. From there on it is the product: loading, quantizing, solver, decode, pixels.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from benchmarks.gpu_bench import Bench, Row

PROMPTS = ("a smiling face", "a red apple", "a blue fish on a yellow background", "a green tree")
PRECISIONS = ("fp32", "bf16", "w8a8", "int8", "nf4")
SIZE = 256


def product(bench: Bench) -> Iterator[Row]:
    """The starter pack in every precision on the card: how far from the processor's fp32, and batch from single."""
    if bench.carried is None or not bench.carried.is_file():
        yield {"name": "starter", "note": "needs --carried FILE, made by python -m benchmarks.gpu_product FILE"}
        return
    carried = load_file(bench.carried)
    for precision in PRECISIONS:

        def measured(precision: str = precision) -> Row:
            drawn = _Drawn(bench, precision)
            pictures = [drawn.pixels(carried, (place,)) for place in range(len(PROMPTS))]
            exact = [carried[f"{place}.rgb"] for place in range(len(PROMPTS))]
            ratios = [psnr(one[0], other) for one, other in zip(pictures, exact, strict=True)]
            together = drawn.pixels(carried, tuple(range(len(PROMPTS))))
            levels = max(
                int((one.int() - single[0].int()).abs().max()) for one, single in zip(together, pictures, strict=True)
            )
            return {
                "psnr": round(sum(ratios) / len(ratios), 2),
                "levels": levels,
                "ms": bench.ms(lambda: drawn.pixels(carried, (0,)), rounds=2),
                "reason": f"worst {min(ratios):.1f} dB; levels: the batch of {len(PROMPTS)} against single ones",
            }

        yield bench.attempt({"name": "starter", "size": SIZE, "precision": precision}, measured)


class _Drawn:
    """The starter pack in one precision, below its text encoder."""

    def __init__(self, bench: Bench, precision: str) -> None:
        # Imported here because a bare machine has not all of what the engine needs.
        from sana_desktop.domain.choices import Precision
        from sana_desktop.engine.device import Device, choose_for_pack, find_device
        from sana_desktop.engine.pack_loader import LoadedPack
        from sana_desktop.system.packs import read_pack
        from sana_desktop.system.resources import resources_folder

        found = find_device()
        device = found if found.torch_device.type == bench.device.type else Device(bench.device, "", found.fast)
        manifest = read_pack(resources_folder() / "starter")
        folder = (bench.packs or Path("/tmp")) / "starter-cache"  # weights in few bits, for an hour
        choices = choose_for_pack(device, manifest, Precision(precision))
        self.pack = LoadedPack(manifest, device, choices, folder, resources_folder())
        self.precision = Precision(precision)

    def pixels(self, carried: dict[str, Tensor], places: Sequence[int]) -> list[Tensor]:
        """Pictures uint8 [H, W, 3] of these prompts, as one batch."""
        from sana_desktop.domain.sizes import Size
        from sana_desktop.engine.decode import decode_latents, to_pixels
        from sana_desktop.engine.prompt import PromptFeatures
        from sana_desktop.engine.sample import initial_latents, sample
        from sana_desktop.engine.text_features import TextFeatures
        from sana_desktop.services.usual_recipe import usual_recipe

        def text(place: int, half: str) -> TextFeatures:
            states = carried[f"{place}.{half}"]
            return TextFeatures(states, torch.ones(states.shape[:2], dtype=torch.bool))

        manifest = self.pack.manifest
        usual = replace(usual_recipe(manifest), size=Size(SIZE, SIZE), precision=self.precision)
        recipes = [replace(usual, prompt=PROMPTS[place], seed=place) for place in places]
        features = [PromptFeatures(text(place, "cond"), text(place, "uncond"), ()) for place in places]
        transformer = self.pack.transformer(_nothing)
        clean: list[Any] = []
        start = initial_latents(recipes, None, transformer.config.in_channels)
        sample(recipes, self.pack, transformer, features, start, lambda state: clean.append(state.clean), _nothing)
        images = decode_latents(self.pack.vae(_nothing), clean[-1], _nothing)
        return [torch.frombuffer(bytearray(rgb), dtype=torch.uint8).view(SIZE, SIZE, 3) for rgb in to_pixels(images)]


def _nothing() -> None:
    """Nobody cancels."""


def psnr(found: Tensor, truth: Tensor) -> float:
    """Peak signal-to-noise ratio of two pictures of 8 bit in dB; 99 where they are equal."""
    square = float((found.float() - truth.float()).square().mean())
    return 99.0 if square == 0 else float(10 * torch.log10(torch.tensor(255.0**2 / square)))


def main() -> int:
    """Read the prompts, draw them in fp32 on the processor, and write both."""
    from benchmarks.networks import fast_dtype
    from sana_desktop.domain.choices import Conditioning, Emphasis
    from sana_desktop.engine.embedding_cache import EmbeddingCache
    from sana_desktop.engine.prompt import encode_prompt
    from sana_desktop.engine.prompt_tokens import rules_for
    from sana_desktop.system.resources import resources_folder
    from sana_models.configs import SANA_0_6B, DCAEConfig

    target, cpu = Path(sys.argv[1]), torch.device("cpu")
    packs = Path(sys.argv[2]) if len(sys.argv) > 2 else target.parent
    bench = Bench(cpu, fast_dtype(cpu), SANA_0_6B, DCAEConfig(), (SIZE,), 1, 1, float("inf"), packs=packs)
    drawn = _Drawn(bench, "fp32")
    encoder = drawn.pack.text_encoder(print, _nothing)
    rules = rules_for(drawn.pack.manifest.text, resources_folder(), Conditioning.DIFFUSERS, Emphasis.LITERAL)
    kept: dict[str, Tensor] = {}
    for place, prompt in enumerate(PROMPTS):
        features = encode_prompt(encoder, prompt, "", rules, EmbeddingCache())
        kept[f"{place}.cond"] = features.cond.states_1LE.float().clone()
        kept[f"{place}.uncond"] = features.uncond.states_1LE.float().clone()
        kept[f"{place}.rgb"] = drawn.pixels(kept, (place,))[0]
    save_file(kept, target)
    print(f"{target}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
