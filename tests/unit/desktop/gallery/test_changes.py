from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import (
    add_root,
    change_album,
    change_tags,
    checked_name,
    ensure_own,
    put_picture,
    rate,
    remove_album,
    root_of,
    save_album,
    set_state,
)
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.facts import facts_of_file, facts_of_saved
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.records import PictureState, RootKind
from support.fake_engine import fake_picture
from support.gallery import SMALL, Gallery, write_own
from support.recipes import recipe, recipes


@pytest.fixture
def gallery(tmp_path: Path):
    with Gallery(tmp_path) as made:
        yield made


@given(recipes)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_recipe_is_read_back_as_it_was_written(gallery: Gallery, drawn):
    path = write_own(gallery.pictures / "x.png")
    picture = fake_picture(recipe(size=SMALL))
    facts = facts_of_saved(path, type(picture)(rgb=picture.rgb, width=32, height=32, recipe=drawn,
                                               provenance=picture.provenance, timings=picture.timings))  # fmt: skip
    with transaction(gallery.db):
        put = put_picture(gallery.db, gallery.root, "x.png", facts)
    row = gallery.row(put.picture)
    assert row.facts == facts
    assert row.recipe() == drawn


def test_a_picture_that_changed_in_its_place_keeps_what_was_said_of_it(gallery: Gallery):
    picture = gallery.add("x.png", prompt="a fox")
    with transaction(gallery.db):
        rate(gallery.db, [picture], 3)
    assert gallery.add("x.png", prompt="an owl") == picture
    assert (gallery.row(picture).rating, gallery.find("owl"), gallery.find("fox")) == (3, ["x.png"], [])


@pytest.mark.parametrize("state", [PictureState.MISSING, PictureState.DELETED])
def test_a_file_that_is_back_elsewhere_has_its_stars_again(gallery: Gallery, state: PictureState):
    picture = gallery.add("x.png", when=1e9)
    with transaction(gallery.db):
        rate(gallery.db, [picture], 5)
        change_tags(gallery.db, [picture], add=["mine"])
        set_state(gallery.db, [picture], state)
    assert gallery.find() == []
    assert gallery.add("folder/y.png", when=2e9) == picture
    row = gallery.row(picture)
    assert (row.rating, row.tags, row.state, row.path) == (
        5, ("mine",), PictureState.PRESENT, gallery.pictures / "folder" / "y.png",
    )  # fmt: skip


def test_a_copy_is_a_picture_of_its_own(gallery: Gallery):
    assert gallery.add("x.png") != gallery.add("y.png")


def test_another_picture_in_the_place_of_a_missing_one_does_not_inherit(gallery: Gallery):
    picture = gallery.add("x.png", prompt="a fox")
    with transaction(gallery.db):
        rate(gallery.db, [picture], 5)
        set_state(gallery.db, [picture], PictureState.MISSING)
    other = gallery.add("x.png", prompt="an owl")
    assert other != picture
    assert gallery.row(other).rating == 0


def test_the_folder_of_a_picture_is_the_innermost_one(gallery: Gallery):
    with transaction(gallery.db):
        inner = add_root(gallery.db, gallery.pictures / "in", RootKind.IMPORTED)
        assert root_of(gallery.db, gallery.pictures / "in" / "x.png") == (inner, "x.png")
        assert root_of(gallery.db, gallery.pictures / "a" / "x.png") == (gallery.root, "a/x.png")
        loose, name = root_of(gallery.db, Path("/elsewhere/b/x.png"))
        assert (loose not in (inner, gallery.root), name) == (True, "x.png")


def test_a_loose_picture_belongs_to_the_folder_once_that_is_imported(gallery: Gallery, tmp_path: Path):
    path = write_own(tmp_path / "other" / "in" / "x.png")
    with transaction(gallery.db):
        picture = put_picture(gallery.db, *root_of(gallery.db, path), facts_of_file(path)).picture
        rate(gallery.db, [picture], 2)
        add_root(gallery.db, tmp_path / "other", RootKind.IMPORTED)
    with GalleryReader(gallery.file) as reader:
        assert reader.find(path) == picture
        assert [kind for _, kind in reader.roots()] == ["imported", "own"]
        assert reader.rows([picture])[0].rating == 2


def test_the_own_folder_is_added_unless_it_is_looked_after_already(gallery: Gallery):
    with transaction(gallery.db):
        ensure_own(gallery.db, gallery.pictures)
        ensure_own(gallery.db, gallery.pictures / "inside")
        ensure_own(gallery.db, Path("/somewhere"))
    with GalleryReader(gallery.file) as reader:
        assert [path for path, _ in reader.roots()] == [Path("/somewhere"), gallery.pictures]


def test_tags_are_names_in_which_capitals_make_no_difference(gallery: Gallery):
    one, other = gallery.add("1.png"), gallery.add("2.png", seed=8)
    with transaction(gallery.db):
        change_tags(gallery.db, [one, other], add=["Red  Fox", "night"])
        change_tags(gallery.db, [one], add=["RED FOX"], remove=["NIGHT"])
    assert gallery.row(one).tags == ("Red Fox",)
    with transaction(gallery.db):
        change_tags(gallery.db, [other], remove=["night"])
    with GalleryReader(gallery.file) as reader:
        assert reader.tags() == (("Red Fox", 2),)
    assert len(gallery.find("red")) == 2
    assert gallery.find("night") == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, 'a"b', "a\x07b"])
def test_names_that_nobody_can_type_are_refused(name: str):
    with pytest.raises(KnownError, match="Names of tags"):
        checked_name(name)


def test_six_stars_are_refused(gallery: Gallery):
    with pytest.raises(KnownError, match="0 to 5 stars"):
        rate(gallery.db, [1], 6)


def test_albums_hold_pictures_or_a_query(gallery: Gallery):
    picture = gallery.add("1.png")
    with transaction(gallery.db):
        save_album(gallery.db, "best")
        save_album(gallery.db, "foxes", "fox")
        change_album(gallery.db, "BEST", add=[picture])
        with pytest.raises(KnownError, match="fills itself"):
            change_album(gallery.db, "foxes", add=[picture])
        with pytest.raises(KnownError, match="no album"):
            change_album(gallery.db, "other", add=[picture])
    with GalleryReader(gallery.file) as reader:
        assert [(album.name, album.query, album.pictures) for album in reader.albums()] == [
            ("best", None, 1), ("foxes", "fox", 0),
        ]  # fmt: skip
    assert gallery.row(picture).albums == ("best",)
    with transaction(gallery.db):
        change_album(gallery.db, "best", remove=[picture])
        remove_album(gallery.db, "foxes")
    with GalleryReader(gallery.file) as reader:
        assert [(album.name, album.pictures) for album in reader.albums()] == [("best", 0)]
