"""A hub on this machine with every vice that servers have: it answers at a socket file, or at a port of loopback.

Run it by itself for the scripts that kill programs: `serve_port`.
"""

import random
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

import httpx2

from sana_desktop.system.fetch.hub import make_client
from support.listings import COMMIT, content_listing

PIECE = 4096


@dataclass(slots=True)
class Vices:
    """What goes wrong, how often: probabilities for each answer, from a generator of its own."""

    seed: int = 0
    drop: float = 0.0
    reset: float = 0.0
    corrupt: float = 0.0
    longer: float = 0.0
    shorter: float = 0.0
    no_ranges: float = 0.0
    busy: float = 0.0
    wrong_place: float = 0.0
    redirect: float = 0.0
    code: int = 0

    def dice(self) -> random.Random:
        """The generator."""
        return random.Random(self.seed)


@dataclass(slots=True)
class HubStandIn:
    """Serves `files` of one repository. `sent` counts the bytes of files that were handed to the network."""

    files: Mapping[str, bytes]
    vices: Vices = field(default_factory=Vices)
    revision: str = COMMIT
    listing: bytes | None = None
    sent: int = 0
    requests: list[str] = field(default_factory=list[str])
    pause: Callable[[], None] = lambda: None
    dice: random.Random = field(default_factory=random.Random)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.dice = self.vices.dice()

    def happens(self, probability: float) -> bool:
        """Whether a vice shows this time."""
        with self.lock:
            return self.dice.random() < probability

    def asked_for(self, path: str) -> int:
        """How many requests there were for a file."""
        return sum(request.startswith(f"GET {path} ") for request in self.requests)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        hub = cast(_Server, self.server).hub
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if hub.vices.code:
            self._short(hub.vices.code, b"no")
        elif hub.happens(hub.vices.busy):
            self._short(429, b"later", {"Retry-After": "7"})
        elif path.startswith("/api/models/"):
            hub.requests.append("GET listing -")
            self._short(200, hub.listing if hub.listing is not None else content_listing(hub.files, hub.revision))
        elif "/resolve/" in path and hub.happens(hub.vices.redirect):
            self._short(302, b"", {"Location": path.replace("/resolve/", "/elsewhere/")})
        else:
            name = path.partition(f"/{hub.revision}/")[2]
            hub.requests.append(f"GET {name} {self.headers.get('Range', '-')}")
            if name in hub.files:
                self._file(hub, hub.files[name])
            else:
                self._short(404, b"nothing here")

    def _file(self, hub: HubStandIn, data: bytes) -> None:
        vices, total, start = hub.vices, len(data), 0
        asked = self.headers.get("Range", "")
        partial = asked.startswith("bytes=") and not hub.happens(vices.no_ranges)
        if partial:
            start = int(asked[6:].partition("-")[0])
            if start >= total:
                self._short(416, b"")
                return
            if hub.happens(vices.wrong_place):
                start = max(0, start - 1)
        body = bytearray(data[start:])
        if body and hub.happens(vices.corrupt):
            body[hub.dice.randrange(len(body))] ^= 0x55
        claim = len(body)
        if hub.happens(vices.longer):
            claim += 1000
        elif hub.happens(vices.shorter):
            claim = max(1, claim // 2)
        self.send_response(206 if partial else 200)
        self.send_header("Content-Length", str(claim))
        if partial:
            self.send_header("Content-Range", f"bytes {start}-{start + claim - 1}/{start + claim}")
        self.end_headers()
        end = len(body)
        breaks = hub.happens(vices.drop) or claim > len(body)
        if breaks and end > 1:
            end = hub.dice.randrange(1, end)
        end = min(end, claim)
        self._pieces(hub, memoryview(body)[:end])
        if breaks or claim != len(body):
            self.close_connection = True
            if hub.happens(vices.reset):
                # Closing with this makes the network forget what was not delivered.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _pieces(self, hub: HubStandIn, body: memoryview) -> None:
        for place in range(0, len(body), PIECE):
            hub.pause()
            piece = body[place : place + PIECE]
            self.wfile.write(piece)
            with hub.lock:
                hub.sent += len(piece)

    def _short(self, code: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def address_string(self) -> str:
        return "test"

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    hub: HubStandIn
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True


class _FileServer(_Server):
    address_family = socket.AF_UNIX


@contextmanager
def _running(server: _Server, hub: HubStandIn) -> Generator[None]:
    server.hub = hub
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_file(hub: HubStandIn, folder: Path) -> Generator[Callable[[], httpx2.Client]]:
    """Serve at a socket file in `folder`; yields what makes clients that reach nothing else."""
    # Such names may be 100 characters long, and temporary folders of tests are longer.
    place = Path("/tmp") / f"hub-{id(hub):x}-{threading.get_ident():x}.sock"
    try:
        with _running(_FileServer(str(place), _Handler), hub):  # pyright: ignore[reportArgumentType] - a path, for these
            yield lambda: make_client(transport=httpx2.HTTPTransport(uds=str(place)))
    finally:
        place.unlink(missing_ok=True)


@contextmanager
def serve_port(hub: HubStandIn) -> Generator[str]:
    """Serve at a free port of loopback; yields the endpoint."""
    server = _Server(("127.0.0.1", 0), _Handler)
    with _running(server, hub):
        yield f"http://127.0.0.1:{server.server_address[1]}"


def toy_files(seed: int, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Files of random bytes."""
    dice = random.Random(seed)
    return {path: dice.randbytes(size) for path, size in sizes.items()}
