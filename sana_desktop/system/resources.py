"""The read-only files that ship with the program."""

import sys
from pathlib import Path

from sana_desktop.errors import MachineError


def resources_folder() -> Path:
    """The `resources/` of this checkout or bundle; raises `MachineError` if the installation is incomplete."""
    # A PyInstaller bundle says where it unpacked its data; the attribute exists nowhere else.
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle is not None else Path(__file__).resolve().parents[2]
    folder = root / "resources"
    if not folder.is_dir():
        raise MachineError(
            f"Expected the program's own files at {folder}, found no such folder.",
            hint="Install the program again, or run it from a complete checkout.",
        )
    return folder
