import pytest
import torch
from torch.nn import functional

from sana_models.tiles import apply_by_tiles, spans


@pytest.mark.parametrize(("length", "tile", "halo"), [(1, 1, 0), (7, 7, 2), (7, 3, 2), (9, 4, 20), (100, 7, 3)])
def test_spans_cover_every_cell_once_and_read_no_further_than_the_border(length: int, tile: int, halo: int):
    found = list(spans(length, tile, halo))
    assert [cell for span in found for cell in range(span.start, span.stop)] == list(range(length))
    for span in found:
        assert 1 <= span.stop - span.start <= tile
        assert span.low == max(0, span.start - halo)
        assert span.high == min(length, span.stop + halo)


def test_pieces_are_of_nearly_equal_size():
    sizes = [span.stop - span.start for span in spans(33, 16, 0)]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("bad", [(0, 1, 0), (1, 0, 0), (1, 1, -1)])
def test_a_length_a_tile_or_a_halo_that_makes_no_sense_is_refused(bad: tuple[int, int, int]):
    with pytest.raises(ValueError, match="expected a length"):
        list(spans(*bad))


def _blurred_and_doubled(x: torch.Tensor) -> torch.Tensor:
    kernel = torch.arange(25.0, dtype=x.dtype).view(1, 1, 5, 5)
    return functional.interpolate(functional.conv2d(x, kernel, padding=2), scale_factor=2, mode="nearest")


@pytest.mark.parametrize("tile", [1, 2, 5, 40])
def test_tiles_give_the_image_that_one_piece_gives(tile: int):
    x = torch.randn(2, 1, 9, 13, dtype=torch.float64)
    whole = _blurred_and_doubled(x)
    assert torch.allclose(apply_by_tiles(_blurred_and_doubled, x, tile=tile, halo=2, writes=2), whole, atol=1e-12)


def test_too_small_a_halo_is_seen_at_the_borders_of_tiles():
    x = torch.randn(1, 1, 8, 8, dtype=torch.float64)
    tiled = apply_by_tiles(_blurred_and_doubled, x, tile=4, halo=1, writes=2)
    assert not torch.allclose(tiled, _blurred_and_doubled(x))


def test_a_function_that_shrinks_reads_whole_cells():
    x = torch.randn(1, 1, 12, 20, dtype=torch.float64)

    def halved(part: torch.Tensor) -> torch.Tensor:
        return functional.avg_pool2d(part, 2)

    assert torch.allclose(apply_by_tiles(halved, x, tile=3, halo=0, reads=2), halved(x))
    with pytest.raises(ValueError, match="multiples of 8"):
        apply_by_tiles(halved, x, tile=3, halo=0, reads=8)


def test_the_result_is_gathered_as_asked():
    x = torch.randn(1, 1, 6, 6, dtype=torch.float64)
    gathered = apply_by_tiles(lambda part: part, x, tile=4, halo=0, keep_as=torch.float32)
    assert gathered.dtype is torch.float32
    assert torch.equal(gathered, x.float())
