"""Latents and text features of every training pair, computed once and kept in one folder.

    python -m training.features build/training build/training/features --vae resources/starter/vae

Shapes: P pairs (a concept in a style on a background), K latent channels, L tokens of one caption, E text width.
Writes `latents.safetensors` (scaled latents [., K, h, w] of each shape, in the order of the pairs),
`text.safetensors` (all tokens of all captions end to end [sum L, E], offsets, and which captions belong to which pair)
and `pairs.json`.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from sana_desktop.engine.weights.load import load_autoencoder
from training.captions import captions, scene_captions
from training.compose import is_white_ink
from training.compute import Compute
from training.cutouts import Cutouts
from training.emoji import Concept, read_concepts
from training.layouts import LAYOUTS, Planned, paint
from training.palette import BACKGROUNDS
from training.plan import CAPTIONS_PER_PAIR, Pair, kept, plan_formats, plan_pairs, plan_scenes, plan_styles, weight_of
from training.styles import STYLES, styled_pictures
from training.text_states import MOST_TOKENS

_BATCH = 16
_PART = 512
_TEXT_BATCH = 64
_SCENES = 6000
_FORMATS = 1200
_CAPTIONS_PER_SCENE = 2
_ALONE = ("full", "wide", "tall", "wider", "taller")

_Item = TypeVar("_Item")


Picture = tuple[tuple[Path, ...], Pair]


def encode_pictures(
    pictures: Sequence[Picture],
    cutouts: Cutouts,
    numbers: dict[Path, int],
    encode: Callable[[Tensor], Tensor],
    size: int = _BATCH,
) -> Iterator[Tensor]:
    """Yield latents [b, K, h, w] for consecutive pairs, `size` at a time, each given with the files of its cutouts.

    `numbers` are those of the files in `cutouts`.
    """
    for some in _of_one_canvas(pictures, size):
        planned = [
            Planned(pair.layout, BACKGROUNDS[pair.painted], is_white_ink(pair.style, BACKGROUNDS[pair.painted]))
            for _, pair in some
        ]
        yield encode(paint(cutouts.take([numbers[path] for paths, _ in some for path in paths]), planned))


def _of_one_canvas(pictures: Sequence[Picture], size: int) -> Iterator[Sequence[Picture]]:
    """Cut into runs of at most `size`; a run has one canvas."""
    for _, alike in groupby(pictures, lambda picture: canvas(picture[1])):
        yield from batched(list(alike), size)


def canvas(pair: Pair) -> tuple[int, int]:
    """Height and width of a pair's picture."""
    layout = LAYOUTS[pair.layout]
    return layout.height, layout.width


def main() -> None:
    """Read the command line, compute, write; what a killed run had finished is not computed again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--thin", action="store_true", help="fewer backgrounds and captions of what is asked for less")
    parser.add_argument("--styles", nargs="*", choices=STYLES, default=list(STYLES), help="beside 3D")
    parser.add_argument("--scenes", type=int, default=_SCENES, help="scenes of two different things")
    parser.add_argument("--formats", type=int, default=_FORMATS, help="pictures of each format that is not square")
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
    pairs += plan_scenes(concepts, pairs, options.scenes, options.seed)
    pairs += plan_formats(pairs, concepts, options.formats, options.seed)

    def file(number: int, style: str) -> Path:
        return styled[style][keys[number]] if style in styled else concepts[number].picture

    pictures = [(tuple(file(number, pair.style) for number in pair.numbers), pair) for pair in pairs]
    if not (options.out / "latents.safetensors").exists():
        write_latents(pictures, options.vae, options.out, compute)
    write_text(concepts, pairs, options, compute)
    described = [
        {
            "concept": concepts[pair.number].names[0],
            "weight": weight_of(pair, concepts),
            "said": pair.said,
            "painted": pair.painted,
            "style": pair.style,
            "layout": pair.layout,
            "shape": "x".join(str(side // 32) for side in canvas(pair)),
            "others": [concepts[number].names[0] for number in pair.others],
        }
        for pair in pairs
    ]
    (options.out / "pairs.json").write_text(json.dumps(described), encoding="utf-8")


def write_latents(pictures: list[Picture], folder: Path, out: Path, compute: Compute) -> None:
    """Encode all pictures by the autoencoder in `folder`; parts of 512 stay until all is done, for a killed run."""
    vae = load_autoencoder(folder, dtype=torch.float32, device=compute.device, check=CancelToken().check)
    compute.placed(vae)
    parts: list[Path] = []
    # The same picture with and without a word for its background is encoded once.
    different = list(dict.fromkeys((paths, pair.painted, pair.layout) for paths, pair in pictures))
    example = {(paths, pair.painted, pair.layout): pair for paths, pair in pictures}
    files = sorted({path for paths, _ in pictures for path in paths})
    numbers = {path: number for number, path in enumerate(files)}
    cutouts = Cutouts(files, compute.device)
    for number, some in enumerate(batched(different, _PART)):
        part = out / f"latents-{number:03}.part.safetensors"
        parts.append(part)
        if part.exists():
            continue
        with torch.inference_mode(), compute.autocast():
            chosen = [(key[0], example[key]) for key in some]
            encoded = [
                latents.float().cpu() * vae.config.scaling_factor
                for latents in encode_pictures(chosen, cutouts, numbers, vae.encode, compute.batch(_BATCH))
            ]
        save_file(
            {f"{number:04}": one.contiguous() for number, one in enumerate(encoded)}, part.with_suffix(".partial")
        )
        part.with_suffix(".partial").replace(part)
        print(f"{min(len(different), (number + 1) * _PART)} of {len(different)} pictures", flush=True)
    latents = [one for part in parts for _, batch in sorted(load_file(part).items()) for one in batch]
    place = {key: number for number, key in enumerate(different)}
    shapes: dict[str, list[Tensor]] = {}
    for paths, pair in pictures:
        one = latents[place[paths, pair.painted, pair.layout]]
        shapes.setdefault(f"{one.shape[1]}x{one.shape[2]}", []).append(one)
    save_file({shape: torch.stack(some) for shape, some in shapes.items()}, out / "latents.safetensors")
    for part in parts:
        part.unlink()


def write_text(concepts: list[Concept], pairs: list[Pair], options: argparse.Namespace, compute: Compute) -> None:
    """Draw captions and encode them."""
    # Exact, because it is done once and read by whatever arithmetic the product will have.
    folder = ensure_gemma_270m(options.data / "gemma", print)
    gemma = load_gemma(folder, dtype=torch.float32, device=compute.device, check=CancelToken().check)
    rng = random.Random(options.seed)
    # Lower case, as prompts arrive under the default conditioning rules.
    texts = [[text.lower() for text in captions_of(pair, concepts, rng, thin=options.thin)] for pair in pairs]
    found = text_features(texts, gemma.tokenizer.encode, gemma.states_of_many, compute.batch(_TEXT_BATCH))
    save_file(found, options.out / "text.safetensors")
    (options.out / "captions.json").write_text(json.dumps(texts), encoding="utf-8")


def captions_of(pair: Pair, concepts: list[Concept], rng: random.Random, *, thin: bool) -> list[str]:
    """Draw the captions of a pair."""
    names = concepts[pair.number].names
    if pair.layout in _ALONE:
        count = kept(concepts[pair.number], CAPTIONS_PER_PAIR, thin=thin)
        return captions(names, pair.said, count, rng, pair.style)
    other = pair.others[0] if pair.others and pair.others[0] != pair.number else None
    others = None if other is None else concepts[other].names
    return scene_captions(names, others, pair.layout, pair.painted, _CAPTIONS_PER_SCENE, rng)


def text_features(
    texts: list[list[str]],
    tokens: Callable[[str], list[int]],
    states_of_many: Callable[[list[list[int]]], list[Tensor]],
    size: int = _TEXT_BATCH,
) -> dict[str, Tensor]:
    """Encode every caption of every pair, the empty one first; a caption met twice is encoded once."""
    order: dict[str, int] = {"": 0}
    owned = [[order.setdefault(text, len(order)) for text in options] for options in texts]
    batches = list(batched([tokens(text)[:MOST_TOKENS] for text in order], size))
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
