"""Latents and text features of every training pair, computed once and kept in one folder.

    python -m training.features build/training build/training/features --vae resources/starter/vae

Shapes: P pairs (a concept on a background), K latent channels, L tokens of one caption, E text width.
Writes `latents.safetensors` (scaled latents [P, K, h, w]), `text.safetensors` (all tokens of all
captions end to end [sum L, E], offsets, and which captions belong to which pair) and `pairs.json`.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from sana_desktop.engine.weights.load import load_autoencoder
from training.captions import captions
from training.compose import on_background, read_cutout
from training.emoji import Concept, read_concepts
from training.palette import BACKGROUNDS, PLAIN

_BATCH = 16
_TEXT_BATCH = 64
_COLORS_PER_CONCEPT = 6
_CAPTIONS_PER_PAIR = 3
MOST_TOKENS = 20

_Item = TypeVar("_Item")
Pair = tuple[int, str | None, str]


def plan_pairs(concepts: list[Concept], seed: int) -> list[Pair]:
    """Choose backgrounds: plain without a word, plain with its word, and six others for every concept.

    A pair is (number of the concept, colour that the caption names or None, colour that is painted).
    """
    rng = random.Random(seed)
    others = [color for color in BACKGROUNDS if color != PLAIN]
    pairs: list[Pair] = []
    for number in range(len(concepts)):
        pairs += [(number, None, PLAIN), (number, PLAIN, PLAIN)]
        pairs += [(number, color, color) for color in sorted(rng.sample(others, _COLORS_PER_CONCEPT))]
    return pairs


def encode_pictures(concepts: list[Concept], pairs: list[Pair], encode: Callable[[Tensor], Tensor]) -> Iterator[Tensor]:
    """Yield latents [b, K, h, w] for consecutive pairs, painting each cutout once per background."""
    batch: list[Tensor] = []
    cutout, drawn = None, -1
    for number, _, painted in pairs:
        if cutout is None or number != drawn:
            cutout, drawn = read_cutout(concepts[number].picture), number
        batch.append(torch.from_numpy(on_background(cutout, BACKGROUNDS[painted])))
        if len(batch) == _BATCH:
            yield encode(torch.stack(batch))
            batch = []
    if batch:
        yield encode(torch.stack(batch))


def main() -> None:
    """Read the command line, compute, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    concepts = read_concepts(options.data)
    pairs = plan_pairs(concepts, options.seed)
    check = CancelToken().check

    vae = load_autoencoder(options.vae, dtype=torch.bfloat16, device=torch.device("cpu"), check=check)
    with torch.inference_mode():
        scale = vae.config.scaling_factor
        batches = encode_pictures(concepts, pairs, lambda x: vae.encode(x.bfloat16()).float() * scale)
        latents = torch.cat(list(_reported(batches, -(-len(pairs) // _BATCH))))
    save_file({"latents": latents.contiguous()}, options.out / "latents.safetensors")

    gemma = load_gemma(
        ensure_gemma_270m(options.data / "gemma", print), dtype=torch.bfloat16, device=torch.device("cpu"), check=check
    )
    rng = random.Random(options.seed)
    # Lower case, as prompts arrive under the default conditioning rules.
    texts = [
        [text.lower() for text in captions(concepts[number].names, said, _CAPTIONS_PER_PAIR, rng)]
        for number, said, _ in pairs
    ]
    save_file(text_features(texts, gemma.tokenizer.encode, gemma.states_of_many), options.out / "text.safetensors")
    described = [
        {"concept": concepts[number].names[0], "weight": concepts[number].weight, "said": said, "painted": painted}
        for number, said, painted in pairs
    ]
    (options.out / "pairs.json").write_text(json.dumps(described), encoding="utf-8")


def text_features(
    texts: list[list[str]],
    tokens: Callable[[str], list[int]],
    states_of_many: Callable[[list[list[int]]], list[Tensor]],
) -> dict[str, Tensor]:
    """Encode every caption of every pair, the empty one first; a caption met twice is encoded once."""
    order: dict[str, int] = {"": 0}
    owned = [[order.setdefault(text, len(order)) for text in options] for options in texts]
    batches = list(batched([tokens(text)[:MOST_TOKENS] for text in order], _TEXT_BATCH))
    encoded = [
        states_LE.bfloat16()
        for batch in _reported(iter(batches), len(batches))
        for states_LE in states_of_many(list(batch))
    ]
    lengths = torch.tensor([0] + [len(states_LE) for states_LE in encoded])
    return {
        "states": torch.cat(encoded),
        "offsets": lengths.cumsum(0),
        "caption_of_pair": torch.tensor([number for numbers in owned for number in numbers]),
        "first_caption": torch.tensor([0] + [len(numbers) for numbers in owned]).cumsum(0),
    }


def batched(items: list[_Item], size: int) -> Iterator[list[_Item]]:
    """Cut a list into runs of `size`, the last one shorter."""
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


def _reported(items: Iterator[_Item], total: int) -> Iterator[_Item]:
    for number, item in enumerate(items, 1):
        yield item
        if number % 100 == 0 or number == total:
            print(f"{number} of {total}", flush=True)


if __name__ == "__main__":
    main()
