from pathlib import Path

import httpx2
import pytest

from sana_desktop.errors import FetchError
from sana_desktop.services.pack_hands import pack_hands
from sana_desktop.system.privacy import OfflineGuard
from support.fetches import MODEL, fetches, move_in


def test_hands_go_to_the_endpoint_through_the_proxy_they_are_given(tmp_path: Path) -> None:
    proxies: list[str] = []
    with fetches(tmp_path) as ready:

        def make_client(proxy: str) -> httpx2.Client:
            proxies.append(proxy)
            return ready.make_client()

        def make(endpoint: str) -> None:
            hands = pack_hands(
                ready.packs,
                (ready.packs,),
                move_in,
                lambda pack: None,
                OfflineGuard(),
                endpoint=endpoint,
                proxy="http://proxy.test",
                scatter=lambda: 1.0,
                make_client=make_client,
            )
            hands.fetching.fetch(MODEL, ready.watch(), accepted=True)

        with pytest.raises(FetchError, match="not the address of a hub"):
            make("nonsense")
        make("http://hub.test")
    assert proxies == ["http://proxy.test"]


def test_a_page_is_read_as_something_that_the_user_asked_for(tmp_path: Path) -> None:
    guard = OfflineGuard()

    def answer(request: httpx2.Request) -> httpx2.Response:
        guard.hear("socket.getaddrinfo", (request.url.host, 443))
        return httpx2.Response(200, content=iter([b"0.2"]))

    hands = pack_hands(
        tmp_path,
        (tmp_path,),
        move_in,
        lambda pack: None,
        guard,
        endpoint="http://hub.test",
        proxy="",
        scatter=lambda: 1.0,
        make_client=lambda proxy: httpx2.Client(transport=httpx2.MockTransport(answer)),
    )
    assert hands.read_page("https://pictures.test/newest") == "0.2"
    report = guard.report()
    assert (report.asked, report.refused, report.recent[0].host) == (1, 0, "pictures.test")
