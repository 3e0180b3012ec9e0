"""Measure a pack: how well it follows prompts that it was not trained on, and its autoencoder on unseen emoji.

    python -m training.evaluate build/training build/evaluation --pack resources/starter --count 40

Prompts are held-out combinations: things and backgrounds that training knows, but not together. Each is drawn with
the pack's defaults, with Flow-DPM-Solver at 14 steps and with Flow-Euler at 28, with the same seed. A background
is right if the frame's colour is nearest to the named one in the palette. A thing is right if the true emoji, on
the same background, is among the 1 or 5 most similar of all emoji that training knows (thumbnails of 24 x 24,
cosine): a measure that needs no other network and that forgives nothing which a person would forgive. With
`--scorer`, the image-text scorer also names thing and style. `ceiling` is the true picture sent through the pack's
autoencoder. `--manners fp32 nf4` draws with the pack's defaults in these precisions. Pictures are kept in `out`, so a
killed run goes on. `--count 0` measures the autoencoder only.
"""

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

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
from training.captions import with_article
from training.compose import on_background, read_cutout
from training.dcae import psnr
from training.drawing import Manner, drawer_for
from training.emoji import Concept, other_pictures, read_concepts
from training.features import plan_pairs
from training.measures import background_name, rank_of, ssim, thumbnail_features
from training.palette import BACKGROUNDS
from training.retrieval import Judge, frechet, judge_from

MANNERS = {
    "defaults": Manner(),
    "flow-dpm-14": Manner(steps=14, solver=Solver.FLOW_DPM),
    "flow-euler-28": Manner(steps=28, solver=Solver.FLOW_EULER),
}
PRECISIONS = {kind.value: Manner(precision=kind) for kind in Precision if kind is not Precision.AUTO}
Combination = tuple[int, str]


def held_out_combinations(
    concepts: list[Concept], count: int, seed: int, *, trained_seed: int = 0
) -> list[Combination]:
    """Draw (number of a concept, background) that `training.features` with `trained_seed` never paired."""
    trained = {(pair.number, pair.painted) for pair in plan_pairs(concepts, trained_seed)}
    everything = [(number, color) for number in range(len(concepts)) for color in BACKGROUNDS]
    unseen = [pair for pair in everything if pair not in trained]
    return random.Random(seed).sample(unseen, min(count, len(unseen)))


def prompt_for(concept: Concept, color: str) -> str:
    """What a person would type."""
    return f"{with_article(concept.names[0])} on {with_article(color)} background".lower()


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
    ranks = [judge.rank(seen_F, number) for seen_F, (number, _) in zip(seen_BF, combinations, strict=True)]
    styles = [judge.style(seen_F, number) for seen_F, (number, _) in zip(seen_BF, combinations, strict=True)]
    return {
        "scorer top-1": round(sum(rank == 1 for rank in ranks) / len(ranks), 3),
        "scorer top-5": round(sum(rank <= 5 for rank in ranks) / len(ranks), 3),
        "style": round(sum(style == "3D" for style in styles) / len(styles), 3),
        "Frechet": round(frechet(seen_BF, judge.features(torch.stack(true))), 4),
    }


def names_with(combinations: list[Combination], known: int, count: int, seed: int) -> list[int]:
    """Numbers of `count` things, drawn around those that are asked for."""
    asked = {number for number, _ in combinations}
    others = random.Random(seed).sample([number for number in range(known) if number not in asked], known - len(asked))
    return sorted([*asked, *others[: max(0, count - len(asked))]])


def score(pictures: list[Tensor], combinations: list[Combination], cutouts: list[np.ndarray]) -> dict[str, float]:
    """Shares of pictures with the right background, and with the right thing among the first 1 and 5."""
    ranks: list[int] = []
    colors: list[bool] = []
    features: dict[str, Tensor] = {}
    for picture, (number, color) in zip(pictures, combinations, strict=True):
        if color not in features:
            painted = (torch.from_numpy(on_background(cutout, BACKGROUNDS[color])) for cutout in cutouts)
            features[color] = torch.cat([thumbnail_features(one[None]) for one in painted])
        ranks.append(rank_of(picture, features[color], number))
        colors.append(background_name(picture) == color)
    count = len(ranks)
    return {
        "pictures": count,
        "background": round(sum(colors) / count, 3),
        "top-1": round(sum(rank == 1 for rank in ranks) / count, 3),
        "top-5": round(sum(rank <= 5 for rank in ranks) / count, 3),
        "median rank": float(np.median(ranks)),
    }


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
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    manifest = read_pack(options.pack)
    concepts = read_concepts(options.data)
    cutouts = [read_cutout(concept.picture) for concept in concepts]
    combinations = held_out_combinations(concepts, options.count, options.seed)

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
    true = [torch.from_numpy(on_background(cutouts[number], BACKGROUNDS[color])) for number, color in combinations]

    def measured(pictures: list[Tensor]) -> dict[str, float]:
        found = score(pictures, combinations, cutouts)
        return found if judge is None else {**found, **judged(judge, pictures, true, combinations)}

    if judge is not None and true:
        figures["true pictures"] = measured(true)
    if true:
        figures["ceiling"] = measured(list(through(vae, torch.stack(true))))
    prompts = [(prompt_for(concepts[number], color), seed) for seed, (number, color) in enumerate(combinations)]
    manners: list[str] = options.manners if true else []
    with drawer_for(manifest, options.cache) as drawer:
        for name in manners:
            paths = drawer.draw_into(options.out / name, prompts, (MANNERS | PRECISIONS)[name])
            figures[name] = measured([as_tensor(path) for path in paths])
    (options.out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1), flush=True)


if __name__ == "__main__":
    main()
