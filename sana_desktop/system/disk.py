"""Room on disks."""

import shutil
from pathlib import Path


def free_below(folder: Path) -> int:
    """Free space on the disk where `folder` is or will be; 0 where nobody can tell."""
    existing = folder.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        return shutil.disk_usage(existing).free
    except OSError:
        return 0
