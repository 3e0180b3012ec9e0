"""Measure a pack: how well it follows prompts that it was not trained on, and its autoencoder on unseen emoji.

    python -m training.evaluate build/training build/evaluation --pack resources/starter --count 40

Prompts are held-out combinations: things and backgrounds that training knows, but not together. Each is drawn with
the pack's defaults, with Flow-DPM-Solver at 14 steps and with Flow-Euler at 28, with the same seed. A background
is right if the frame's colour is nearest to the named one in the palette. A thing is right if the true emoji, on
the same background, is among the 1 or 5 most similar of all emoji that training knows (thumbnails of 24 x 24,
cosine): a measure that needs no other network and that forgives nothing which a person would forgive. With
`--scorer`, the image-text scorer also names thing and style. `ceiling` are true pictures sent through the pack's
autoencoder. With `--styles` the prompts name a style, another from one to the next; without it they do not, and 3D is
what is expected. `--manners fp32 nf4` draws with the pack's defaults in these precisions. Pictures are kept in `out`,
so a killed run goes on. `--count 0` measures the autoencoder only.
"""

import argparse
import json
import random
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.engine.weights.load import load_autoencoder, load_tiny_decoder
from sana_desktop.system.packs import read_pack
from sana_models.dc_ae import DCAutoencoder
from training.captions import plain_captions, with_article
from training.compose import inked, on_background, read_cutout
from training.dcae import psnr
from training.drawing import Manner, drawer_for
from training.emoji import Concept, other_pictures, read_concepts
from training.measures import Shelf, background_name, rank_of, ssim
from training.palette import BACKGROUNDS
from training.plan import plan_pairs, plan_styles
from training.retrieval import ALL_STYLES, Judge, frechet, judge_from
from training.styles import STYLES, styled_pictures

MANNERS = {
    "defaults": Manner(),
    "flow-dpm-14": Manner(steps=14, solver=Solver.FLOW_DPM),
    "flow-euler-28": Manner(steps=28, solver=Solver.FLOW_EULER),
}
PRECISIONS = {kind.value: Manner(precision=kind) for kind in Precision if kind is not Precision.AUTO}
# How many true pictures go through the autoencoder for `ceiling`: a look at what it costs, not another measurement.
_THROUGH = 48


class Combination(NamedTuple):
    """Number of a concept, background, and the style that the prompt names, if it names one."""

    number: int
    color: str
    style: str | None = None

    @property
    def expected(self) -> str:
        """The style that the picture should have."""
        return self.style or "3D"


def held_out_combinations(
    concepts: list[Concept], count: int, seed: int, *, trained_seed: int = 0
) -> list[Combination]:
    """Draw concepts on backgrounds that `training.features` with `trained_seed` never paired in 3D."""
    trained = {(pair.number, pair.painted) for pair in plan_pairs(concepts, trained_seed)}
    everything = [Combination(number, color) for number in range(len(concepts)) for color in BACKGROUNDS]
    unseen = [pair for pair in everything if (pair.number, pair.color) not in trained]
    return random.Random(seed).sample(unseen, min(count, len(unseen)))


def in_styles(
    combinations: list[Combination], styles: list[str], trained: set[tuple[int, str, str]]
) -> list[Combination]:
    """Each in the next of `styles`; what is among `trained` (number, background, style) is left out."""
    styled = [one._replace(style=style) for one, style in zip(combinations, cycle(styles), strict=False)]
    return [one for one in styled if (one.number, one.color, one.expected) not in trained]


def prompt_for(concept: Concept, color: str, style: str | None = None) -> str:
    """What a person would type."""
    name = concept.names[0]
    thing = with_article(name) if style is None else plain_captions((name,), style)[-1]
    return f"{thing} on {with_article(color)} background".lower()


def unseen_pictures(data: Path, concepts: list[Concept], count: int, seed: int) -> Tensor:
    """Held-out emoji, which are no concepts and which no stage trains on, on named colours: [B, 3, 256, 256]."""
    others = other_pictures(data, concepts, held_out=True)
    rng = random.Random(seed)
    colors = list(BACKGROUNDS.values())
    chosen = rng.sample(others, min(count, len(others)))
    return torch.stack([torch.from_numpy(on_background(read_cutout(path), rng.choice(colors))) for path in chosen])


@torch.inference_mode()
def through(vae: DCAutoencoder, pictures_B3HW: Tensor) -> Tensor:
    """Encode and decode, a few at a time."""
    return torch.cat([vae.decode(vae.encode(part)) for part in torch.split(pictures_B3HW, 4)]).clamp(-1, 1)


def likeness(made_B3HW: Tensor, true_B3HW: Tensor) -> dict[str, float]:
    """PSNR, the mean over pictures, and SSIM of pictures in [-1, 1]."""
    each = [psnr(made_3HW, true_3HW) for made_3HW, true_3HW in zip(made_B3HW, true_B3HW, strict=True)]
    return {"PSNR": round(sum(each) / len(each), 2), "SSIM": round(ssim(made_B3HW, true_B3HW), 4)}


@torch.inference_mode()
def tiny_likeness(vae: DCAutoencoder, tiny: nn.Module, true_B3HW: Tensor) -> dict[str, float]:
    """How the preview decoder does on the same latents, enlarged where it draws smaller, and its share of the work."""
    latents_BKhw = torch.cat([vae.encode(part) for part in torch.split(true_B3HW, 4)])
    scaled_BKhw = latents_BKhw * vae.config.scaling_factor
    shown = torch.cat([tiny(part) for part in torch.split(scaled_BKhw, 4)]) * 2 - 1
    if shown.shape != true_B3HW.shape:
        shown = functional.interpolate(shown, size=true_B3HW.shape[-2:], mode="bicubic")
    work = [operations(lambda: tiny(scaled_BKhw[:1])), operations(lambda: vae.decode(latents_BKhw[:1]))]
    return {**likeness(shown.clamp(-1, 1), true_B3HW), "share of operations": round(work[0] / work[1], 3)}


def operations(run: Callable[[], object]) -> int:
    """Floating-point operations of the matrix products and convolutions in `run`."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def judged(
    judge: Judge, pictures: list[Tensor], true: list[Tensor], combinations: list[Combination]
) -> dict[str, float]:
    """Shares of pictures whose name is among the scorer's first 1 and 5, and whose style is; distance from the true."""
    seen_BF = judge.features(torch.stack(pictures))
    asked = list(zip(seen_BF, combinations, strict=True))
    ranks = [judge.rank(seen_F, one.number, one.expected) for seen_F, one in asked]
    right = [judge.style(seen_F, one.number) == one.expected for seen_F, one in asked]
    by_style = {
        style: [ok for ok, one in zip(right, combinations, strict=True) if one.expected == style]
        for style in ALL_STYLES
    }
    return {
        "scorer top-1": round(sum(rank == 1 for rank in ranks) / len(ranks), 3),
        "scorer top-5": round(sum(rank <= 5 for rank in ranks) / len(ranks), 3),
        "style": round(sum(right) / len(right), 3),
        **{f"style {style}": round(sum(some) / len(some), 3) for style, some in by_style.items() if some},
        "Frechet": round(frechet(seen_BF, judge.features(torch.stack(true))), 4),
    }


def names_with(combinations: list[Combination], known: int, count: int, seed: int) -> list[int]:
    """Numbers of `count` things, drawn around those that are asked for."""
    asked = {one.number for one in combinations}
    others = random.Random(seed).sample([number for number in range(known) if number not in asked], known - len(asked))
    return sorted([*asked, *others[: max(0, count - len(asked))]])


def score(pictures: list[Tensor], combinations: list[Combination], shelves: dict[str, Shelf]) -> dict[str, float]:
    """Shares of pictures with the right background, and with the right thing among the first 1 and 5.

    `shelves` hold all things, by style.
    """
    ranks: list[int] = []
    colors: list[bool] = []
    features: dict[tuple[str, str], Tensor] = {}
    for picture, one in zip(pictures, combinations, strict=True):
        if (one.expected, one.color) not in features:
            features[one.expected, one.color] = shelves[one.expected].features(BACKGROUNDS[one.color])
        ranks.append(rank_of(picture, features[one.expected, one.color], one.number))
        colors.append(background_name(picture) == one.color)
    count = len(ranks)
    return {
        "pictures": count,
        "background": round(sum(colors) / count, 3),
        "top-1": round(sum(rank == 1 for rank in ranks) / count, 3),
        "top-5": round(sum(rank <= 5 for rank in ranks) / count, 3),
        "median rank": float(np.median(ranks)),
    }


def true_picture(path: Path, combination: Combination) -> Tensor:
    """The emoji of a cutout's file on the background that is asked for: [3, 256, 256] in [-1, 1]."""
    color = BACKGROUNDS[combination.color]
    return torch.from_numpy(on_background(inked(read_cutout(path), combination.expected, color), color))


def as_tensor(path: Path) -> Tensor:
    """A picture file as [3, H, W] in [-1, 1]."""
    with Image.open(path) as opened:
        return torch.from_numpy(np.array(opened.convert("RGB"), dtype=np.float32)).permute(2, 0, 1) / 127.5 - 1


def main() -> None:
    """Read the command line, draw what is missing, measure, write `figures.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("build/cache"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--pictures", type=int, default=96, help="unseen emoji for the autoencoder")
    parser.add_argument("--manners", nargs="*", choices=[*MANNERS, *PRECISIONS], default=list(MANNERS))
    parser.add_argument("--scorer", type=Path, help="folder of training.scorer: names, styles and distances by it")
    parser.add_argument("--names", type=int, default=500, help="names that the scorer chooses from")
    parser.add_argument("--styles", nargs="*", choices=ALL_STYLES, help="name one of these in every prompt")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    manifest = read_pack(options.pack)
    concepts = read_concepts(options.data)
    keys = [concept.key for concept in concepts]
    drawn = {style: styled_pictures(options.data, style, keys) for style in STYLES}
    drawn["3D"] = {concept.key: concept.picture for concept in concepts}
    combinations = held_out_combinations(concepts, options.count, options.seed)
    if options.styles:
        planned = plan_styles(concepts, {style: set(drawn[style]) for style in STYLES}, 0)
        trained = {(pair.number, pair.painted, pair.style) for pair in planned}
        found = in_styles(combinations, options.styles, trained)
        combinations = [one for one in found if concepts[one.number].key in drawn[one.expected]]

    vae = load_autoencoder(manifest.vae_folder, dtype=torch.float32, device=torch.device("cpu"))
    unseen = unseen_pictures(options.data, concepts, options.pictures, options.seed)
    figures: dict[str, object] = {"pictures": len(unseen), "autoencoder": likeness(through(vae, unseen), unseen)}
    if manifest.preview.tiny is not None:
        path = manifest.folder / manifest.preview.tiny
        tiny = load_tiny_decoder(path, dtype=torch.float32, device=torch.device("cpu"))
        figures["tiny decoder"] = tiny_likeness(vae, tiny, unseen)
    print(json.dumps(figures), flush=True)

    judge = None
    if options.scorer is not None:
        numbers = names_with(combinations, len(concepts), options.names, options.seed)
        judge = judge_from(options.scorer, concepts, numbers, options.data / "gemma", options.out)
    shelves = {
        style: Shelf((read_cutout(drawn[style][key]) if key in drawn[style] else None for key in keys), style)
        for style in sorted({one.expected for one in combinations})
    }
    true = [true_picture(drawn[one.expected][keys[one.number]], one) for one in combinations]

    def measured(pictures: list[Tensor]) -> dict[str, float]:
        some = combinations[: len(pictures)]
        found = score(pictures, some, shelves)
        return found if judge is None else {**found, **judged(judge, pictures, true[: len(pictures)], some)}

    if judge is not None and true:
        figures["true pictures"] = measured(true)
    if true:
        figures["ceiling"] = measured(list(through(vae, torch.stack(true[:_THROUGH]))))
    prompts = [(prompt_for(concepts[one.number], one.color, one.style), seed) for seed, one in enumerate(combinations)]
    manners: list[str] = options.manners if true else []
    with drawer_for(manifest, options.cache) as drawer:
        for name in manners:
            paths = drawer.draw_into(options.out / name, prompts, (MANNERS | PRECISIONS)[name])
            figures[name] = measured([as_tensor(path) for path in paths])
    (options.out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1), flush=True)


if __name__ == "__main__":
    main()
