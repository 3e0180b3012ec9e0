import threading

import pytest
import torch

from sana_desktop.engine.row_threads import RowThreads, in_turn, row_threads

CPU = torch.device("cpu")


@pytest.fixture
def four_cores():
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("four_cores")
def test_every_share_has_a_thread_and_its_part_of_the_cores():
    with row_threads(CPU, 4) as threads:
        assert threads.count == 2
        found = threads.spread(lambda share: (share, torch.get_num_threads(), threading.current_thread().name), [1, 2])
    assert [(share, cores) for share, cores, _ in found] == [(1, 2), (2, 2)]
    assert all(name.startswith("rows") for _, _, name in found)
    # Whoever comes later has all of them.
    assert torch.get_num_threads() == 4
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert later == [4]


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(("device", "rows"), [(torch.device("cuda"), 16), (CPU, 2), (CPU, 3)])
def test_without_need_there_are_no_threads(device: torch.device, rows: int):
    with row_threads(device, rows) as threads:
        assert threads.count == 1
        assert threads.spread(lambda share: share + 1, [1, 2]) == [2, 3]


def test_what_a_share_raises_is_raised_when_all_have_ended():
    ended: list[int] = []

    def work(share: int) -> int:
        if share == 0:
            raise KeyError(share)
        ended.append(share)
        return share

    with row_threads(CPU, 8) as threads, pytest.raises(KeyError):
        threads.spread(work, [0, 1])
    assert ended == [1] or threads.count == 1


def test_in_turn_is_the_same_without_threads():
    assert in_turn(str, [1, 2]) == RowThreads(None, 1).spread(str, [1, 2]) == ["1", "2"]
