import math

import pytest

from sana_desktop.domain.sizes import Size
from sana_desktop.ui.aspects import SHAPES, aspects_for


@pytest.mark.parametrize("base", [256, 512, 1024, 2048, 4096])
def test_every_shape_is_offered_at_about_the_area_and_shape(base: int):
    aspects = aspects_for(base)

    assert len(aspects) == len(SHAPES)
    for aspect in aspects:
        size = aspect.size
        assert math.isclose(size.width * size.height, base**2, rel_tol=0.16), aspect
        assert math.isclose(size.width / size.height, aspect.across / aspect.down, rel_tol=0.07), aspect


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
