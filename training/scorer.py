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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor
from torch.nn import functional

from training.captions import plain_captions
from training.checkpoints import MovingAverage
from training.compose import DARK, read_cutout
from training.compute import Compute
from training.emoji import Concept, read_concepts
from training.features import batched
from training.loop import Figures, add_slice_options, pace_from, slice_from
from training.palette import BACKGROUNDS
from training.scorer_net import SMALL, Scorer, contrastive_loss
from training.styles import STYLES, styled_pictures
from training.text_states import TextStates, encode_texts
from training.trainee import Trainee

_SIDE = 256
TEMPERATURE = 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """A picture to paint (colour None: any) and the captions it may go by, which name the colour `said`."""

    thing: int
    style: str
    painted: str | None
    said: str | None
    captions: tuple[int, ...]


class SmallCutouts:
    """All things in all styles at 64 px on a device, read once; paints them on colours.

    Colours are kept times opacity, so that edges take no colour from where nothing is. Shapes: P cutouts.
    """

    def __init__(self, data: Path, concepts: list[Concept], device: torch.device | None = None) -> None:
        keys = [concept.key for concept in concepts]
        self.paths = {("3D", number): concept.picture for number, concept in enumerate(concepts)}
        for style in STYLES:
            drawn = styled_pictures(data, style, keys)
            self.paths |= {(style, number): drawn[key] for number, key in enumerate(keys) if key in drawn}
        self._rows = {place: row for row, place in enumerate(self.paths)}
        with ThreadPoolExecutor() as pool:
            small = list(pool.map(_shrunk, self.paths.values()))
        self._small_P4SS = torch.stack(small).to(device or torch.device("cpu"))

    def rows(self, examples: Sequence[Example]) -> Tensor:
        """The numbers of the cutouts of examples."""
        return torch.tensor([self._rows[one.style, one.thing] for one in examples], device=self._small_P4SS.device)

    def paint(self, rows_B: Tensor, colors_B3: Tensor, white_ink_B: Tensor) -> Tensor:
        """Pictures [B, 3, S, S] in [-1, 1] of cutouts on colours in 0 to 255; black is white where `white_ink_B`."""
        seen_B4SS = self._small_P4SS[rows_B]
        opacity_B1SS, colors_B3SS = seen_B4SS[:, 3:], seen_B4SS[:, :3]
        colors_B3SS = torch.where(white_ink_B[:, None, None, None], opacity_B1SS - colors_B3SS, colors_B3SS)
        return (colors_B3SS + (1 - opacity_B1SS) * colors_B3[:, :, None, None] / 255) * 2 - 1


def _shrunk(path: Path) -> Tensor:
    side = _SIDE // SMALL
    parts = torch.from_numpy(read_cutout(path).astype(np.float32)).permute(2, 0, 1) / 255
    seen_4HW = torch.cat([parts[:3] * parts[3:], parts[3:]])
    return functional.avg_pool2d(seen_4HW[None], side)[0]


class ExampleDealer:
    """Deals pictures at 64 px with one caption each; random numbers are torch's, so that a killed run goes on.

    Everything lies where the cutouts do. Shapes: N examples, M captions at most of each.
    """

    def __init__(self, examples: list[Example], weights: list[float], cutouts: SmallCutouts) -> None:
        self._cutouts = cutouts
        self._row_N = cutouts.rows(examples)
        device = self._row_N.device
        colors, styles = list(BACKGROUNDS), sorted({one.style for one in examples})

        def numbers(values: list[int]) -> Tensor:
            return torch.tensor(values, device=device)

        self._weight_N = torch.tensor(weights, device=device)
        self._palette = torch.tensor([BACKGROUNDS[color] for color in colors], device=device).float()
        self._line_N = torch.tensor([one.style == "line" for one in examples], device=device)
        self._thing_N = numbers([one.thing for one in examples])
        self._style_N = numbers([styles.index(one.style) for one in examples])
        self._painted_N = numbers([-1 if one.painted is None else colors.index(one.painted) for one in examples])
        self._said_N = numbers([-1 if one.said is None else colors.index(one.said) for one in examples])
        self._count_N = numbers([len(one.captions) for one in examples])
        self._sibling_N = numbers(_siblings(examples))
        most = max(len(one.captions) for one in examples)
        self._caption_NM = torch.tensor(
            [[*one.captions, *one.captions[:1] * (most - len(one.captions))] for one in examples], device=device
        )

    def deal(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures [B, 3, S, S], numbers [B] of their captions, and which captions [., B] fit which pictures [B, .].

        Half of them are those of the other half in another style: nothing else tells styles apart.
        """
        drawn = torch.multinomial(self._weight_N, -(-size // 2), replacement=True)
        picked = torch.cat([drawn, self._sibling_N[drawn]])[:size]
        chance = torch.rand(size, device=picked.device)
        captions_B = self._caption_NM[picked, (chance * self._count_N[picked]).long()]
        return self.pictures(picked), captions_B, self.fits(picked)

    def pictures(self, picked_B: Tensor) -> Tensor:
        """The pictures of examples [B, 3, S, S]; a colour that is left open is drawn."""
        painted_B = self._painted_N[picked_B]
        drawn_B3 = torch.randint(256, (len(picked_B), 3), device=picked_B.device).float()
        colors_B3 = torch.where(painted_B[:, None] >= 0, self._palette[painted_B], drawn_B3)
        # As `is_white_ink` has it.
        white_B = self._line_N[picked_B] & (colors_B3.sum(dim=1) <= DARK)
        return self._cutouts.paint(self._row_N[picked_B], colors_B3, white_B)

    def fits(self, picked_B: Tensor) -> Tensor:
        """Whether what is said of one (columns) is true of the other (rows): [B, B]."""

        def equal(values_N: Tensor) -> Tensor:
            return values_N[picked_B][:, None] == values_N[picked_B][None]

        said_B, painted_B = self._said_N[picked_B], self._painted_N[picked_B]
        true_BB = (said_B[None] < 0) | (said_B[None] == painted_B[:, None])
        return equal(self._thing_N) & equal(self._style_N) & true_BB

    def captions(self, number: int) -> Tensor:
        """The numbers of an example's captions."""
        return self._caption_NM[number, : int(self._count_N[number])]


def _siblings(examples: list[Example]) -> list[int]:
    """For every example the number of one of the same thing in the next of its styles, or its own."""
    first: dict[int, dict[str, int]] = {}
    for number, one in enumerate(examples):
        first.setdefault(one.thing, {}).setdefault(one.style, number)
    found: list[int] = []
    for number, one in enumerate(examples):
        styles = sorted(first[one.thing])
        other = styles[(styles.index(one.style) + 1) % len(styles)]
        found.append(number if other == one.style else first[one.thing][other])
    return found


class TrainedPairs:
    """The pairs that the DiT is trained on, with their captions and the states of these."""

    def __init__(self, features: Path) -> None:
        self._pairs: list[dict[str, Any]] = json.loads((features / "pairs.json").read_text(encoding="utf-8"))
        text = load_file(features / "text.safetensors")
        self.first_caption = text["first_caption"]
        self._caption_of_pair: list[int] = text["caption_of_pair"].tolist()
        self.states = TextStates(text["states"], text["offsets"])
        # Pictures of one thing that fills them come first; scenes are not for the scorer.
        self.alone = sum(pair.get("layout", "full") == "full" for pair in self._pairs)

    def examples(self, things: dict[str, int], first_caption: int) -> list[Example]:
        """Every pair but scenes; `things` are the numbers of the names, captions count from `first_caption`."""
        begins = cast("list[int]", self.first_caption.tolist())
        return [
            Example(
                things[pair["concept"]],
                pair["style"],
                pair["painted"],
                pair["said"],
                tuple(first_caption + number for number in self._caption_of_pair[begin:end]),
            )
            for pair, (begin, end) in zip(self._pairs[: self.alone], pairwise(begins), strict=False)
        ]


class ScorerRun:
    """One resumable training run in a folder."""

    def __init__(
        self,
        dealer: ExampleDealer,
        states: TextStates,
        options: argparse.Namespace,
        compute: Compute | None = None,
    ) -> None:
        self._dealer, self._options = dealer, options
        self._compute = compute or Compute()
        self._states = states.to(self._compute.device)
        width = states.of(0).shape[1]
        self.scorer = Scorer(width)
        self._compute.placed(self.scorer)
        self._average = MovingAverage(self.scorer, 0.98)
        self._trainee = Trainee(
            self.scorer, options.out, rate=options.rate, pace=pace_from(options), average=self._average, muon=True
        )
        self.step = self._trainee.step

    def train_step(self, step: int) -> Figures:
        """One update; returns the loss and the share of pictures whose own caption is the first of the batch."""
        pictures_B3SS, captions_B, fits_BB = self._dealer.deal(self._options.batch)
        states_BLE, mask_BL = self._states.batch(captions_B)
        shares_B111 = 0.1 * torch.rand(len(captions_B), 1, 1, 1, device=pictures_B3SS.device)
        seen_BF = self.scorer.see(pictures_B3SS + shares_B111 * torch.randn_like(pictures_B3SS))
        read_BF = self.scorer.read(states_BLE.float(), mask_BL)
        loss = contrastive_loss(self.scorer, seen_BF, read_BF, fits_BB)
        self._trainee.learn(loss, step)
        first = (seen_BF @ read_BF.T).argmax(dim=1, keepdim=True)
        return {"loss": loss.detach(), "right": fits_BB.gather(1, first).float().mean()}

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
    compute = Compute()
    concepts = read_concepts(options.data)
    cutouts = SmallCutouts(options.data, concepts, compute.device)
    things = {concept.names[0]: number for number, concept in enumerate(concepts)}
    places = sorted(cutouts.paths)
    said = [plain_captions(concepts[thing].names, style) for style, thing in places]
    states = encode_texts(
        [one for some in said for one in some], options.data / "gemma", options.out / "plain.safetensors"
    )
    ends = list(accumulate((len(some) for some in said), initial=0))
    examples = [
        Example(thing, style, None, None, tuple(range(begin, end)))
        for (style, thing), (begin, end) in zip(places, pairwise(ends), strict=True)
    ]
    pairs = TrainedPairs(options.features) if options.features else None
    own: list[Example] = []
    if pairs is not None:
        own = pairs.examples(things, first_caption=len(states))
        states = states.joined(pairs.states)
    weights = [1.0] * len(examples) + [len(examples) / max(1, len(own))] * len(own)
    run = ScorerRun(ExampleDealer([*examples, *own], weights, cutouts), states, options, compute)
    reached = part.run(run.step, run.train_step, run.save)
    if reached >= options.steps and pairs is not None:
        scorer = load_scorer(options.out / "scorer.safetensors").to(compute.device)
        dealer = ExampleDealer(own, [1.0] * len(own), cutouts)
        scores = pair_scores(scorer, dealer, len(own), states.to(compute.device)).cpu()
        weighed = weights_of_captions(scores, pairs.first_caption[: pairs.alone + 1], TEMPERATURE)
        # Captions of scenes are as good as each other.
        counts = pairs.first_caption[pairs.alone :].diff()
        even = torch.repeat_interleave(1 / counts, counts)
        save_file({"weights": torch.cat([weighed, even])}, options.out / "weights.safetensors")


@torch.inference_mode()
def pair_scores(scorer: Scorer, dealer: ExampleDealer, count: int, states: TextStates) -> Tensor:
    """Cosine of every caption of the first `count` examples with its picture, in the order of the captions."""
    scores: list[Tensor] = []
    for some in batched(range(count), 256):
        captions = [dealer.captions(number) for number in some]
        seen_BF = scorer.see(dealer.pictures(torch.tensor(some, device=captions[0].device)))
        states_NLE, mask_NL = states.batch(torch.cat(captions))
        own = torch.repeat_interleave(torch.tensor([len(one) for one in captions], device=seen_BF.device))
        scores.append((seen_BF[own] * scorer.read(states_NLE.float(), mask_NL)).sum(dim=1))
    return torch.cat(scores)


if __name__ == "__main__":
    main()
