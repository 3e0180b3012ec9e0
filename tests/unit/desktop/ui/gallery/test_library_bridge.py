import threading
from collections.abc import Callable

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.services.library import LibraryChanged, LibraryEvent, LibraryTrouble
from sana_desktop.ui.gallery.library_bridge import LibraryBridge


def tell_from_a_thread(listener: Callable[[LibraryEvent], None], *events: LibraryEvent) -> None:
    thread = threading.Thread(target=lambda: [listener(event) for event in events])
    thread.start()
    thread.join()


def test_news_of_the_librarys_thread_arrive_in_order_on_the_windows(qtbot: QtBot) -> None:
    bridge = LibraryBridge()
    told: list[object] = []
    threads: list[bool] = []
    bridge.changed.connect(lambda added: (told.append(added), threads.append(QThread.isMainThread())))
    error = KnownError("no gallery")
    bridge.trouble.connect(told.append)
    tell_from_a_thread(bridge.listener, LibraryChanged((3,)), LibraryTrouble(error), LibraryChanged())
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [(3,), error, ()]
    assert threads == [True, True]
