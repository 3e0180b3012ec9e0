import threading
from collections.abc import Iterator

import pytest
import torch

from sana_kernels.lanes import share


@pytest.fixture
def three_threads() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("three_threads")
def test_every_block_is_worked_off_once_by_threads_that_work_alone():
    done: list[int] = []
    alone: set[int] = set()
    waiting = threading.Barrier(3)

    def lane(blocks: Iterator[int]) -> None:
        waiting.wait(timeout=10)
        for block in blocks:
            alone.add(torch.get_num_threads())
            done.append(block)

    share(range(100), lane)
    assert sorted(done) == list(range(100))
    assert alone == {1}
    assert torch.get_num_threads() == 3


@pytest.mark.usefixtures("three_threads")
def test_what_a_lane_raises_ends_all_and_gives_the_threads_back():
    done: list[int] = []

    def lane(blocks: Iterator[int]) -> None:
        for block in blocks:
            if block == 5:
                raise ValueError("expected no five")
            done.append(block)

    with pytest.raises(ValueError, match="no five"):
        share(range(10**6), lane)
    assert len(done) < 10**6
    assert torch.get_num_threads() == 3


def test_one_block_is_worked_off_where_the_caller_is():
    seen: list[int] = []
    share([1], lambda blocks: seen.extend(threading.get_ident() for _ in blocks))
    assert seen == [threading.get_ident()]
    share([], lambda blocks: seen.extend(0 for _ in blocks))
    assert len(seen) == 1
