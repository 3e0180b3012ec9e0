"""`sana-desktop gui`: from the terminal to the window."""

import ctypes
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.order import pack_for
from sana_desktop.errors import MachineError
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import choose_pack

# Any of these says where windows go; the last one also that they go nowhere.
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

TERMINAL_HINT = 'To draw from the terminal: sana-desktop generate "a red apple on a blue background"'


def add_gui(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def gui(
        pack: Annotated[str | None, typer.Option(help="Id or folder of the pack that draws.")] = None,
        probe: Annotated[
            Path | None, typer.Option(metavar="FILE.json", help="Write start-up times there and quit.")
        ] = None,
    ) -> None:
        """Open the window."""
        with reporting(collaborators.paths.logs):
            require_display(sys.platform, os.environ)
            raise typer.Exit(_run(collaborators, pack, probe))


def require_display(platform: str, environment: Mapping[str, str]) -> None:
    """Raise `MachineError` where no window can be shown; Qt itself would abort the program."""
    if platform in ("win32", "darwin"):
        return
    named = [name for name in DISPLAY_VARIABLES if environment.get(name)]
    if not named:
        raise MachineError("There is no display here for the window.", hint=TERMINAL_HINT)
    if named == ["DISPLAY"] and not _answers(environment["DISPLAY"]):
        raise MachineError(f"The display “{environment['DISPLAY']}” does not answer.", hint=TERMINAL_HINT)


def _answers(display: str) -> bool:
    """Whether an X server is there; True also where nobody can tell."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    # Never null: a connection that failed is one that has an error.
    connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(display), None))
    error = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not error


def _run(collaborators: Collaborators, pack_name: str | None, probe: Path | None) -> int:
    paths, folders = collaborators.paths, collaborators.pack_folders()
    pack = pack_for(pack_name, folders, collaborators.shipped_packs())
    # The chosen pack first, so that the engine finds it also where it is not installed.
    find_pack = partial(choose_pack, folders=(pack.folder, *folders))
    try:
        # Imported here because it brings Qt, which the other commands do without.
        from sana_desktop.app import run_window
    except ImportError as error:
        if not (error.name or "").startswith("PySide6"):
            raise
        raise MachineError(
            f"The window's library cannot be loaded: {error}.",
            hint=f"Install what is missing with `sh scripts/setup.sh run`. {TERMINAL_HINT}",
        ) from error
    with log_file(paths.logs):
        return run_window(
            paths=paths,
            pack=pack,
            make_engine=partial(collaborators.make_engine, paths, find_pack),
            random_seed=collaborators.random_seed,
            probe=probe,
        )
