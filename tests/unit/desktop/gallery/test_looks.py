import random

import numpy as np
from PIL import Image, ImageEnhance

from sana_desktop.gallery.looks import MOST_BITS, groups_of, look_of
from sana_desktop.gallery.small_picture import small_jpeg


def scene(seed: int, side: int = 200) -> Image.Image:
    """Soft spots of colour, as pictures have them."""
    chance = random.Random(seed)
    return Image.frombytes("RGB", (7, 7), chance.randbytes(147)).resize((side, side), Image.Resampling.BICUBIC)


def look(image: Image.Image) -> int:
    return look_of(small_jpeg(image.tobytes(), image.width, image.height))


def distance(one: int, other: int) -> int:
    return ((one ^ other) & (2**64 - 1)).bit_count()


def groups(*looks: int) -> list[int]:
    return groups_of(np.array(looks, np.int64)).tolist()


def test_a_picture_looks_the_same_in_other_sizes_and_lights():
    one = scene(1)
    for other in (one.resize((120, 120)), ImageEnhance.Brightness(one).enhance(0.8), one.crop((1, 1, 199, 199))):
        assert distance(look(one), look(other)) <= 2 * MOST_BITS
    assert distance(look(one), look(one.resize((150, 150)))) <= MOST_BITS


def test_other_pictures_look_different():
    looks = [look(scene(seed)) for seed in range(40)]
    assert all(distance(one, other) > MOST_BITS for one in looks for other in looks if one is not other)
    assert groups(*looks) == list(range(40))


def test_near_looks_belong_together_over_any_number_of_steps():
    chain = [0b0, 0b111, 0b111111, 0b111111111]
    far = -1 << 40
    assert groups(*chain, far, 0, far ^ 1) == [0, 0, 0, 0, 4, 0, 4]
    assert groups(0, 0b1111) == [0, 1]
    assert groups() == []
    assert groups(5) == [0]


def test_every_pair_that_differs_in_few_bits_is_found_wherever_they_are():
    chance = random.Random(4)
    for _ in range(300):
        one = chance.getrandbits(64)
        other = one
        for bit in chance.sample(range(64), MOST_BITS):
            other ^= 1 << bit
        signed = [int.from_bytes(value.to_bytes(8, "big"), "big", signed=True) for value in (one, other)]
        assert groups(*signed) == [0, 0]
