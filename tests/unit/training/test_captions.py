import random

import pytest

from training.captions import captions, plain_captions, with_article


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("red apple", "a red apple"),
        ("orange", "an orange"),
        ("unicorn", "a unicorn"),
        ("french fries", "a french fries"),
        ("cherries", "cherries"),
        ("a dog", "a dog"),
    ],
)
def test_the_article_fits_the_phrase(phrase: str, expected: str) -> None:
    assert with_article(phrase) == expected


def test_a_named_background_is_in_every_caption() -> None:
    drawn = captions(("red apple", "apple"), "orange", 8, random.Random(0))
    assert len(set(drawn)) == 8
    assert all("orange background" in caption and "apple" in caption for caption in drawn)


def test_a_plain_background_is_not_mentioned() -> None:
    assert not any("background" in caption for caption in captions(("cat",), None, 9, random.Random(0)))


def test_the_same_generator_draws_the_same_captions() -> None:
    assert captions(("cat",), "red", 3, random.Random(4)) == captions(("cat",), "red", 3, random.Random(4))


@pytest.mark.parametrize(("style", "word"), [("flat", "flat"), ("line", "line art")])
def test_a_style_is_said_in_every_caption(style: str, word: str) -> None:
    drawn = captions(("apple",), "orange", 3, random.Random(0), style)
    assert len(drawn) == 3
    assert all(word in caption and "orange background" in caption for caption in drawn)


def test_plain_captions_say_thing_and_style_only() -> None:
    assert plain_captions(("apple", "T-Rex"), "flat") == ["a flat apple", "a flat t-rex"]
    assert plain_captions(("apple",), "3D") == ["an apple", "a 3d apple"]
    assert plain_captions(("apple",), "line") == ["line art of an apple"]
