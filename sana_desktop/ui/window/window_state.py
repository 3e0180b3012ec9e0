"""What the window remembers until the next start: its place, its look, and the draft."""

import base64
import binascii
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from PySide6.QtCore import QIODevice, QObject, QSaveFile, QTimer

FILE_NAME = "window.json"
VERSION = 1
LARGEST_BYTES = 4 * 2**20
MILLISECONDS_OF_REST = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowState:
    """`geometry` and `splitter` are Qt's own words for sizes and places, empty for the usual ones.

    `draft` belongs to the prompt panel. `read_notices` are the notices that the user has dismissed, `pack` is the
    id of the pack that drew last, empty for the usual one.
    """

    geometry: bytes = b""
    splitter: bytes = b""
    queue_shown: bool = False
    pack: str = ""
    read_notices: tuple[str, ...] = ()
    draft: dict[str, object] = field(default_factory=dict[str, object])


def read_state(path: Path) -> WindowState:
    """What was written last; the usual state where there is none.

    A file that cannot be understood is put aside as `<name>.unreadable`, so that nothing in it is lost.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        return _parse(data)
    except FileNotFoundError:
        return WindowState()
    except OSError as error:
        _log.warning("the window starts afresh, %s cannot be read: %s", path, error)
        return WindowState()
    # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
    except (ValueError, RecursionError) as error:
        _log.warning("the window starts afresh, %s cannot be understood: %s", path, error)
        with suppress(OSError):
            path.replace(path.with_name(f"{path.name}.unreadable"))
        return WindowState()


def write_state(path: Path, state: WindowState) -> bool:
    """Write the whole state or leave the old file as it was; False if the disk did not let us."""
    plain = {
        "version": VERSION,
        "geometry": base64.b64encode(state.geometry).decode("ascii"),
        "splitter": base64.b64encode(state.splitter).decode("ascii"),
        "queue_shown": state.queue_shown,
        "pack": state.pack,
        "read_notices": state.read_notices,
        "draft": state.draft,
    }
    # ASCII, so that even half a character, which a clipboard may bring, can be written.
    data = json.dumps(plain, indent=1).encode("ascii")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    file = QSaveFile(str(path))
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()
    if not written:
        _log.warning("the window's state cannot be written to %s: %s", path, file.errorString())
    return written


class StateKeeper(QObject):
    """Writes what `collect` gives, half a second after the last `touch`."""

    def __init__(self, path: Path, collect: Callable[[], WindowState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._collect = collect
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS_OF_REST)
        self._timer.timeout.connect(self.save_now)

    def touch(self) -> None:
        """Something changed; it will be written when the user rests."""
        self._timer.start()

    def save_now(self) -> None:
        """Write without waiting."""
        self._timer.stop()
        write_state(self._path, self._collect())


def _parse(data: bytes) -> WindowState:
    if len(data) > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES} bytes")
    value: object = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("it holds no JSON object")
    plain = cast(dict[str, object], value)
    if plain.get("version") != VERSION:
        raise ValueError(f"expected version {VERSION}, found {str(plain.get('version'))[:40]}")
    # From here on every entry stands for itself: one that is wrong takes its usual value.
    draft, notices = plain.get("draft"), plain.get("read_notices")
    return WindowState(
        geometry=_bytes(plain.get("geometry")),
        splitter=_bytes(plain.get("splitter")),
        queue_shown=plain.get("queue_shown") is True,
        pack=_text(plain.get("pack")),
        read_notices=tuple(_strings(cast(list[object], notices))) if isinstance(notices, list) else (),
        draft=cast(dict[str, object], draft) if isinstance(draft, dict) else {},
    )


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _strings(values: list[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]
