import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import change_album, change_tags, rate, save_album, set_favourite
from sana_desktop.gallery.database import transaction
from sana_desktop.gallery.records import PictureState
from sana_desktop.gallery.search import parse_search
from sana_desktop.gallery.search_sql import Query, plan_for
from support.gallery import Gallery


@pytest.fixture
def gallery(tmp_path: Path):
    """Three pictures: a fox of November, an owl of October, and one with Japanese words of 2025."""
    with Gallery(tmp_path) as made:
        fox = made.add("fox.png", datetime(2026, 11, 24, 0, 0).timestamp(), prompt="a red fox, running", seed=42)
        owl = made.add("owl.png", datetime(2026, 10, 31, 23, 59).timestamp(), prompt="an owl at night", negative="fog",
                       pack="sana-1024", size=Size(64, 32))  # fmt: skip
        made.add("kitsune_9.png", datetime(2025, 5, 1).timestamp(), prompt="赤い狐 in the café")
        with transaction(made.db):
            rate(made.db, [fox], 4)
            rate(made.db, [owl], 2)
            set_favourite(made.db, [owl], True)
            change_tags(made.db, [fox, owl], add=["Animals"])
            save_album(made.db, "Best of")
            change_album(made.db, "Best of", add=[fox])
            save_album(made.db, "good ones", "rating:>1 -fox")
            save_album(made.db, "circle", 'album:"circle"')
        yield made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["fox.png", "owl.png", "kitsune_9.png"]),
        ("fox", ["fox.png"]),
        ("running red", ["fox.png"]),
        ("RED ru", ["fox.png"]),
        ('"red fox"', ["fox.png"]),
        ('"fox red"', []),
        ('"run"', []),
        ("-fox", ["owl.png", "kitsune_9.png"]),
        ("-fox -owl", ["kitsune_9.png"]),
        ("cafe", ["kitsune_9.png"]),
        ("狐", ["kitsune_9.png"]),
        ("い狐", ["kitsune_9.png"]),
        ("狐赤", []),
        ("kitsune", ["kitsune_9.png"]),
        ("animals night", ["owl.png"]),
        ("fog", []),
        ("negative:fog", ["owl.png"]),
        ("-negative:fog", ["fox.png", "kitsune_9.png"]),
        ("!!!", ["fox.png", "owl.png", "kitsune_9.png"]),
        ("pack:SANA-1024", ["owl.png"]),
        ("-pack:starter", ["owl.png"]),
        ("size:64x32", ["owl.png"]),
        ("size:<64", ["fox.png", "kitsune_9.png"]),
        ("size:>=32x32 -size:64", ["fox.png", "kitsune_9.png"]),
        ("seed:42", ["fox.png"]),
        ("seed:<42", ["owl.png", "kitsune_9.png"]),
        ("after:2026-11-24", ["fox.png"]),
        ("after:2026-10 before:2026-11", ["owl.png"]),
        ("before:2026", ["kitsune_9.png"]),
        ("rating:>3", ["fox.png"]),
        ("rating:0", ["kitsune_9.png"]),
        ("rating:>0 -rating:4", ["owl.png"]),
        ("tag:animals", ["fox.png", "owl.png"]),
        ("-tag:animals", ["kitsune_9.png"]),
        ("is:favourite", ["owl.png"]),
        ("is:unrated", ["kitsune_9.png"]),
        ("is:untagged", ["kitsune_9.png"]),
        ("is:missing", []),
        ('album:"best of"', ["fox.png"]),
        ('-album:"best of"', ["owl.png", "kitsune_9.png"]),
        ('album:"good ones"', ["owl.png"]),
        ('-album:"good ones"', ["fox.png", "kitsune_9.png"]),
        ("owl rating:>1 tag:animals after:2026", ["owl.png"]),
    ],
)
def test_a_search_finds_just_what_it_says(gallery: Gallery, query: str, found: list[str]):
    assert gallery.find(query) == found


@pytest.mark.parametrize("query", ["album:nothing", "album:circle"])
def test_an_album_that_cannot_be_used_is_told(gallery: Gallery, query: str):
    with pytest.raises(KnownError, match="album"):
        gallery.find(query)


@given(st.text(max_size=60) | st.lists(st.sampled_from([*"\"'();*^+-:{}", "AND ", "NOT ", "NEAR(", "a"])).map("".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_nothing_that_is_typed_reaches_sql(gallery: Gallery, text: str):
    try:
        plan = plan_for(parse_search(text), PictureState.PRESENT, lambda name: None)
    except KnownError:
        return
    for query in (*plan.include, *plan.exclude):
        assert isinstance(query, Query)
        try:
            gallery.db.execute(query.sql, query.parameters).fetchone()
        except sqlite3.Error as error:
            raise AssertionError(f"{text!r}: {error}") from error
