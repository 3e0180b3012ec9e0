import numpy as np
import pytest
import torch

from training.compose import inked, on_background
from training.measures import Shelf, background_name, rank_of, ssim, thumbnail_features
from training.palette import BACKGROUNDS


def plain(color: tuple[int, int, int]) -> torch.Tensor:
    return (torch.tensor(color).float() / 127.5 - 1)[:, None, None].expand(3, 64, 64).clone()


def test_a_picture_is_wholly_similar_to_itself_and_less_to_a_noisy_one() -> None:
    torch.manual_seed(0)
    picture = torch.rand(2, 3, 32, 32) * 2 - 1
    assert ssim(picture, picture) == pytest.approx(1.0, abs=1e-5)
    little, much = (ssim(picture + amount * torch.randn_like(picture), picture) for amount in (0.1, 0.5))
    assert much < little < 1


def test_two_flat_pictures_compare_by_their_brightness() -> None:
    one, other = torch.full((1, 1, 16, 16), 0.5), torch.full((1, 1, 16, 16), 0.25)
    # (2ab + c) / (a^2 + b^2 + c) with c = 0.0004, by hand.
    assert ssim(one, other) == pytest.approx((0.25 + 0.0004) / (0.3125 + 0.0004), abs=1e-4)


@pytest.mark.parametrize("name", list(BACKGROUNDS))
def test_every_background_is_named_right_whatever_stands_on_it(name: str) -> None:
    picture = plain(BACKGROUNDS[name])
    picture[:, 10:54, 10:54] = 1.0
    assert background_name(picture) == name


def test_a_thing_is_most_like_itself_on_any_brightness() -> None:
    torch.manual_seed(0)
    things = torch.rand(5, 3, 48, 48)
    features = thumbnail_features(things)
    assert [rank_of(thing + 0.2, features, number) for number, thing in enumerate(things)] == [1] * 5
    assert rank_of(things[0], features, 3) > 1


@pytest.mark.parametrize(("style", "color"), [("3D", "teal"), ("line", "black"), ("line", "yellow")])
def test_a_shelf_holds_what_painted_pictures_look_like(style: str, color: str) -> None:
    cutout = np.random.default_rng(0).integers(0, 256, (256, 256, 4), dtype=np.uint8)
    painted = on_background(inked(cutout, style, BACKGROUNDS[color]), BACKGROUNDS[color])
    expected = thumbnail_features(torch.from_numpy(painted)[None])
    found = Shelf([cutout, None], style).features(BACKGROUNDS[color])
    torch.testing.assert_close(found[:1], expected, rtol=0, atol=1e-5)
