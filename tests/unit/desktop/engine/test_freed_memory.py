import ctypes
import sys

import psutil
import pytest

from sana_desktop.engine.freed_memory import give_back_freed

# Of blocks small enough for the heap.
BLOCK, COUNT = 64 * 2**10, 2000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have another allocator")
def test_what_lies_freed_below_a_small_block_goes_back_to_the_system() -> None:
    process = psutil.Process()
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
    library.free.argtypes = (ctypes.c_void_p,)
    if not hasattr(library, "malloc_trim"):
        pytest.skip("not glibc")
    blocks: list[int] = [library.malloc(BLOCK) for _ in range(COUNT)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    *most, last = blocks
    for block in most:
        library.free(block)
    kept = process.memory_info().rss
    give_back_freed()
    assert process.memory_info().rss < kept - 0.5 * BLOCK * COUNT
    library.free(last)


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back_freed()
