import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import jeepney
import pytest

from sana_desktop.system.session_bus import BusName, SessionBus
from support.tiny_bus import SECONDS, TinyBus

SOMEBODY = BusName("org.example.Somebody", "/org/example", "org.example.Talk")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TinyBus]:
    with TinyBus(tmp_path) as tiny:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", tiny.address)
        yield tiny


@pytest.fixture
def bus(desktop: TinyBus) -> Iterator[SessionBus]:
    made = SessionBus("linux")
    yield made
    made.close()


def test_a_call_arrives_with_its_types_and_its_answer_comes_back(desktop: TinyBus, bus: SessionBus):
    answers: SimpleQueue[tuple[object, ...]] = SimpleQueue()

    bus.call(SOMEBODY, "Say", "su", ("hello", 7), answers.put)
    call = desktop.next_message()
    desktop.answer(call, "u", (9,))

    assert call.header.fields[jeepney.HeaderFields.member] == "Say"
    assert call.header.fields[jeepney.HeaderFields.signature] == "su"
    assert call.body == ("hello", 7)
    assert answers.get(timeout=SECONDS) == (9,)


def test_messages_keep_their_order_also_while_the_bus_is_read(desktop: TinyBus, bus: SessionBus):
    for number in range(20):
        bus.announce("/here", "org.example.Here", "Now", "u", (number,))

    assert [desktop.next_message().body for _ in range(20)] == [(number,) for number in range(20)]


def test_a_signal_reaches_who_listens(desktop: TinyBus, bus: SessionBus):
    heard: SimpleQueue[tuple[object, ...]] = SimpleQueue()

    bus.listen(SOMEBODY, "Rang", heard.put)
    rule = desktop.next_message().body[0]
    desktop.signal("/org/example", "org.example.Talk", "Other", "u", (1,))
    desktop.signal("/org/example", "org.example.Talk", "Rang", "us", (2, "door"))

    assert "member='Rang'" in rule
    assert heard.get(timeout=SECONDS) == (2, "door")


def test_a_refusal_is_no_answer(desktop: TinyBus, bus: SessionBus):
    answers: SimpleQueue[tuple[object, ...]] = SimpleQueue()

    bus.call(SOMEBODY, "First", "", (), answers.put)
    desktop.refuse(desktop.next_message())
    bus.call(SOMEBODY, "Second", "", (), answers.put)
    desktop.answer(desktop.next_message(), "s", ("second",))

    assert answers.get(timeout=SECONDS) == ("second",)


def test_without_a_bus_the_log_says_so_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    caplog.set_level(logging.INFO)
    bus = SessionBus("linux")

    bus.call(SOMEBODY, "Say", "", ())
    for thread in threading.enumerate():
        if thread.name == "session-bus":
            thread.join(SECONDS)
    bus.call(SOMEBODY, "Say", "", ())
    bus.close()

    assert len([record for record in caplog.records if "no desktop to talk to" in record.message]) == 1


def test_elsewhere_than_on_linux_nothing_is_started():
    bus = SessionBus("win32")

    bus.call(SOMEBODY, "Say", "", ())
    bus.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "session-bus"]


def test_after_the_end_nothing_is_sent(desktop: TinyBus, bus: SessionBus):
    bus.announce("/here", "org.example.Here", "Now", "u", (1,))
    desktop.next_message()
    bus.close()
    bus.announce("/here", "org.example.Here", "Now", "u", (2,))

    assert desktop.received.empty()
    assert not [thread for thread in threading.enumerate() if thread.name == "session-bus"]
