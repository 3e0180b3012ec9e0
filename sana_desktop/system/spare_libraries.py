"""Libraries of the system that every desktop has, lent by the bundle to a machine that has none of them.

Qt is linked to them even where it draws on nothing that can be seen. They belong to the graphics driver, so the
system's own are taken where they are there.
"""

import ctypes
from collections.abc import Callable

from sana_desktop.system.bundle import Bundle

FOLDER = "spare"
# In this order: each wants those before it. libX11, which libGLX wants too, is among the bundle's other libraries.
NAMES = ("libxcb.so.1", "libGLdispatch.so.0", "libGLX.so.0", "libGL.so.1", "libEGL.so.1")


def lend_libraries(bundle: Bundle | None, load: Callable[[str], object] = ctypes.CDLL) -> tuple[str, ...]:
    """Load those libraries that the system lacks, so that others find them loaded; the names of the lent.

    Without a bundle, or where it has none of them (Windows, macOS), nothing happens. What cannot be loaded even so is
    left for whoever needs it, whose message names it.
    """
    spare = None if bundle is None else bundle.list_file.parent / FOLDER
    if spare is None or not spare.is_dir():
        return ()
    lent: list[str] = []
    for name in NAMES:
        if not _loads(name, load) and _loads(str(spare / name), load):
            lent.append(name)
    return tuple(lent)


def _loads(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True
