from pathlib import Path

import pytest

from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import rate
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.reader import GalleryReader, Sort
from sana_desktop.gallery.search import parse_search
from support.gallery import Gallery


@pytest.fixture
def gallery(tmp_path: Path):
    with Gallery(tmp_path) as made:
        made.add("b.png", when=2000, prompt="fox")
        made.add("A.png", when=3000, prompt="owl")
        made.add("c.png", when=1000, prompt="fox owl", pack="other")
        with transaction(made.db):
            rate(made.db, [3], 5)
        yield made


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.NEWEST, [2, 1, 3]), (Sort.OLDEST, [3, 1, 2]), (Sort.RATING, [3, 2, 1]), (Sort.NAME, [2, 1, 3])],
)
def test_pictures_come_in_the_order_that_was_asked_for(gallery: Gallery, sort: Sort, order: list[int]):
    with GalleryReader(gallery.file) as reader:
        assert list(reader.search(sort=sort)) == order
        assert list(reader.search(parse_search("owl"), sort)) == [picture for picture in order if picture != 1]


def test_a_reader_sees_what_is_written_after_it_looked(gallery: Gallery):
    with GalleryReader(gallery.file) as reader:
        assert len(reader.search()) == 3
        gallery.add("d.png", when=9000, seed=9)
        assert list(reader.search()) == [4, 2, 1, 3]
        with transaction(gallery.db):
            rate(gallery.db, [1], 4)
        assert list(reader.search(sort=Sort.RATING)) == [3, 1, 4, 2]


def test_what_was_asked_before_is_answered_from_memory_until_something_is_written(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sana_desktop.gallery.reader.MOST_ANSWERS", 2)
    with GalleryReader(gallery.file) as reader:
        for _ in range(2):
            for query, found in (("owl", [2, 3]), ("-owl", [1]), ("rating:5 fox", [3]), ("fox -rating:5", [1])):
                assert list(reader.search(parse_search(query))) == found
        assert list(reader.search(parse_search("owl"), Sort.OLDEST)) == [3, 2]
        assert len(reader._answers) == 2
        gallery.add("d.png", when=9000, prompt="owl", seed=9)
        assert list(reader.search(parse_search("owl"))) == [4, 2, 3]


def test_a_reader_that_was_prepared_finds_the_same(gallery: Gallery):
    with GalleryReader(gallery.file) as reader:
        reader.get_ready()
        assert list(reader.search(parse_search("owl"))) == [2, 3]
        everything = reader.search()
        everything.pop()
        assert list(reader.search()) == [2, 1, 3]


def test_rows_come_in_the_order_of_the_numbers_and_unknown_ones_are_left_out(gallery: Gallery):
    with GalleryReader(gallery.file) as reader:
        assert [row.picture for row in reader.rows([3, 99, 1])] == [3, 1]
        assert [row.picture for row in reader.rows([1] * 700 + [2])] == [1] * 700 + [2]
        assert reader.rows([]) == ()


def test_a_picture_is_found_by_its_path_however_that_is_written(gallery: Gallery, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(gallery.pictures)
    with GalleryReader(gallery.file) as reader:
        assert reader.find(Path("b.png")) == 1
        assert reader.find(gallery.pictures / ".." / "pictures" / "b.png") == 1
        assert reader.find(Path("z.png")) is None


def test_packs_are_counted(gallery: Gallery):
    with GalleryReader(gallery.file) as reader:
        assert reader.packs() == (("other", 1), ("starter", 2))


def test_damage_is_an_error_for_people(gallery: Gallery):
    with GalleryReader(gallery.file) as reader:
        gallery.db.execute("DROP TABLE picture_tags")
        with pytest.raises(KnownError, match="cannot be used"):
            reader.rows([1])
