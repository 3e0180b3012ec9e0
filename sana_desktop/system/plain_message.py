"""Telling the person something when even the window cannot be opened."""

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

# Each is there on some desktops; the first that is found speaks.
_PROGRAMS = (
    ("zenity", ("--error", "--no-markup", "--title={title}", "--text={text}")),
    ("kdialog", ("--title", "{title}", "--error", "{text}")),
    ("xmessage", ("-center", "{title}\n\n{text}")),
)
_ERROR_ICON = 0x10


def show_message(
    title: str,
    text: str,
    find: Callable[[str], str | None] = shutil.which,
    start: Callable[[Sequence[str]], object] = subprocess.Popen,
) -> bool:
    """Show `text` in a box of the desktop's own, without Qt; whether there was a way to. Does not wait for an answer.

    On Windows it does wait: the box belongs to this process there.
    """
    if sys.platform == "win32":
        return bool(ctypes.windll.user32.MessageBoxW(None, text, title, _ERROR_ICON))
    command = _command(title, text, find)
    if command is None:
        return False
    try:
        start(command)
    except OSError:
        return False
    return True


def _command(title: str, text: str, find: Callable[[str], str | None]) -> list[str] | None:
    if sys.platform == "darwin":
        script = f"display alert {_quoted(title)} message {_quoted(text)} as critical"
        return ["/usr/bin/osascript", "-e", script]
    for program, arguments in _PROGRAMS:
        path = find(program)
        if path is not None:
            return [path, *(word.format(title=title, text=text) for word in arguments)]
    return None


def _quoted(text: str) -> str:
    """As a string of AppleScript."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
