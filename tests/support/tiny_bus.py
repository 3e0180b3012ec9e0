"""A bus of the desktop in miniature: it greets one caller, answers its calls, and can send signals."""

import contextlib
import queue
import socket
import threading
from pathlib import Path
from types import TracebackType

import jeepney
from jeepney.low_level import Message, Parser

SECONDS = 20.0


class TinyBus:
    """Listens at a socket file in `folder` while its block lasts; `received` gets everything that is said."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bus"
        self.received: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen(1)
        self._caller: socket.socket | None = None
        self._serial = 1000
        self._thread = threading.Thread(target=self._serve, name="tiny-bus")

    @property
    def address(self) -> str:
        """What DBUS_SESSION_BUS_ADDRESS must say."""
        return f"unix:path={self._path}"

    def next_message(self) -> Message:
        """The next thing that was said."""
        return self.received.get(timeout=SECONDS)

    def answer(self, call: Message, signature: str | None = None, body: tuple[object, ...] = ()) -> None:
        """Return values to a call."""
        self._send(jeepney.new_method_return(call, signature, body))

    def refuse(self, call: Message) -> None:
        """Return an error to a call."""
        self._send(jeepney.new_error(call, "org.example.No"))

    def signal(self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]) -> None:
        """Send a signal to the caller."""
        self._send(jeepney.new_signal(jeepney.DBusAddress(path, None, interface), member, signature, body))

    def __enter__(self) -> "TinyBus":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._caller is None:
            # Nobody came: let the thread stop waiting for somebody.
            with socket.socket(socket.AF_UNIX) as knock:
                knock.connect(str(self._path))
                knock.shutdown(socket.SHUT_RDWR)
        else:
            # The caller may have hung up before.
            with contextlib.suppress(OSError):
                self._caller.shutdown(socket.SHUT_RDWR)
        self._thread.join(SECONDS)
        self._listener.close()

    def _send(self, message: Message) -> None:
        assert self._caller is not None
        self._serial += 1
        self._caller.sendall(message.serialise(serial=self._serial))

    def _serve(self) -> None:
        caller, _ = self._listener.accept()
        self._caller = caller
        with caller:
            said, greeted = b"", False
            while b"BEGIN\r\n" not in said:
                data = caller.recv(4096)
                if not data:
                    return
                said += data
                if not greeted and said.endswith(b"\r\n"):
                    greeted = True
                    caller.sendall(b"OK 1234deadbeef\r\n")
            # The first message may have come along with the end of the greeting.
            data = said.partition(b"BEGIN\r\n")[2] or caller.recv(4096)
            parser = Parser()
            while data:
                parser.add_data(data)
                while (message := parser.get_next_message()) is not None:
                    if message.header.fields[jeepney.HeaderFields.member] == "Hello":
                        self.answer(message, "s", (":1.7",))
                    else:
                        self.received.put(message)
                data = caller.recv(4096)
