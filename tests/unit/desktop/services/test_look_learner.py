from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError
from sana_desktop.gallery.search import parse_search
from sana_desktop.services.library import Library
from sana_desktop.services.look_learner import LookLearner
from support.gallery import Gallery


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Gallery(tmp_path) as gallery:
        # The same pixels twice, with other words beside them.
        gallery.add("1.png", when=1000, seed=3)
        gallery.add("2.png", when=2000, seed=3, negative="blurry")
        gallery.add("3.png", when=3000, seed=200)
        gallery.add("4.png", when=4000, seed=3, prompt="gone")
        (gallery.pictures / "4.png").unlink()
    with Library(tmp_path, tmp_path, tmp_path / "pictures") as made:
        yield made


@pytest.fixture
def learner(library: Library) -> Iterator[LookLearner]:
    made = LookLearner(library)
    yield made
    made.close()


def test_pictures_that_look_the_same_are_a_stack_once_they_were_looked_at(library: Library, learner: LookLearner):
    with library.reader() as reader:
        assert list(reader.stacked(reader.search()).pictures) == [4, 3, 2, 1]
        assert list(reader.without_look()) == [4, 3, 2, 1]
        told: list[tuple[int, int]] = []
        assert learner.learn(lambda *how_far: told.append(how_far), CancelToken()).result() == 3
        assert told == [(4, 4)]
        # One cannot be looked at.
        assert list(reader.without_look()) == [4]
        stacked = reader.stacked(reader.search())
        assert 1 not in stacked.pictures
        assert 2 in stacked.pictures
        assert list(reader.search(parse_search("like:1 -like:3"))) == [2, 1]
        assert list(reader.search(parse_search("-like:1"))) in ([4, 3], [4])


def test_it_can_be_stopped(library: Library, learner: LookLearner):
    stop = CancelToken()
    stop.cancel()
    with pytest.raises(JobCancelledError):
        learner.learn(lambda *_: None, stop).result()
    learner.close()
    learner.close()
