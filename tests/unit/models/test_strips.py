import pytest
import torch
from torch import nn

from sana_models.strips import convolve


class EnoughError(Exception):
    """What an asker raises to stop."""


def picture(height: int = 13, width: int = 7, *, channels_last: bool = True) -> torch.Tensor:
    x = torch.randn(2, 5, height, width, generator=torch.Generator().manual_seed(0))
    return x.contiguous(memory_format=torch.channels_last) if channels_last else x


def of_rows(conv: nn.Conv2d, rows: int, width: int = 7) -> int:
    """How many multiplications so many rows of a picture take."""
    return rows * 2 * width * conv.weight.numel()


@torch.inference_mode()
@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize("rows", [1, 2, 5, 12, 13, 40])
@pytest.mark.parametrize("channels_last", [True, False])
def test_strips_give_what_the_whole_gives(doubled: bool, rows: int, channels_last: bool):
    conv = nn.Conv2d(5, 4, 3, padding=1)
    x = picture(channels_last=channels_last)
    whole = x.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3) if doubled else x
    added = torch.randn(2, *whole.shape[2:], 4, generator=torch.Generator().manual_seed(1))
    finish = lambda made, place: torch.relu(made) + added[place]  # noqa: E731
    found = convolve(conv, x, lambda: None, finish, doubled=doubled, strip_products=of_rows(conv, rows))
    expected = torch.relu(conv(whole)) + added.movedim(-1, 1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert found.is_contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)


@torch.inference_mode()
def test_it_asks_before_every_strip_and_stops_where_told():
    conv = nn.Conv2d(5, 4, 3, padding=1, bias=False)
    asked: list[int] = []

    def ask() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        convolve(conv, picture(), ask, strip_products=of_rows(conv, 2))
    assert len(asked) == 3


def test_training_sees_one_convolution():
    conv = nn.Conv2d(5, 4, 3, padding=1)
    asked: list[int] = []
    convolve(conv, picture(), lambda: asked.append(1), strip_products=1).sum().backward()
    assert len(asked) == 1
    assert conv.weight.grad is not None
