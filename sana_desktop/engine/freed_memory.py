"""Memory that the program no longer uses, given back to the system."""

import ctypes
from contextlib import suppress


def give_back_freed() -> None:
    """Let the allocator return what is freed but kept for later; without glibc, whose function it is, do nothing.

    Tensors of some megabytes come from glibc's own heap, which shrinks at its end only: one small block there keeps
    all the networks that were freed below it.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
