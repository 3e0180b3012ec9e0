import pytest
import torch
from torch import Tensor

from sana_kernels.conv3x3 import reference, winograd
from support.tiny_models import noise


class EnoughError(Exception):
    """What a caller raises to stop."""


def error(found: Tensor, truth: Tensor) -> float:
    return float((found - truth).abs().max() / truth.abs().max())


@torch.inference_mode()
@pytest.mark.parametrize("channels_last", [True, False])
@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize(
    ("batch", "channels", "filters", "height", "width"),
    [(1, 3, 5, 7, 9), (2, 16, 16, 16, 16), (1, 8, 4, 1, 1), (1, 4, 6, 5, 300), (1, 4, 4, 290, 3), (2, 8, 8, 33, 270)],
)
def test_it_gives_the_reference_in_any_size(
    batch: int, channels: int, filters: int, height: int, width: int, doubled: bool, channels_last: bool
):
    x = noise(batch, channels, height, width)
    x = x.contiguous(memory_format=torch.channels_last) if channels_last else x
    weight, bias = noise(filters, channels, 3, 3, seed=1), noise(filters, seed=2)
    truth = reference.conv3x3(x.double(), weight.double(), bias.double(), doubled=doubled)
    added = noise(batch, *truth.shape[2:], filters, seed=3)

    def finish(made: Tensor, place: reference.Place) -> Tensor:
        return torch.relu(made) + added[place]

    plain = winograd.conv3x3(x, weight, bias, doubled=doubled)
    assert error(plain, truth) <= 5e-5
    assert plain.is_contiguous(memory_format=torch.channels_last)
    finished = winograd.conv3x3(x, weight, bias, doubled=doubled, finish=finish)
    assert error(finished, torch.relu(truth) + added.movedim(-1, 1)) <= 5e-5
    without = reference.conv3x3(x.double(), weight.double(), doubled=doubled)
    assert error(winograd.conv3x3(x, weight, doubled=doubled), without) <= 5e-5


@torch.inference_mode()
def test_it_asks_before_every_block_and_stops_where_told():
    asked: list[int] = []

    def ask() -> None:
        asked.append(1)
        if len(asked) >= 3:
            raise EnoughError

    threads = torch.get_num_threads()
    with pytest.raises(EnoughError):
        winograd.conv3x3(noise(1, 4, 200, 200), noise(4, 4, 3, 3), before_block=ask)
    assert len(asked) <= 2 + threads
    assert torch.get_num_threads() == threads
