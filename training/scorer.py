"""A small image-text scorer: how well a caption fits a picture, as the cosine of two vectors.

    python -m training.scorer build/training build/training/scorer --features build/training/features

Contrastive training (CLIP's loss) on things in all styles; pictures are seen at 64 px, on backgrounds of any colour,
with captions that say thing and style. With `--features`, half of the pictures are the DiT's own, with its captions.
The scorer never sees a thing on a named colour that training does not pair it with: those combinations are held out.
At the end it weighs captions: `weights.safetensors` has a weight for each caption of each
pair, softmax of its score over the captions of its pair at a temperature (SANA paper, section 3). `training.dit
--caption-weights` reads it, and `training.evaluate --scorer` measures a pack with the scorer.

Shapes: B batch, L tokens, E text width, F features, S side of the small pictures.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from training.captions import plain_captions
from training.checkpoints import MovingAverage
from training.compose import RgbaPicture, inked, on_background, read_cutout
from training.compute import Compute
from training.emoji import Concept, read_concepts
from training.features import batched
from training.loop import add_slice_options, slice_from
from training.palette import BACKGROUNDS, PLAIN
from training.scorer_net import SMALL, Scorer, contrastive_loss, padded
from training.styles import STYLES, styled_pictures
from training.text_states import TextStates, encode_texts
from training.trainee import Trainee

_SIDE = 256
TEMPERATURE = 0.1

Cutout = Callable[[int, str, tuple[int, int, int]], Tensor]


@dataclass(frozen=True, slots=True)
class Example:
    """A picture to paint (colour None: any) and the captions it may go by, which name the colour `said`."""

    thing: int
    style: str
    painted: str | None
    said: str | None
    captions: tuple[int, ...]


def fits(caption: Example, picture: Example) -> bool:
    """Whether what is said of one is true of the other."""
    same = caption.thing == picture.thing and caption.style == picture.style
    return same and caption.said in (None, picture.painted)


class ExampleDealer:
    """Deals pictures at 64 px with one caption each; random numbers are torch's, so that a killed run goes on."""

    def __init__(self, examples: list[Example], weights: list[float], cutout: Cutout) -> None:
        self._examples, self._weights, self._cutout = examples, torch.tensor(weights), cutout

    def deal(self, size: int) -> tuple[Tensor, list[int], Tensor]:
        """Pictures [B, 3, S, S], numbers of their captions, and which captions [., B] fit which pictures [B, .]."""
        picked = [self._examples[number] for number in torch.multinomial(self._weights, size, replacement=True)]
        pictures: list[Tensor] = []
        for one in picked:
            color = BACKGROUNDS[one.painted] if one.painted else any_color()
            pictures.append(self._cutout(one.thing, one.style, color))
        captions = [one.captions[int(torch.randint(len(one.captions), ()))] for one in picked]
        fits_BB = torch.tensor([[fits(said, seen) for said in picked] for seen in picked])
        return torch.stack(pictures), captions, fits_BB


def any_color() -> tuple[int, int, int]:
    """A colour by torch's random numbers."""
    return int(torch.randint(256, ())), int(torch.randint(256, ())), int(torch.randint(256, ()))


class SmallCutouts:
    """All things in all styles at 64 px, read once; paints them on a colour."""

    def __init__(self, data: Path, concepts: list[Concept]) -> None:
        keys = [concept.key for concept in concepts]
        self.paths = {("3D", number): concept.picture for number, concept in enumerate(concepts)}
        for style in STYLES:
            drawn = styled_pictures(data, style, keys)
            self.paths |= {(style, number): drawn[key] for number, key in enumerate(keys) if key in drawn}
        self._small = {place: _shrunk(read_cutout(path)) for place, path in self.paths.items()}

    def paint(self, thing: int, style: str, color: tuple[int, int, int]) -> Tensor:
        """The picture [3, S, S] in [-1, 1]."""
        return torch.from_numpy(on_background(inked(self._small[style, thing], style, color), color))


def _shrunk(cutout: RgbaPicture) -> RgbaPicture:
    """Averaged with the alpha as weight, so that edges take no colour from where nothing is."""
    side = _SIDE // SMALL
    parts = cutout.astype(np.float32).reshape(SMALL, side, SMALL, side, 4)
    alpha = parts[..., 3:].mean(axis=(1, 3))
    colors = (parts[..., :3] * parts[..., 3:]).mean(axis=(1, 3)) / np.maximum(alpha, 1e-3)
    return np.concatenate([colors, alpha], axis=-1).round().clip(0, 255).astype(np.uint8)


class TrainedPairs:
    """The pairs that the DiT is trained on, with their captions and the states of these."""

    def __init__(self, features: Path) -> None:
        self._pairs: list[dict[str, Any]] = json.loads((features / "pairs.json").read_text(encoding="utf-8"))
        text = load_file(features / "text.safetensors")
        self.first_caption = text["first_caption"]
        self._caption_of_pair: list[int] = text["caption_of_pair"].tolist()
        self.states = TextStates(features / "text.safetensors")

    def examples(self, things: dict[str, int], first_caption: int) -> list[Example]:
        """Every pair; `things` are the numbers of the names, captions count from `first_caption`."""
        begins = cast("list[int]", self.first_caption.tolist())
        return [
            Example(
                things[pair["concept"]],
                pair["style"],
                pair["painted"],
                pair["said"],
                tuple(first_caption + number for number in self._caption_of_pair[begin:end]),
            )
            for pair, (begin, end) in zip(self._pairs, pairwise(begins), strict=True)
        ]


class ScorerRun:
    """One resumable training run in a folder."""

    def __init__(
        self, dealer: ExampleDealer, states: Callable[[int], Tensor], width: int, options: argparse.Namespace
    ) -> None:
        self._dealer, self._states, self._options = dealer, states, options
        self._compute = Compute()
        self.scorer = Scorer(width)
        self._compute.placed(self.scorer)
        self._average = MovingAverage(self.scorer, 0.98)
        self._trainee = Trainee(self.scorer, options.out, rate=options.rate, steps=options.steps, average=self._average)
        self.step = self._trainee.step

    def train_step(self, step: int) -> dict[str, float]:
        """One update; returns the loss and the share of pictures whose own caption is the first of the batch."""
        pictures_B3SS, captions, fits_BB = self._dealer.deal(self._options.batch)
        states_BLE, mask_BL = padded([self._states(number) for number in captions])
        device = self._compute.device
        noise = 0.1 * torch.rand(len(captions), 1, 1, 1) * torch.randn_like(pictures_B3SS)
        seen_BF = self.scorer.see((pictures_B3SS + noise).to(device))
        read_BF = self.scorer.read(states_BLE.to(device), mask_BL.to(device))
        loss = contrastive_loss(self.scorer, seen_BF, read_BF, fits_BB.to(device))
        self._trainee.learn(loss, step)
        first = (seen_BF @ read_BF.T).argmax(dim=1)
        right = fits_BB.to(device)[torch.arange(len(first)), first].float().mean()
        return {"loss": loss.item(), "right": right.item()}

    def save(self, step: int) -> None:
        """Write the checkpoint to go on from, and the averaged network."""
        self._trainee.save(step)
        weights = {name: value.contiguous().cpu() for name, value in self._average.parameters.items()}
        save_file(weights, self._options.out / "scorer.safetensors")


def load_scorer(path: Path) -> Scorer:
    """The network that a run wrote."""
    weights = load_file(path)
    scorer = Scorer(weights["text_in.weight"].shape[1])
    scorer.load_state_dict(weights)
    return scorer.eval().requires_grad_(False)


def weights_of_captions(scores: Tensor, first: Tensor, temperature: float) -> Tensor:
    """Softmax of the scores of each pair's captions; those of pair n are from first[n] up to first[n + 1]."""
    counts = cast("list[int]", (first[1:] - first[:-1]).tolist())
    return torch.cat([(part / temperature).softmax(dim=0) for part in torch.split(scores, counts)])


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--features", type=Path, help="of the DiT: also its own captions, which then get weights")
    add_slice_options(parser, steps=600, batch=128)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main() -> None:
    """Train until the steps or the minutes of this slice are used up, then weigh the captions of the features."""
    options = parse()
    part = slice_from(options)
    torch.manual_seed(options.seed)
    concepts = read_concepts(options.data)
    cutouts = SmallCutouts(options.data, concepts)
    things = {concept.names[0]: number for number, concept in enumerate(concepts)}
    places = sorted(cutouts.paths)
    said = [plain_captions(concepts[thing].names, style) for style, thing in places]
    plain = encode_texts(
        [one for some in said for one in some], options.data / "gemma", options.out / "plain.safetensors"
    )
    ends = list(accumulate((len(some) for some in said), initial=0))
    examples = [
        Example(thing, style, None, None, tuple(range(begin, end)))
        for (style, thing), (begin, end) in zip(places, pairwise(ends), strict=True)
    ]
    pairs = TrainedPairs(options.features) if options.features else None
    own = pairs.examples(things, first_caption=len(plain)) if pairs else []

    def states(number: int) -> Tensor:
        return plain.of(number) if number < len(plain) or pairs is None else pairs.states.of(number - len(plain))

    weights = [1.0] * len(examples) + [len(examples) / max(1, len(own))] * len(own)
    dealer = ExampleDealer([*examples, *own], weights, cutouts.paint)
    run = ScorerRun(dealer, states, plain.of(0).shape[1], options)
    reached = part.run(run.step, run.train_step, run.save)
    if reached >= options.steps and pairs is not None:
        scores = pair_scores(load_scorer(options.out / "scorer.safetensors"), own, cutouts.paint, states)
        weighed = weights_of_captions(scores, pairs.first_caption, TEMPERATURE)
        save_file({"weights": weighed}, options.out / "weights.safetensors")


@torch.inference_mode()
def pair_scores(scorer: Scorer, examples: list[Example], paint: Cutout, states: Callable[[int], Tensor]) -> Tensor:
    """Cosine of every caption of every example with its picture, in the order of the captions."""
    scores: list[Tensor] = []
    for some in batched(examples, 256):
        pictures = [paint(one.thing, one.style, BACKGROUNDS[one.painted or PLAIN]) for one in some]
        seen_BF = scorer.see(torch.stack(pictures))
        captions = [number for one in some for number in one.captions]
        read_NF = scorer.read(*padded([states(number) for number in captions]))
        own = torch.tensor([row for row, one in enumerate(some) for _ in one.captions])
        scores.append((seen_BF[own] * read_NF).sum(dim=1))
    return torch.cat(scores)


if __name__ == "__main__":
    main()
