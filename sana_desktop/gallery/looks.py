"""How pictures look, in 64 bits, and which of them look nearly the same."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# At most so many of the 64 bits differ between pictures that belong together: the same one in another format, or
# drawn again a little differently. Of four quarters at least one is the same then.
MOST_BITS = 3
_QUARTER = 16
# In a crowd that shares a quarter each is compared with so many: crowds are the same pictures again and again.
_MOST_NEIGHBOURS = 64
_WIDE, _HIGH = 9, 8

Words = NDArray[np.uint64]
Numbers = NDArray[np.int64]


def look_of(jpeg: bytes) -> int:
    """The look of a small picture (a JPEG file of ours): where in a grid it becomes brighter to the right.

    A difference hash, as 64 bits with a sign so that SQLite holds it. Brightness, size and fine detail count for
    nothing.
    """
    with Image.open(BytesIO(jpeg)) as image:
        grey = image.convert("L").resize((_WIDE, _HIGH), Image.Resampling.BOX)
    levels = np.frombuffer(grey.tobytes(), np.uint8).reshape(_HIGH, _WIDE).astype(np.int16)
    bits = np.packbits(levels[:, 1:] > levels[:, :-1])
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def groups_of(looks: Numbers) -> Numbers:
    """For each look, the place of the first one that it belongs together with, over any number of steps."""
    words = np.ascontiguousarray(looks).view(np.uint64)
    # The same look thousands of times is one.
    unique, first, back = np.unique(words, return_index=True, return_inverse=True)
    leaders = np.arange(len(unique))
    for one, other in zip(*_near_pairs(unique), strict=True):
        a, b = _leader(leaders, int(one)), _leader(leaders, int(other))
        if a != b:
            low, high = (a, b) if first[a] < first[b] else (b, a)
            leaders[high] = low
    found = np.array([_leader(leaders, place) for place in range(len(unique))], np.int64)
    return first[found][back] if len(unique) else np.empty(0, np.int64)


def _near_pairs(words: Words) -> tuple[Numbers, Numbers]:
    """Places of different looks that differ in few bits."""
    ones: list[Numbers] = [np.empty(0, np.int64)]
    others: list[Numbers] = [np.empty(0, np.int64)]
    for quarter in range(64 // _QUARTER):
        keys = (words >> np.uint64(quarter * _QUARTER)) & np.uint64((1 << _QUARTER) - 1)
        order = np.argsort(keys, kind="stable")
        for step in range(1, min(_MOST_NEIGHBOURS, len(words) - 1) + 1):
            here, there = order[:-step], order[step:]
            same = keys[here] == keys[there]
            if not same.any():
                break
            here, there = here[same], there[same]
            near = np.bitwise_count(words[here] ^ words[there]) <= MOST_BITS
            ones.append(here[near])
            others.append(there[near])
    return np.concatenate(ones), np.concatenate(others)


def _leader(leaders: Numbers, place: int) -> int:
    while leaders[place] != place:
        # Halving the way for who comes later.
        leaders[place] = leaders[leaders[place]]
        place = int(leaders[place])
    return place
