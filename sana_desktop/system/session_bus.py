"""Talking to the desktop over D-Bus (Linux): short messages out, signals back, and nobody waits."""

import logging
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from jeepney.io.threading import DBusConnection
    from jeepney.low_level import Message

_log = logging.getLogger(__name__)

SECONDS_TO_END = 2.0

Answer = Callable[[tuple[object, ...]], None]


@dataclass(frozen=True, slots=True)
class BusName:
    """Somebody on the bus: the service, the object and the interface."""

    service: str
    path: str
    interface: str


_BUS = BusName("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class SessionBus:
    """One connection to the user's session bus, made at the first message, on a thread of its own.

    Everything returns at once. Answers and signals arrive on that thread. Where there is no bus, messages are
    dropped and the log says so once. The connection stays, because services forget who has left.
    """

    def __init__(self, platform: str = sys.platform) -> None:
        self._platform = platform
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False
        self._connection: DBusConnection | None = None
        self._outbox: queue.SimpleQueue[tuple[Callable[[], Message], Answer | None]] = queue.SimpleQueue()
        self._listeners: dict[tuple[str, str], Answer] = {}

    def call(
        self, name: BusName, method: str, signature: str, body: tuple[object, ...], answer: Answer | None = None
    ) -> None:
        """Call a method; `answer` is given the values it returns, and nothing if it fails."""
        self._put(partial(_method_call, name, method, signature, body), answer)

    def announce(self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]) -> None:
        """Send a signal to whoever listens."""
        self._put(partial(_signal, BusName("", path, interface), member, signature, body), None)

    def listen(self, name: BusName, member: str, heard: Answer) -> None:
        """Have `heard` called with the values of every signal `member` of that interface."""
        self._listeners[name.interface, member] = heard
        rule = f"type='signal',interface='{name.interface}',member='{member}',path='{name.path}'"
        self._put(partial(_method_call, _BUS, "AddMatch", "s", (rule,)), None)

    def close(self) -> None:
        """Hang up; waits at most two seconds."""
        with self._lock:
            self._ended = True
            thread, self._thread = self._thread, None
            self._wake()
        if thread is not None:
            thread.join(SECONDS_TO_END)

    def _put(self, make: "Callable[[], Message]", answer: Answer | None) -> None:
        with self._lock:
            if self._ended or self._platform != "linux":
                return
            self._outbox.put((make, answer))
            if self._thread is None:
                # Daemon: a bus that does not answer must not keep the program from ending.
                self._thread = threading.Thread(target=self._serve, name="session-bus", daemon=True)
                self._thread.start()
            self._wake()

    def _wake(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.interrupt()

    def _serve(self) -> None:
        try:
            from jeepney.io.threading import open_dbus_connection

            connection = open_dbus_connection(bus="SESSION")
        # KeyError: the variable that says where the bus is does not exist.
        except (ImportError, OSError, KeyError, ValueError, RuntimeError) as error:
            with self._lock:
                self._ended = True
            _log.info("there is no desktop to talk to: %s: %s", type(error).__name__, error)
            return
        with self._lock:
            self._connection = connection
        try:
            self._talk(connection)
        except (OSError, ValueError) as error:
            _log.info("the desktop hung up: %s", error)
        finally:
            with self._lock:
                self._ended = True
                self._connection = None
            connection.close()

    def _talk(self, connection: "DBusConnection") -> None:
        from jeepney.io.threading import ReceiveStopped

        answers: dict[int, Answer] = {}
        while not self._ended:
            # Before the outbox is emptied: whoever puts something in wakes us after that.
            connection.reset_interrupt()
            with suppress(queue.Empty):
                while True:
                    make, answer = self._outbox.get_nowait()
                    serial = next(connection.outgoing_serial)
                    if answer is not None:
                        answers[serial] = answer
                    connection.send(make(), serial=serial)
            with suppress(ReceiveStopped):
                while True:
                    self._hear(connection.receive(), answers)

    def _hear(self, message: "Message", answers: dict[int, Answer]) -> None:
        from jeepney import HeaderFields, MessageType

        body = cast(tuple[object, ...], message.body)
        fields = cast(Mapping[int, object], message.header.fields)
        if message.header.message_type is MessageType.signal:
            heard = self._listeners.get((str(fields.get(HeaderFields.interface)), str(fields.get(HeaderFields.member))))
            if heard is not None:
                heard(body)
            return
        serial = fields.get(HeaderFields.reply_serial)
        answer = answers.pop(serial, None) if isinstance(serial, int) else None
        if message.header.message_type is MessageType.error:
            _log.info("the desktop refused: %s", fields.get(HeaderFields.error_name))
        elif answer is not None and message.header.message_type is MessageType.method_return:
            answer(body)


# Imported inside: reading the library takes a while, and these run on the bus's own thread.
def _method_call(name: BusName, method: str, signature: str, body: tuple[object, ...]) -> "Message":
    import jeepney

    address = jeepney.DBusAddress(name.path, name.service, name.interface)
    return jeepney.new_method_call(address, method, signature, body)


def _signal(name: BusName, member: str, signature: str, body: tuple[object, ...]) -> "Message":
    import jeepney

    return jeepney.new_signal(jeepney.DBusAddress(name.path, None, name.interface), member, signature, body)
