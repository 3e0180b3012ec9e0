from training.palette import BACKGROUNDS, PLAIN


def test_every_colour_is_eight_bit_and_told_apart_from_all_others() -> None:
    assert all(0 <= level <= 255 for color in BACKGROUNDS.values() for level in color)
    assert len(set(BACKGROUNDS.values())) == len(BACKGROUNDS)


def test_the_plain_background_is_one_of_them() -> None:
    assert BACKGROUNDS[PLAIN] == (255, 255, 255)
