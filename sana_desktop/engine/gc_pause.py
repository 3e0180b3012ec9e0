"""Holding back the garbage collector while millions of lasting objects are made."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Generator[None]:
    """Keep the collector from running within the block.

    Imports and loads make objects that all stay: collecting meanwhile finds nothing, and holds up every
    other thread of the process, the window's too, for up to 0.2 s at a time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
