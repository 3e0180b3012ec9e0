"""One window for each folder of data: a second start hands over what it was asked to open, and leaves."""

import hashlib
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QLockFile, QObject, Qt, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from sana_desktop.errors import MachineError

LOCK_NAME = "instance.lock"
LARGEST_MESSAGE = 64 * 1024
MOST_ARGUMENTS = 256
MS_TO_CONNECT = 2000
MS_BETWEEN_TRIES = 100
RECEIVED = b"received\n"
# Where sockets have short names: sun_path holds 108 bytes on Linux, 104 on macOS.
LONGEST_SOCKET = 100

_log = logging.getLogger(__name__)


class SingleInstance(QObject):
    """Whether this process is the one that owns `folder`; the owner hears of later starts.

    A lock that names this process stands in the folder, so one left by a crash is taken over. Where no lock can
    be written at all, every start is its own instance.

    Signals:
        activated(list): somebody started the program again, with these arguments (str); bring the window forward.
    """

    activated = Signal(list)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._name = socket_name(folder)
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self._unread: dict[QLocalSocket, bytes] = {}

    def acquire(self, arguments: Sequence[str]) -> bool:
        """Become the owner, or hand `arguments` to the owner and return False: then this process should leave.

        Raises `MachineError` where there is an owner that does not answer within two seconds.
        """
        lock = QLockFile(str(self._folder / LOCK_NAME))
        # Never too old: it counts whether the process that made it still runs.
        lock.setStaleLockTime(0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.warning("a second start will open a second window: %s", error.strerror)
            return True
        if lock.tryLock(0):
            self._lock = lock
            self._listen()
            return True
        if lock.error() is not QLockFile.LockError.LockFailedError:
            _log.warning("a second start will open a second window: %s cannot be locked", self._folder)
            return True
        self._hand_over(arguments)
        return False

    def release(self) -> None:
        """Let the next start be the owner."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for socket in tuple(self._unread):
            socket.abort()
        self._unread.clear()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _listen(self) -> None:
        # The lock is ours, so whoever made this socket is gone.
        QLocalServer.removeServer(self._name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        if server.listen(self._name):
            self._server = server
        else:
            _log.warning("a second start will not find this window: %s", server.errorString())

    def _hand_over(self, arguments: Sequence[str]) -> None:
        message = json.dumps(list(arguments)).encode("ascii") + b"\n"
        # The owner may have taken its lock a moment ago and not listen yet.
        for _ in range(MS_TO_CONNECT // MS_BETWEEN_TRIES):
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(MS_BETWEEN_TRIES):
                socket.write(message)
                if socket.waitForReadyRead(MS_TO_CONNECT):
                    return
                break
            socket.abort()
            time.sleep(MS_BETWEEN_TRIES / 1000)
        raise MachineError(
            "Sana Desktop is already running and does not answer.",
            hint="Wait a moment and look for its window, or end it and start again.",
        )

    @Slot()
    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._unread[socket] = b""
            socket.readyRead.connect(self._on_bytes)
            socket.disconnected.connect(self._on_disconnected)
            # What came before the signals were connected.
            self._read(socket)

    @Slot()
    def _on_bytes(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._read(socket)

    @Slot()
    def _on_disconnected(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._unread.pop(socket, None)
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        if socket not in self._unread:
            return
        data = self._unread[socket] + bytes(socket.read(LARGEST_MESSAGE + 1).data())
        self._unread[socket] = data
        line, end, _ = data.partition(b"\n")
        if not end and len(data) <= LARGEST_MESSAGE:
            return
        arguments = parse_arguments(line) if end else None
        del self._unread[socket]
        if arguments is None:
            _log.warning("something that is not Sana Desktop spoke to its socket")
            socket.abort()
            return
        socket.write(RECEIVED)
        # The other side closes: closing here could overtake the answer.
        socket.flush()
        self.activated.emit(arguments)


def socket_name(folder: Path, runtime: str | None = None) -> str:
    """The name under which the owner of `folder` listens; short, and another one for every user and folder.

    `runtime` is a folder that only this user may enter (XDG_RUNTIME_DIR); without one Qt chooses the place.
    """
    user = str(os.getuid()) if os.name == "posix" else os.environ.get("USERNAME", "")
    key = f"{user}\n{folder.resolve()}"
    name = f"sana-desktop-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    place = os.environ.get("XDG_RUNTIME_DIR", "") if runtime is None else runtime
    path = f"{place}/{name}"
    return path if place and os.name == "posix" and Path(place).is_dir() and len(path) <= LONGEST_SOCKET else name


def parse_arguments(line: bytes) -> list[str] | None:
    """The arguments in a message; None for one that makes no sense."""
    try:
        value: object = json.loads(line)
    # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list) or len(cast(list[object], value)) > MOST_ARGUMENTS:
        return None
    values = cast(list[object], value)
    texts = [each for each in values if isinstance(each, str)]
    return texts if len(texts) == len(values) else None


def bring_forward(window: QWidget) -> None:
    """Let the user see `window`, also where it was minimised; the desktop may only let it blink."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
