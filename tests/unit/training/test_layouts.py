import pytest
import torch

from training.compose import SIDE, inked, on_background
from training.layouts import LAYOUTS, Planned, paint

RED, BLUE = (255, 0, 0), (0, 0, 255)


def square(color: tuple[int, int, int], opacity: int = 255) -> torch.Tensor:
    """A cutout that is opaque in its middle half."""
    cutout = torch.zeros(4, SIDE, SIDE, dtype=torch.uint8)
    cutout[:3] = torch.tensor(color, dtype=torch.uint8)[:, None, None]
    cutout[3, SIDE // 4 : 3 * SIDE // 4, SIDE // 4 : 3 * SIDE // 4] = opacity
    return cutout


@pytest.mark.parametrize("white_ink", [False, True])
def test_a_thing_alone_is_painted_as_the_other_stages_paint_it(white_ink: bool) -> None:
    cutout = square((30, 30, 30), opacity=128)
    painted = paint(cutout[None], [Planned("full", (10, 20, 30), white_ink)])[0]
    expected = inked(cutout.permute(1, 2, 0).numpy(), "line" if white_ink else "3D", (10, 20, 30))
    torch.testing.assert_close(painted, torch.from_numpy(on_background(expected, (10, 20, 30))), atol=1e-5, rtol=0)


def test_what_stands_beside_is_left_and_right_and_what_is_above_is_above() -> None:
    cutouts = torch.stack([square(RED), square(BLUE)] * 2)
    beside, above = paint(cutouts, [Planned("beside", (0, 0, 0)), Planned("above", (0, 0, 0))])
    quarter = SIDE // 4
    red, blue = (torch.tensor(color) / 127.5 - 1 for color in (RED, BLUE))
    torch.testing.assert_close(beside[:, 2 * quarter, quarter], red)
    torch.testing.assert_close(beside[:, 2 * quarter, 3 * quarter], blue)
    torch.testing.assert_close(above[:, quarter, 2 * quarter], red)
    torch.testing.assert_close(above[:, 3 * quarter, 2 * quarter], blue)


def test_a_picture_has_a_thing_in_each_of_its_cells_and_no_more() -> None:
    for name, layout in LAYOUTS.items():
        planned = Planned(name, (0, 0, 0))
        seen = paint(torch.stack([square(RED)] * planned.things), [planned])[0, 0]
        assert seen.shape == (layout.height, layout.width)
        # A square fills a quarter of its cell.
        share = 0.25 * planned.things * layout.cell**2 / (layout.height * layout.width)
        assert (seen > 0).float().mean() == pytest.approx(share, abs=0.02)


def test_edges_of_small_things_take_no_colour_from_where_nothing_is() -> None:
    cutout = square(RED)
    cutout[:3, 0] = 255
    seen = paint(cutout[None], [Planned("small", (255, 0, 0))])
    assert seen[0, 1:].max() == -1
