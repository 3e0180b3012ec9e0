import math

import pytest

from sana_desktop.domain.aspects import LEARNED_BASES, SHAPES, aspect_of, aspects_for, nearest_aspect
from sana_desktop.domain.sizes import Size


@pytest.mark.parametrize("base", [256, 512, 1024, 2048, 4096])
def test_every_shape_is_offered_at_about_the_area_and_shape(base: int):
    aspects = aspects_for(base)

    assert len(aspects) == len(SHAPES)
    for aspect in aspects:
        size = aspect.size
        assert math.isclose(size.width * size.height, base**2, rel_tol=0.16), aspect
        assert math.isclose(size.width / size.height, aspect.across / aspect.down, rel_tol=0.08), aspect


def test_they_come_from_tall_to_wide_with_the_square_in_the_middle():
    aspects = aspects_for(1024)

    ratios = [aspect.across / aspect.down for aspect in aspects]
    assert ratios == sorted(ratios)
    assert aspects[3].size == Size(1024, 1024)


def test_a_lying_shape_is_the_standing_one_turned():
    sizes = {aspect.name: aspect.size for aspect in aspects_for(1024)}

    for name, turned in (("3:4", "4:3"), ("2:3", "3:2"), ("9:16", "16:9")):
        assert (sizes[name].width, sizes[name].height) == (sizes[turned].height, sizes[turned].width)


@pytest.mark.parametrize("base", range(32, 8193, 32))
def test_no_size_is_offered_twice_and_the_square_always(base: int):
    sizes = [aspect.size for aspect in aspects_for(base)]

    assert len(set(sizes)) == len(sizes)
    assert Size(base, base) in sizes


@pytest.mark.parametrize("base", LEARNED_BASES)
def test_published_packs_are_offered_what_they_have_learned(base: int):
    sizes = {aspect.name: aspect.size for aspect in aspects_for(base)}

    # Rows of the published table of 1024, as width x height.
    assert {name: Size(size.width * 1024 // base, size.height * 1024 // base) for name, size in sizes.items()} == {
        "1:1": Size(1024, 1024),
        "3:4": Size(896, 1152),
        "4:3": Size(1152, 896),
        "2:3": Size(832, 1216),
        "3:2": Size(1216, 832),
        "9:16": Size(768, 1344),
        "16:9": Size(1344, 768),
    }


def test_turning_an_aspect_turns_its_name_and_its_size():
    tall = aspects_for(1024)[0]

    assert (tall.name, tall.turned.name) == ("9:16", "16:9")
    assert tall.turned.size == Size(1344, 768)
    assert tall.turned.turned == tall


def test_any_size_has_a_shape():
    assert aspect_of(Size(1024, 768)).name == "4:3"
    assert aspect_of(Size(832, 1216)).name == "13:19"


def test_the_nearest_shape_is_found_by_looking_at_it():
    offered = aspects_for(256)

    assert nearest_aspect(offered, Size(1024, 1024)).name == "1:1"
    assert nearest_aspect(offered, Size(832, 1216)).name == "2:3"
    assert nearest_aspect(offered, Size(4096, 512)).name == "16:9"
