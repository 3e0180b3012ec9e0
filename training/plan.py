"""Which pictures the DiT is trained on: things on backgrounds, in styles, and in scenes with a known caption."""

import random
from typing import NamedTuple

from training.emoji import COMMON_WEIGHT, EVERYDAY_WEIGHT, Concept
from training.layouts import LAYOUTS
from training.palette import BACKGROUNDS, PLAIN

_COLORS_PER_CONCEPT = 6
_COLORS_PER_STYLE = 6
CAPTIONS_PER_PAIR = 3
_TRIES_PER_SCENE = 20
# How often a kind of pair is shown, in units of a 3D picture of the same thing alone.
STYLE_WEIGHT = {"3D": 1.0, "flat": 0.9, "line": 0.6}
SCENE_WEIGHT = 0.25
# How often a step is one of another format than square ones.
FORMAT_SHARE = 0.15


class Pair(NamedTuple):
    """One picture with its captions: its thing, the colour that they name, the colour painted, its style and layout."""

    number: int
    said: str | None
    painted: str
    style: str = "3D"
    layout: str = "full"
    others: tuple[int, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of all its things, in the order of the layout's corners."""
        return (self.number, *self.others)


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
        count = kept(concept, _COLORS_PER_CONCEPT, thin=thin)
        pairs += [Pair(number, color, color) for color in sorted(rng.sample(others, _COLORS_PER_CONCEPT)[:count])]
    return pairs


def plan_styles(concepts: list[Concept], drawn: dict[str, set[str]], seed: int, *, thin: bool = False) -> list[Pair]:
    """Choose six backgrounds for every concept in every style that `drawn` has of it (style: keys).

    `thin` leaves three, two for what is asked for less, and one for what is hardly asked for.
    """
    rng = random.Random(f"styles {seed}")
    pairs: list[Pair] = []
    for style in sorted(drawn):
        for number, concept in enumerate(concepts):
            colors = rng.sample(sorted(BACKGROUNDS), _COLORS_PER_STYLE)
            if concept.key in drawn[style]:
                count = kept(concept, _COLORS_PER_STYLE, thin=thin)
                count = (count + 1) // 2 if thin else count
                pairs += [Pair(number, color, color, style) for color in sorted(colors[:count])]
    return pairs


def kept(concept: Concept, whole: int, *, thin: bool) -> int:
    """How many of `whole` colours or captions a concept gets: all of them, or with `thin` fewer of what is rarer."""
    if not thin or concept.weight >= EVERYDAY_WEIGHT:
        return whole
    return max(1, whole // 2) if concept.weight >= COMMON_WEIGHT else 1


def plan_scenes(concepts: list[Concept], pairs: list[Pair], count: int, seed: int) -> list[Pair]:
    """Choose `count` scenes of two things, and for what is asked for often one of two, three and four, small and big.

    No scenes at all where `count` is 0. A background is one on which `pairs` show each of the things, so that what is
    held out for one thing is held out of its scenes.
    """
    if count == 0:
        return []
    rng = random.Random(f"scenes {seed}")
    known = [number for number, concept in enumerate(concepts) if concept.weight >= COMMON_WEIGHT]
    colors: dict[int, set[str]] = {number: set() for number in known}
    for pair in pairs:
        if pair.number in colors and pair.style == "3D":
            colors[pair.number].add(pair.painted)
    scenes: list[Pair] = []
    for number in known:
        for layout in ("beside", "above", "three", "four", "small", "big"):
            painted = rng.choice(sorted(colors[number]))
            copies = (number,) * (len(LAYOUTS[layout].corners) - 1)
            scenes.append(Pair(number, painted, painted, layout=layout, others=copies))
    weights = [concepts[number].weight for number in known]
    wanted = len(scenes) + count
    for _ in range(_TRIES_PER_SCENE * count if len(known) > 1 else 0):
        first, second = rng.choices(known, weights, k=2)
        shared = sorted(colors[first] & colors[second])
        if first != second and shared:
            painted = rng.choice(shared)
            scenes.append(Pair(first, painted, painted, layout=rng.choice(("beside", "above")), others=(second,)))
        if len(scenes) == wanted:
            break
    return scenes


def plan_formats(pairs: list[Pair], concepts: list[Concept], count: int, seed: int) -> list[Pair]:
    """Choose `count` of `pairs` for each format that is not square: a thing in its middle, or two that fill it.

    The pairs are things alone and scenes; those that are shown more often are chosen more often.
    """
    rng = random.Random(f"formats {seed}")
    kinds = {
        "full": ("wide", "tall", "wider", "taller"),
        "beside": ("beside, wide",),
        "above": ("above, tall",),
    }
    found: list[Pair] = []
    for kind, layouts in kinds.items():
        some = [pair for pair in pairs if pair.layout == kind and pair.said is not None]
        weights = [weight_of(pair, concepts) for pair in some]
        # A plan without scenes has none for the formats either.
        for layout in layouts if some else ():
            chosen = dict.fromkeys(rng.choices(some, weights, k=count))
            found += [pair._replace(layout=layout) for pair in chosen]
    return found


def weight_of(pair: Pair, concepts: list[Concept]) -> float:
    """How often a pair is shown."""
    most = max(concepts[number].weight for number in pair.numbers)
    return most * (STYLE_WEIGHT[pair.style] if pair.layout == "full" else SCENE_WEIGHT)
