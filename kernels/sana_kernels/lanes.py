"""Work that is cut into blocks, shared by threads of which each does its operations alone.

Dividing every small operation among threads costs a rendezvous each, which takes longer than the operation where
threads sleep while they wait, as they must on a machine that does other things too (`OMP_WAIT_POLICY=PASSIVE`).
Dividing the blocks costs one.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

Block = TypeVar("Block")


def share(blocks: Iterable[Block], lane: Callable[[Iterator[Block]], None]) -> None:
    """Run `lane` on as many threads as torch may use, without gradients; each takes its next block from all the blocks.

    Raises what a lane raises, the first one's; the other lanes then find no more blocks.
    """
    left = list(blocks)
    threads = min(torch.get_num_threads(), len(left))
    # Of a list, because taking the next item of its iterator is one step that threads cannot interrupt.
    taking = iter(left)
    if threads <= 1:
        lane(taking)
        return

    def run() -> None:
        try:
            with torch.inference_mode():
                lane(taking)
        except BaseException:
            for _ in taking:
                pass
            raise

    with _one_thread_each(), ThreadPoolExecutor(threads, "sana-lane") as pool:
        for running in [pool.submit(run) for _ in range(threads)]:
            running.result()


@contextmanager
def _one_thread_each() -> Generator[None]:
    """Torch divides nothing among threads meanwhile; its setting is one for the whole process."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
