import os

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.desktop.bus_notice import TOKEN_VARIABLE, BusNotice
from support.fake_bus import FakeBus


def shown(qtbot: QtBot, number: int = 7) -> tuple[BusNotice, FakeBus]:
    """A notice that shows a message, which the desktop calls `number`."""
    bus = FakeBus()
    notice = BusNotice(bus)
    notice.show("3 pictures are ready", "")
    with qtbot.waitSignal(notice._numbered):
        bus.answers[0]((number,))
    return notice, bus


def test_a_message_is_silent_names_the_program_and_can_be_clicked(qtbot: QtBot):
    _, bus = shown(qtbot)

    method, signature, body = bus.calls[0]
    program, replaced, icon, title, text, actions, hints, timeout = body
    assert (method, signature) == ("Notify", "susssasa{sv}i")
    assert (program, replaced, icon, title, text, timeout) == (
        "Sana Desktop", 0, "sana-desktop", "3 pictures are ready", "", -1,
    )  # fmt: skip
    assert actions == ["default", "Show"]
    assert isinstance(hints, dict)
    assert hints["suppress-sound"] == ("b", True)


def test_the_next_message_takes_the_place_of_the_last(qtbot: QtBot):
    notice, bus = shown(qtbot, 7)
    qtbot.waitUntil(lambda: notice._number == 7)

    notice.show("Your picture is ready", "")

    assert bus.calls[1][2][1] == 7


def test_a_click_is_told_and_the_clicks_of_others_are_not(qtbot: QtBot):
    notice, bus = shown(qtbot, 7)
    qtbot.waitUntil(lambda: notice._number == 7)

    with qtbot.assertNotEmitted(notice.clicked, wait=50):
        bus.heard["ActionInvoked"]((8, "default"))
        bus.heard["ActionInvoked"]((7, "other"))
    with qtbot.waitSignal(notice.clicked):
        bus.heard["ActionInvoked"]((7, "default"))


def test_the_right_to_come_to_the_front_is_kept_for_the_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "old")
    notice, bus = shown(qtbot, 7)
    qtbot.waitUntil(lambda: notice._number == 7)

    bus.heard["ActivationToken"]((8, "of another"))
    bus.heard["ActivationToken"]((7, "new"))

    qtbot.waitUntil(lambda: os.environ[TOKEN_VARIABLE] == "new")


def test_a_message_can_be_taken_back_once(qtbot: QtBot):
    notice, bus = shown(qtbot, 7)
    qtbot.waitUntil(lambda: notice._number == 7)

    notice.withdraw()
    notice.withdraw()

    assert bus.calls[1:] == [("CloseNotification", "u", (7,))]


def test_nothing_is_taken_back_that_was_never_shown(qtbot: QtBot):
    bus = FakeBus()

    BusNotice(bus).withdraw()

    assert bus.calls == []
