"""Latents and text features of every training pair, computed once and kept in one folder.

    python -m training.features build/training build/training/features --vae resources/starter/vae

Shapes: P pairs (a concept in a style on a background), K latent channels, L tokens of one caption, E text width.
Writes `latents.safetensors` (scaled latents [P, K, h, w]), `text.safetensors` (all tokens of all
captions end to end [sum L, E], offsets, and which captions belong to which pair) and `pairs.json`.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from sana_desktop.engine.weights.load import load_autoencoder
from training.captions import captions
from training.compose import inked, on_background, read_cutout
from training.compute import Compute
from training.emoji import COMMON_WEIGHT, EVERYDAY_WEIGHT, Concept, read_concepts
from training.palette import BACKGROUNDS, PLAIN
from training.styles import STYLES, styled_pictures
from training.text_states import MOST_TOKENS

_BATCH = 16
_PART = 512
_TEXT_BATCH = 64
_COLORS_PER_CONCEPT = 6
_COLORS_PER_STYLE = 3
_CAPTIONS_PER_PAIR = 3
# Weight of a picture in another style, in units of that of a 3D picture of the same thing.
_STYLE_WEIGHT = {"3D": 1.0, "flat": 1.0, "line": 0.7}

_Item = TypeVar("_Item")


class Pair(NamedTuple):
    """One picture with its captions: number of the concept, colour that the captions name, colour painted, style."""

    number: int
    said: str | None
    painted: str
    style: str = "3D"


def plan_pairs(concepts: list[Concept], seed: int, *, thin: bool = False) -> list[Pair]:
    """Choose backgrounds: plain without a word, plain with its word, and six others for every concept.

    `thin` leaves things that are asked for less with three others, or one, for a machine without a GPU. What is
    left is part of the whole plan, so what the whole plan never pairs, neither does the thin one.
    """
    rng = random.Random(seed)
    others = [color for color in BACKGROUNDS if color != PLAIN]
    pairs: list[Pair] = []
    for number, concept in enumerate(concepts):
        pairs += [Pair(number, None, PLAIN), Pair(number, PLAIN, PLAIN)]
        kept = _kept(concept, _COLORS_PER_CONCEPT, thin=thin)
        pairs += [Pair(number, color, color) for color in sorted(rng.sample(others, _COLORS_PER_CONCEPT)[:kept])]
    return pairs


def plan_styles(concepts: list[Concept], drawn: dict[str, set[str]], seed: int, *, thin: bool = False) -> list[Pair]:
    """Choose three backgrounds for every concept in every style that `drawn` has of it (style: keys).

    `thin` leaves one for what is asked for less, and none for what is hardly asked for.
    """
    rng = random.Random(f"styles {seed}")
    pairs: list[Pair] = []
    for style in sorted(drawn):
        for number, concept in enumerate(concepts):
            colors = rng.sample(sorted(BACKGROUNDS), _COLORS_PER_STYLE)
            if concept.key in drawn[style]:
                kept = (
                    _kept(concept, _COLORS_PER_STYLE, thin=thin) if not thin or concept.weight >= COMMON_WEIGHT else 0
                )
                pairs += [Pair(number, color, color, style) for color in sorted(colors[:kept])]
    return pairs


def _kept(concept: Concept, whole: int, *, thin: bool) -> int:
    if not thin or concept.weight >= EVERYDAY_WEIGHT:
        return whole
    return max(1, whole // 2) if concept.weight >= COMMON_WEIGHT else 1


def encode_pictures(pictures: list[tuple[Path, Pair]], encode: Callable[[Tensor], Tensor]) -> Iterator[Tensor]:
    """Yield latents [b, K, h, w] for consecutive pairs, each given with the file of its cutout."""
    for some in batched(pictures, _BATCH):
        painted = [
            on_background(inked(read_cutout(path), pair.style, BACKGROUNDS[pair.painted]), BACKGROUNDS[pair.painted])
            for path, pair in some
        ]
        yield encode(torch.stack([torch.from_numpy(picture) for picture in painted]))


def main() -> None:
    """Read the command line, compute, write; what a killed run had finished is not computed again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--thin", action="store_true", help="fewer backgrounds and captions of what is asked for less")
    parser.add_argument("--styles", nargs="*", choices=STYLES, default=list(STYLES), help="beside 3D")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    compute = Compute()
    concepts = read_concepts(options.data)
    keys = [concept.key for concept in concepts]
    styled = {style: styled_pictures(options.data, style, keys) for style in options.styles}
    pairs = plan_pairs(concepts, options.seed, thin=options.thin)
    drawn = {style: set(pictures) for style, pictures in styled.items()}
    pairs += plan_styles(concepts, drawn, options.seed, thin=options.thin)
    pictures = [
        (styled[pair.style][keys[pair.number]] if pair.style in styled else concepts[pair.number].picture, pair)
        for pair in pairs
    ]
    if not (options.out / "latents.safetensors").exists():
        write_latents(pictures, options.vae, options.out, compute)
    write_text(concepts, pairs, options, compute)
    described = [
        {
            "concept": concepts[pair.number].names[0],
            "weight": concepts[pair.number].weight * _STYLE_WEIGHT[pair.style],
            "said": pair.said,
            "painted": pair.painted,
            "style": pair.style,
        }
        for pair in pairs
    ]
    (options.out / "pairs.json").write_text(json.dumps(described), encoding="utf-8")


def write_latents(pictures: list[tuple[Path, Pair]], folder: Path, out: Path, compute: Compute) -> None:
    """Encode all pictures by the autoencoder in `folder`; parts of 512 stay until all is done, for a killed run."""
    vae = load_autoencoder(folder, dtype=torch.float32, device=compute.device, check=CancelToken().check)
    parts: list[Path] = []
    # The same picture with and without a word for its background is encoded once.
    different = list(dict.fromkeys((path, pair.painted) for path, pair in pictures))
    example = {(path, pair.painted): pair for path, pair in pictures}
    for number, some in enumerate(batched(different, _PART)):
        part = out / f"latents-{number:03}.part.safetensors"
        parts.append(part)
        if part.exists():
            continue
        with torch.inference_mode(), compute.autocast():
            chosen = [(path, example[path, painted]) for path, painted in some]
            encoded = [
                latents.float().cpu() * vae.config.scaling_factor
                for latents in encode_pictures(chosen, lambda x: vae.encode(x.to(compute.device)))
            ]
        save_file({"latents": torch.cat(encoded).contiguous()}, part.with_suffix(".partial"))
        part.with_suffix(".partial").replace(part)
        print(f"{min(len(different), (number + 1) * _PART)} of {len(different)} pictures", flush=True)
    latents = torch.cat([load_file(part)["latents"] for part in parts])
    place = {key: number for number, key in enumerate(different)}
    picked = torch.tensor([place[path, pair.painted] for path, pair in pictures])
    save_file({"latents": latents[picked].contiguous()}, out / "latents.safetensors")
    for part in parts:
        part.unlink()


def write_text(concepts: list[Concept], pairs: list[Pair], options: argparse.Namespace, compute: Compute) -> None:
    """Draw captions and encode them."""
    dtype = torch.bfloat16 if compute.bf16 else torch.float32
    gemma = load_gemma(
        ensure_gemma_270m(options.data / "gemma", print), dtype=dtype, device=compute.device, check=CancelToken().check
    )
    rng = random.Random(options.seed)
    # Lower case, as prompts arrive under the default conditioning rules.
    texts = [
        [
            text.lower()
            for text in captions(
                concepts[pair.number].names,
                pair.said,
                _kept(concepts[pair.number], _CAPTIONS_PER_PAIR, thin=options.thin),
                rng,
                pair.style,
            )
        ]
        for pair in pairs
    ]
    save_file(text_features(texts, gemma.tokenizer.encode, gemma.states_of_many), options.out / "text.safetensors")
    (options.out / "captions.json").write_text(json.dumps(texts), encoding="utf-8")


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


def batched(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
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
