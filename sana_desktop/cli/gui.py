"""`sana-desktop gui`: from the terminal to the window."""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sana_desktop.cli.boundary import reporting
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.order import pack_for
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.engine.gc_pause import lasting_imports
from sana_desktop.errors import MachineError, PackError
from sana_desktop.system.bundle import Bundle
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import PackManifest, choose_pack
from sana_desktop.system.resources import resources_folder
from sana_desktop.system.spare_libraries import lend_libraries

if TYPE_CHECKING:
    from sana_desktop.domain.choices import PreviewWish
    from sana_desktop.domain.memory_plan import MemoryPlan
    from sana_desktop.engine.text_tokenizer import MakeTokenizer
    from sana_desktop.ui.window.main_window import MainWindow

# Any of these says where windows go; the last one also that they go nowhere.
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

# How the linker of Linux begins when a library of the system is not there.
_NO_LIBRARY = "cannot open shared object file"
LIBRARIES_HINT = "The system lacks it. On Debian and Ubuntu: sudo apt install libegl1 libgl1 libxcb1"
TERMINAL_HINT = 'To draw from the terminal: sana-desktop generate "a red apple on a blue background"'


def add_gui(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def gui(
        pack: Annotated[str | None, typer.Option(help="Id or folder of the pack that draws.")] = None,
        pictures: Annotated[
            list[Path] | None, typer.Argument(metavar="[PICTURE]...", help="Show the settings inside this picture.")
        ] = None,
        probe: Annotated[
            Path | None, typer.Option(metavar="FILE.json", help="Write start-up times there and quit.")
        ] = None,
    ) -> None:
        """Open the window."""
        raise typer.Exit(_serve(collaborators, pack, probe, pictures or ()))


@dataclass(frozen=True, slots=True)
class WindowWish:
    """The window, with the settings inside `pictures`; with `probe`, start-up times are written there."""

    pictures: tuple[Path, ...] = ()
    probe: Path | None = None


def window_wish(arguments: Sequence[str]) -> WindowWish | None:
    """What a desktop asks for, from the words after the program's name: `gui` and paths of pictures.

    None where anything else is asked for, or where the words may be wrong: typer reads those.
    """
    if not arguments or arguments[0] != "gui":
        return None
    words, probe = list(arguments[1:]), None
    if len(words) >= 2 and words[0] == "--probe":
        probe, words = Path(words[1]), words[2:]
    if any(word.startswith("-") or not word for word in words):
        return None
    return WindowWish(tuple(map(Path, words)), probe)


def open_at_once(collaborators: Collaborators, wish: WindowWish) -> int:
    """What the command does, without reading a command line: that takes a tenth of the time to the window."""
    try:
        return _serve(collaborators, None, wish.probe, wish.pictures)
    except typer.Exit as end:
        return end.exit_code


def _serve(collaborators: Collaborators, pack: str | None, probe: Path | None, pictures: Sequence[Path]) -> int:
    with reporting(collaborators.paths.logs):
        require_display(sys.platform, os.environ)
        return open_window(collaborators, pack, probe, pictures)


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


def open_window(
    collaborators: Collaborators,
    pack_name: str | None = None,
    probe: Path | None = None,
    pictures: Sequence[Path] = (),
    on_shown: "Callable[[MainWindow], None]" = lambda window: None,
) -> int:
    """Show the window until it is closed; the exit code. `on_shown` is called once it is there."""
    paths, folders = collaborators.paths, collaborators.pack_folders()
    lend_libraries(Bundle.running())
    # Before Qt is loaded, so that a wrong name is answered at once.
    named = None if pack_name is None else pack_for(pack_name, folders, collaborators.shipped_packs())
    try:
        # Imported here because it brings Qt, which the other commands do without.
        with lasting_imports():
            from sana_desktop.ui.basics.plain_imports import load_qt_with_plain_imports

            load_qt_with_plain_imports()
            from sana_desktop.app import WindowOrder, run_window
    except ImportError as error:
        if _NO_LIBRARY in str(error):
            raise MachineError(f"The window's library cannot be loaded: {error}.", hint=LIBRARIES_HINT) from error
        if not (error.name or "").startswith("PySide6"):
            raise
        raise MachineError(
            f"The window's library cannot be loaded: {error}.",
            hint=f"Install what is missing with `sh scripts/setup.sh run`. {TERMINAL_HINT}",
        ) from error

    def choose(last: str) -> PackManifest:
        if named is not None:
            return named
        try:
            return pack_for(last or None, folders, collaborators.shipped_packs())
        except PackError:
            # The pack that drew last is gone.
            return pack_for(None, folders, collaborators.shipped_packs())

    # The chosen pack first, so that the engine finds it also where it is not installed.
    find_pack = partial(choose_pack, folders=folders if named is None else (named.folder, *folders))

    def make_engine(
        preview_wish: "Callable[[], PreviewWish]",
        make_tokenizer: "MakeTokenizer",
        plan_wish: "Callable[[], MemoryPlan | None]",
    ) -> PictureEngine:
        return collaborators.make_engine(
            paths, find_pack, preview_wish=preview_wish, make_tokenizer=make_tokenizer, plan_wish=plan_wish
        )

    with log_file(paths.logs) as log:
        return run_window(
            WindowOrder(
                paths=paths,
                resources=resources_folder(),
                settings=collaborators.settings(),
                guard=collaborators.guard,
                pack_folders=folders,
                choose_pack=choose,
                make_engine=make_engine,
                install=collaborators.import_pack,
                make_hands=collaborators.pack_hands,
                random_seed=collaborators.random_seed,
                log=log,
                pictures=pictures,
                probe=probe,
                on_shown=on_shown,
            )
        )
