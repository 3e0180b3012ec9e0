from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.canvas import preview_reel
from sana_desktop.ui.canvas.preview_reel import LARGEST_REEL, LARGEST_SHELF, MOST_FRAMES, PreviewReel, ReelShelf
from support.ui_pictures import plain


def filled(steps: int, side: int = 4) -> PreviewReel:
    reel = PreviewReel()
    image = plain(side, side)
    for step in range(1, steps + 1):
        reel.add(step, image)
    return reel


def test_all_frames_of_an_ordinary_picture_are_kept():
    reel = filled(20)

    assert [reel.step(number) for number in range(len(reel))] == list(range(1, 21))
    assert reel.last_step == 20
    assert reel.bytes == 20 * 4 * 4 * 4


@given(st.integers(0, 1000))
def test_of_many_steps_the_first_and_the_last_are_always_kept(steps: int):
    reel = filled(steps, side=1)

    kept = [reel.step(number) for number in range(len(reel))]
    assert len(kept) <= MOST_FRAMES
    assert kept == sorted(set(kept))
    assert kept[:1] + kept[-1:] == ([1, steps] if steps > 1 else [1, 1] if steps else [])
    # No gap is more than twice as wide as another one, but for the last.
    gaps = [later - earlier for earlier, later in pairwise(kept[:-1])]
    assert not gaps or max(gaps) <= 2 * min(gaps)


def test_large_frames_have_a_limit_too():
    side = 1024
    reel = filled(20, side)

    assert reel.bytes <= LARGEST_REEL
    assert (reel.step(0), reel.last_step) == (1, 20)
    assert reel.bytes == sum(reel.image(number).sizeInBytes() for number in range(len(reel)))


def test_a_reel_is_found_by_its_picture():
    shelf = ReelShelf()
    reel = filled(3)
    shelf.keep(Path("fox.png"), reel)

    assert shelf.find(Path("fox.png")) is reel
    assert shelf.find(Path("hen.png")) is None


def test_the_reel_that_was_used_longest_ago_goes_first(monkeypatch):
    monkeypatch.setattr(preview_reel, "LARGEST_SHELF", 3 * filled(3).bytes)
    shelf = ReelShelf()
    for name in "abc":
        shelf.keep(Path(name), filled(3))
    shelf.find(Path("a"))

    shelf.keep(Path("d"), filled(3))

    assert [name for name in "abcd" if shelf.find(Path(name)) is not None] == ["a", "c", "d"]


def test_a_reel_of_the_same_picture_takes_the_place_of_the_other():
    shelf = ReelShelf()
    shelf.keep(Path("a"), filled(3))
    shelf.keep(Path("a"), filled(5))

    assert shelf.bytes == filled(5).bytes
    assert shelf.bytes < LARGEST_SHELF
