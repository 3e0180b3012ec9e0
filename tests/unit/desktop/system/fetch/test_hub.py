from collections.abc import Callable, Generator
from pathlib import Path

import httpx2
import pytest

from sana_desktop.errors import FetchError
from sana_desktop.system.fetch.hub import (
    DEFAULT_ENDPOINT,
    LARGEST_LISTING,
    LARGEST_PAGE,
    Hub,
    TroubleError,
    checked_endpoint,
    chosen_endpoint,
    make_client,
)
from sana_desktop.system.fetch.remote import RemoteListing
from support.hub_stand_in import HubStandIn, serve_file
from support.listings import COMMIT

FILES = {"vae/config.json": b"{}", "vae/a b.safetensors": bytes(range(200)) * 30}
LISTING = RemoteListing(repository="us/toy", revision=COMMIT, files=())


@pytest.fixture
def hub() -> HubStandIn:
    return HubStandIn(FILES)


@pytest.fixture
def client(hub: HubStandIn, tmp_path: Path) -> Generator[Hub]:
    with serve_file(hub, tmp_path) as make, Hub(make, "http://hub.test/") as client:
        yield client


def answering(handler: Callable[[httpx2.Request], httpx2.Response]) -> Hub:
    """A hub behind a network that is not there."""
    return Hub(lambda: make_client(transport=httpx2.MockTransport(handler)), "https://hub.test")


def test_a_list_comes_with_the_commit_that_a_branch_stands_for(client: Hub) -> None:
    listing = client.listing("us/toy")
    assert listing.revision == COMMIT
    assert [file.path for file in listing.files] == list(FILES)


def test_a_file_is_asked_for_at_its_commit_and_place(client: Hub, hub: HubStandIn) -> None:
    with client.open(LISTING, "vae/a b.safetensors", 5990) as body:
        assert (body.start, body.total) == (5990, 6000)
        assert b"".join(body.chunks) == FILES["vae/a b.safetensors"][5990:]
    with client.open(LISTING, "vae/config.json", 0) as body:
        assert (body.start, body.total, b"".join(body.chunks)) == (0, 2, b"{}")
    assert hub.requests == ["GET vae/a b.safetensors bytes=5990-", "GET vae/config.json -"]


def test_a_place_is_still_asked_for_after_being_sent_elsewhere(client: Hub, hub: HubStandIn) -> None:
    hub.vices.redirect = 1.0
    with client.open(LISTING, "vae/config.json", 1) as body:
        assert (body.start, b"".join(body.chunks)) == (1, b"}")


def test_a_server_without_ranges_is_known_by_its_beginning(client: Hub, hub: HubStandIn) -> None:
    hub.vices.no_ranges = 1.0
    with client.open(LISTING, "vae/config.json", 1) as body:
        assert body.start == 0


def test_a_busy_server_says_when_to_come_back(client: Hub, hub: HubStandIn) -> None:
    hub.vices.busy = 1.0
    with pytest.raises(TroubleError, match="busy \\(answer 429\\)") as caught, client.open(LISTING, "x", 0):
        pass
    assert caught.value.wait == 7.0


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "99999"}, 300.0),
        (
            {"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"},
            30.0,
        ),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_to_come_back_is_read_in_both_forms_and_bounded(headers: dict[str, str], wait: float | None) -> None:
    hub = answering(lambda request: httpx2.Response(503, headers=headers))
    with hub, pytest.raises(TroubleError) as caught:
        hub.listing("us/toy")
    assert caught.value.wait == wait


@pytest.mark.parametrize(
    ("code", "complaint", "hint"),
    [
        (401, "does not give us/toy to everybody", "licence"),
        (403, "does not give us/toy to everybody", "licence"),
        (404, "hub.test has no us/toy", "moved or withdrawn"),
        (451, "answered 451", "later"),
        (600, "answered 600", "later"),
    ],
)
def test_a_refusal_is_a_message_and_not_tried_again(code: int, complaint: str, hint: str) -> None:
    hub = answering(lambda request: httpx2.Response(code))
    with hub, pytest.raises(FetchError, match=complaint) as caught:
        hub.listing("us/toy")
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "error", [httpx2.ConnectError("no route"), httpx2.ReadTimeout("slow"), httpx2.RemoteProtocolError("half")]
)
def test_a_network_that_fails_is_worth_another_try(error: Exception) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise error

    with answering(fail) as hub, pytest.raises(TroubleError, match=f"hub.test cannot be reached or broke off .{error}"):
        hub.listing("us/toy")


def test_a_proxy_and_a_false_certificate_are_named(client: Hub) -> None:
    def by_proxy(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ProxyError("407 who are you")

    def forged(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")

    with answering(by_proxy) as hub, pytest.raises(FetchError, match="The proxy did not let us through to hub.test"):
        hub.listing("us/toy")
    with answering(forged) as hub, pytest.raises(FetchError, match="could not prove who it is"):
        hub.listing("us/toy")


def test_being_sent_in_circles_or_to_a_file_ends_with_a_message() -> None:
    for place in ("https://hub.test/again", "file:///etc/passwd"):
        hub = answering(lambda request, place=place: httpx2.Response(302, headers={"Location": place}))
        with hub, pytest.raises(FetchError, match="a place where nothing can be fetched"):
            hub.listing("us/toy")


def test_a_part_that_does_not_say_which_is_not_used() -> None:
    hub = answering(lambda request: httpx2.Response(206, content=b"x"))
    with hub, pytest.raises(TroubleError, match="without saying which"), hub.open(LISTING, "a", 5):
        pass


def test_a_list_without_end_is_cut_off() -> None:
    hub = answering(lambda request: httpx2.Response(200, content=iter([b" " * (LARGEST_LISTING + 1)])))
    with hub, pytest.raises(FetchError, match="longer than 8 MiB"):
        hub.listing("us/toy")


@pytest.mark.parametrize("name", ["toy", "../../secret", "us/toy/x", "us/toy?x", "", "us/t oy"])
def test_a_strange_name_of_a_repository_is_never_asked_for(client: Hub, hub: HubStandIn, name: str) -> None:
    with pytest.raises(FetchError, match="is not a repository"):
        client.listing(name)
    assert hub.requests == []


def test_nothing_about_the_machine_or_its_owner_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    seen: list[httpx2.Headers] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers)
        return httpx2.Response(404)

    with answering(note) as hub, pytest.raises(FetchError):
        hub.listing("us/toy")
    assert sorted(seen[0]) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
    assert seen[0]["user-agent"] == "sana-desktop"


def test_the_setting_comes_before_the_environment_and_that_before_the_default() -> None:
    environment = {"HF_ENDPOINT": "https://mirror.test"}
    assert chosen_endpoint(" https://mine.test ", environment) == "https://mine.test"
    assert chosen_endpoint("", environment) == "https://mirror.test"
    assert chosen_endpoint("", {}) == DEFAULT_ENDPOINT


@pytest.mark.parametrize("text", ["hub.test", "ftp://hub.test", "https://", "https://a/?x=1", "http://[", "file:///x"])
def test_an_address_that_is_none_of_a_hub_is_refused(text: str) -> None:
    with pytest.raises(FetchError, match="is not the address of a hub"):
        checked_endpoint(text)


def test_a_mirror_below_a_path_is_asked_there() -> None:
    asked: list[str] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(404)

    hub = Hub(lambda: make_client(transport=httpx2.MockTransport(note)), "https://corp.test/hf/")
    with hub:
        with pytest.raises(FetchError):
            hub.listing("us/toy")
        with pytest.raises(FetchError), hub.open(LISTING, "vae/a b", 0):
            pass
    assert asked == [
        "https://corp.test/hf/api/models/us/toy/revision/main?blobs=true",
        f"https://corp.test/hf/us/toy/resolve/{COMMIT}/vae/a%20b",
    ]


def test_a_proxy_that_is_none_is_refused() -> None:
    with pytest.raises(FetchError, match="is not the address of a proxy"):
        make_client("gopher://x")
    make_client("http://proxy.test:8080").close()


def test_a_small_page_is_read_at_its_own_address_and_cut_off() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, content=iter([b"0.2\xff\n", bytes(10 * LARGEST_PAGE)]))

    with Hub(lambda: make_client(transport=httpx2.MockTransport(answer)), "https://hub.test/a/newest.txt") as place:
        page = place.page()
    assert (asked, page[:5], len(page)) == (["https://hub.test/a/newest.txt"], "0.2\ufffd\n", LARGEST_PAGE)
