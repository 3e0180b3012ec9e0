"""Which emoji are drawn, what they are called, and how often each is shown."""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).with_name("words.toml")

# emojibase group numbers: animals and nature, food and drink, travel and places, activities, objects.
_GROUPS = frozenset({3, 4, 5, 6, 7})
_HEARTS = 14
_FACES = frozenset({0, 1, 2, 5, 8, 11, 12, 13})
_CLOCK = re.compile(r".*(o’clock|-thirty)$")
_SKIN_TONE = re.compile(r"-1f3f[b-f]")
_HELD_OUT_BYTES = 26  # of 256: about one in ten

EVERYDAY_WEIGHT, COMMON_WEIGHT, RARE_WEIGHT = 6.0, 2.0, 0.7


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that can be asked for: its picture, its names (official first), its share of training."""

    key: str
    names: tuple[str, ...]
    weight: float
    picture: Path


def read_concepts(folder: Path) -> list[Concept]:
    """List the concepts of the first pack from the fetched packages in `folder`, in a fixed order.

    What `words.toml` calls everyday is shown most often: it is what a newcomer types first. Then come
    names of one word, or with a synonym, and last the rest.
    """
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    also_called: dict[str, list[str]] = words["also_called"]
    left_out, everyday = set(words["left_out"]["names"]), set(words["everyday"])
    pictures = {path.stem.removesuffix("-fe0f"): path for path in sorted((folder / "pictures/assets").glob("*.webp"))}
    entries = json.loads((folder / "names/en/data.json").read_text(encoding="utf-8"))
    concepts: list[Concept] = []
    for entry in entries:
        label, key = entry["label"], entry["hexcode"].lower().removesuffix("-fe0f")
        wanted = entry.get("group") in _GROUPS or (entry.get("group") == 0 and entry["subgroup"] in {_HEARTS, *_FACES})
        if not wanted or label in left_out or _CLOCK.match(label) or key not in pictures:
            continue
        names = (label, *also_called.get(label, []))
        common = len(names) > 1 or " " not in label
        weight = EVERYDAY_WEIGHT if label in everyday else COMMON_WEIGHT if common else RARE_WEIGHT
        concepts.append(Concept(key, names, weight, pictures[key]))
    return concepts


def other_pictures(folder: Path, concepts: list[Concept], *, held_out: bool) -> list[Path]:
    """Emoji that are no concepts (people, flags, signs), in a fixed order: the tenth that is held out, or the rest.

    All skin tones of an emoji are on the same side.
    """
    known = {concept.picture for concept in concepts}
    others = [path for path in sorted((folder / "pictures/assets").glob("*.webp")) if path not in known]
    return [path for path in others if _is_held_out(path) == held_out]


def _is_held_out(path: Path) -> bool:
    plain = _SKIN_TONE.sub("", path.stem.replace("-fe0f", ""))
    return hashlib.sha256(plain.encode()).digest()[0] < _HELD_OUT_BYTES
