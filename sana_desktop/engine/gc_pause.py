"""Holding back the garbage collector while millions of lasting objects are made."""

import gc
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


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


@contextmanager
def lasting_imports() -> Generator[None]:
    """Import large libraries within the block; what they are made of is never looked at by the collector again.

    Otherwise every full collection, at a time that nobody chose, walks through a million objects that all stay: 0.2 s
    with torch and transformers. Without an import that was new, the block changes nothing.
    """
    modules = len(sys.modules)
    with gc_paused():
        yield
        if len(sys.modules) > modules:
            gc.freeze()


def without_callers(load: Callable[[], T]) -> T:
    """What `load` returns, called on a thread of its own, where it cannot keep the frames of its callers alive.

    Libraries meet exceptions while they are imported. Their tracebacks refer to every frame below them, and through
    these to all that the callers' variables will ever hold: a text encoder of gigabytes would stay for good, since
    after `lasting_imports` no collector finds such a cycle. Raises what `load` raises.
    """
    with ThreadPoolExecutor(1, "sana-import") as pool:
        return pool.submit(load).result()
