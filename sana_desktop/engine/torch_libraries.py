"""Mapping torch's libraries into memory without holding up the other threads.

`import torch` has the system's loader map and bind half a gigabyte of code while Python's global lock is held: a
window stands still for 0.2 s, and for as long as the disk takes at the first start of a day. A call through ctypes
gives the lock back meanwhile; the import then finds the libraries loaded.
"""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

_LIBRARY = "libtorch.so"


def load_torch_libraries() -> bool:
    """Load what `import torch` will need, on the calling thread; whether there was something to load this way.

    Never fails: what cannot be loaded is left to the import, which says why. Does nothing on Windows and macOS.
    """
    if sys.platform != "linux" or "torch" in sys.modules:
        return False
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    library = Path(spec.origin).parent / "lib" / _LIBRARY
    if not library.is_file():
        return False
    # Not ctypes.CDLL(library), which holds the lock.
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    # As Python itself loads extension modules. Never closed: torch stays.
    return dlopen(os.fsencode(library), os.RTLD_NOW | os.RTLD_LOCAL) is not None
