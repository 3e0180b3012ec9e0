"""The one place that talks to another machine: a hub's list of files, and the bytes of one of them from any place on.

Addresses are those of `huggingface_hub`. Its own download functions are not used: decision 7 has the measurements.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sana_desktop.errors import FetchError
from sana_desktop.system.fetch.remote import RemoteListing, read_listing

if TYPE_CHECKING:
    import httpx2
    from httpx2 import Client as Client

ENDPOINT_VARIABLE = "HF_ENDPOINT"
DEFAULT_ENDPOINT = "https://huggingface.co"
LARGEST_LISTING = 8 * 2**20
LARGEST_PAGE = 16 * 1024
CONNECT_SECONDS = 15.0
# Also how long a pause may take where nothing arrives.
SILENCE_SECONDS = 15.0
LONGEST_RETRY_AFTER = 300.0
BUSY = (408, 425, 429, 500, 502, 503, 504)

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")

MakeClient = Callable[[], "httpx2.Client"]


class TroubleError(Exception):
    """Something that may be over in a moment; `wait` is how many seconds the server asks for, if it does."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of a file from `start` on, as they arrive. `total` is the size of the whole file, where it is said."""

    start: int
    total: int | None
    chunks: Iterator[bytes]


class Hub:
    """Asks one hub, or a mirror of it, for lists and files. Nothing is sent before a method is called.

    `make_client` is called at the first request; close the hub at the end. Every error of the network becomes a
    `TroubleError`, which is worth another try, or a `FetchError`, which is not.
    """

    def __init__(self, make_client: MakeClient, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._make_client = make_client
        self._opened: httpx2.Client | None = None
        self.endpoint = checked_endpoint(endpoint)

    def __enter__(self) -> "Hub":
        """Nothing happens yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the connections."""
        if self._opened is not None:
            self._opened.close()

    @property
    def host(self) -> str:
        """The machine that is asked."""
        return urlsplit(self.endpoint).hostname or self.endpoint

    def page(self) -> str:
        """The text at the endpoint itself, which is that of a small page here and no hub; 16 KiB at most of it."""
        with self._answer(self.endpoint, {}, "such a page") as response:
            data = bytearray()
            for chunk in _chunks(response):
                data += chunk
                if len(data) > LARGEST_PAGE:
                    break
        return bytes(data[:LARGEST_PAGE]).decode("utf-8", "replace")

    def listing(self, repository: str, revision: str = "main") -> RemoteListing:
        """What `repository` holds at a commit, branch or tag."""
        if _REPOSITORY.fullmatch(repository) is None:
            raise FetchError(f"“{repository[:80]}” is not a repository: expected owner/name.")
        url = f"{self.endpoint}/api/models/{repository}/revision/{quote(revision, safe='')}?blobs=true"
        with self._answer(url, {}, repository) as response:
            data = bytearray()
            for chunk in _chunks(response):
                data += chunk
                if len(data) > LARGEST_LISTING:
                    raise FetchError(f"The list of files of {repository} is longer than {LARGEST_LISTING >> 20} MiB.")
        return read_listing(bytes(data), repository)

    @contextmanager
    def open(self, listing: RemoteListing, path: str, start: int) -> Generator[Body]:
        """The bytes of the file at `path`, from `start` on if the server can do that, else from its beginning."""
        # Imported here because it takes a quarter of a second.
        from huggingface_hub import hf_hub_url

        url = hf_hub_url(listing.repository, path, revision=listing.revision, endpoint=self.endpoint)
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._answer(url, headers, path) as response:
            yield _body(response, start)

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str], what: str) -> "Generator[httpx2.Response]":
        import httpx2

        if self._opened is None:
            self._opened = self._make_client()
        try:
            # Compressed, sizes and ranges would mean something else.
            with self._opened.stream("GET", url, headers={"Accept-Encoding": "identity", **headers}) as response:
                self._judge(response, what)
                yield response
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.TooManyRedirects) as error:
            raise FetchError(
                f"{self.host} sent us to a place where nothing can be fetched ({_reason(error)})."
            ) from error
        except httpx2.ProxyError as error:
            raise FetchError(
                f"The proxy did not let us through to {self.host} ({_reason(error)}).",
                hint="Check the proxy in the settings, under Privacy, or in HTTPS_PROXY.",
            ) from error
        except httpx2.HTTPError as error:
            if "CERTIFICATE_VERIFY" in str(error):
                raise FetchError(
                    f"{self.host} could not prove who it is ({_reason(error)}).",
                    hint="Check this machine's clock, and whether a proxy reads along.",
                ) from error
            raise TroubleError(f"{self.host} cannot be reached or broke off ({_reason(error)})") from error

    def _judge(self, response: "httpx2.Response", what: str) -> None:
        code = response.status_code
        if code in (200, 206):
            return
        if code in BUSY:
            raise TroubleError(f"{self.host} is busy (answer {code})", _retry_after(response))
        if code in (401, 403):
            raise FetchError(
                f"{self.host} does not give {what} to everybody (answer {code}).",
                hint="Open the repository in a browser: its licence may have to be accepted there. Then download the "
                "folder and import it.",
            )
        if code in (404, 410):
            raise FetchError(f"{self.host} has no {what} (answer {code}).", hint="It may have been moved or withdrawn.")
        if code == 416:
            raise TroubleError(f"{self.host} says that {what} is shorter than it should be")
        raise FetchError(f"{self.host} answered {code} when asked for {what}.", hint="Try again later.")


def make_client(proxy: str = "", transport: "httpx2.BaseTransport | None" = None) -> "httpx2.Client":
    """The client for all requests. Without `proxy` the system's own counts, from HTTPS_PROXY and its kin."""
    # Imported here because it takes a tenth of a second.
    import httpx2

    timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    try:
        return httpx2.Client(
            # What is needed to be answered, and nothing about this machine.
            headers={"User-Agent": "sana-desktop"},
            timeout=timeout,
            follow_redirects=True,
            proxy=proxy or None,
            transport=transport,
        )
    except (ValueError, httpx2.InvalidURL) as error:
        raise FetchError(
            f"“{proxy[:80]}” is not the address of a proxy ({error}).", hint="Such as http://proxy.example.com:8080."
        ) from error


def chosen_endpoint(setting: str, environment: Mapping[str, str] = os.environ) -> str:
    """The hub to ask: the setting, else HF_ENDPOINT, else huggingface.co."""
    return setting.strip() or environment.get(ENDPOINT_VARIABLE, "").strip() or DEFAULT_ENDPOINT


def checked_endpoint(text: str) -> str:
    """The address of a hub without a slash at its end; raises `FetchError` for anything else."""
    endpoint = text.strip().rstrip("/")
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        sound = False
    if not sound:
        raise FetchError(
            f"“{text[:80]}” is not the address of a hub.", hint="Expected something like https://hub.example.com."
        )
    return endpoint


def _body(response: "httpx2.Response", start: int) -> Body:
    headers = response.headers
    if response.status_code == 206:
        found = _RANGE.fullmatch(headers.get("Content-Range", ""))
        if found is None:
            raise TroubleError("the server sent a part of the file without saying which")
        return Body(int(found[1]), int(found[3]), _chunks(response))
    length = headers.get("Content-Length", "")
    return Body(0, int(length) if length.isdecimal() else None, _chunks(response))


def _chunks(response: "httpx2.Response") -> Iterator[bytes]:
    # Without a size: nothing that has arrived waits in a buffer, to be lost when the connection breaks.
    return response.iter_raw()


def _retry_after(response: "httpx2.Response") -> float | None:
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return min(float(value), LONGEST_RETRY_AFTER)
    date = response.headers.get("Date", "")
    try:
        seconds = (parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
