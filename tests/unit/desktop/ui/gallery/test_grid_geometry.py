from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.gallery.grid_geometry import Box, GridGeometry

grids = st.builds(
    GridGeometry,
    count=st.integers(1, 500),
    width=st.integers(1, 900),
    side=st.integers(16, 260),
    gap=st.integers(0, 20),
)


def test_pictures_stand_in_rows_from_edge_to_edge() -> None:
    grid = GridGeometry(7, 350, 100, 10)
    assert (grid.columns, grid.rows, grid.height) == (3, 3, 340)
    assert [grid.box(place) for place in (0, 2, 3)] == [
        Box(10, 10, 100, 100),
        Box(240, 10, 100, 100),
        Box(10, 120, 100, 100),
    ]


def test_a_view_that_is_narrower_than_a_picture_has_one_column() -> None:
    assert GridGeometry(3, 20, 100, 10).columns == 1


@given(grids)
def test_every_picture_is_found_where_it_lies_and_none_overlap(grid: GridGeometry) -> None:
    for place in range(grid.count):
        box = grid.box(place)
        assert grid.at(box.left, box.top) == place
        assert grid.at(box.left + box.width - 1, box.top + box.height - 1) == place
        if grid.columns > 1:
            assert box.left + box.width <= grid.width


@given(grids, st.integers(0, 100_000), st.integers(1, 2000))
def test_what_is_between_two_heights_is_what_can_be_seen_there(grid: GridGeometry, top: int, height: int) -> None:
    seen = grid.between(top, height)
    for place in range(grid.count):
        box = grid.box(place)
        if box.top < top + height and box.top + box.height > top:
            assert place in seen


@given(grids, st.integers(-100, 2000), st.integers(-100, 100_000))
def test_near_a_point_there_is_always_a_picture(grid: GridGeometry, x: int, y: int) -> None:
    place = grid.near(x, y)
    assert place is not None
    assert 0 <= place < grid.count


def test_between_pictures_and_behind_the_last_there_is_none() -> None:
    grid = GridGeometry(4, 350, 100, 10)
    assert [grid.at(5, 50), grid.at(115, 50), grid.at(130, 170), grid.at(10, 5000)] == [None] * 4
    assert GridGeometry(0, 350, 100, 10).near(0, 0) is None


def test_a_rectangle_touches_whole_columns_of_some_rows() -> None:
    grid = GridGeometry(8, 350, 100, 10)
    assert grid.in_rectangle(150, 50, 300, 150) == [range(1, 3), range(4, 6)]
    assert grid.in_rectangle(0, 230, 340, 300) == [range(6, 8)]
    assert GridGeometry(0, 350, 100, 10).in_rectangle(0, 0, 9, 9) == []
