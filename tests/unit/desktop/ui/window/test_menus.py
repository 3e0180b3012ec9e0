import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import Theme
from sana_desktop.ui.window.menus import WindowActions

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def window_in(qtbot: QtBot, theme: Theme = Theme.DARK) -> tuple[QMainWindow, WindowActions]:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = WindowActions(window, theme)
    actions.set_busy(True, waiting=True)
    # Shortcuts are for the window that has the keyboard.
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window, actions


def actions_in(window: QMainWindow) -> list[QAction]:
    """Every entry of every menu that does something."""
    return [action for action in window.findChildren(QAction) if action.shortcuts() or action.isCheckable()]


@pytest.mark.parametrize(
    ("keys", "modifiers", "signal"),
    [
        (Key.Key_Return, CONTROL, "generateRequested"),
        (Key.Key_Enter, CONTROL, "generateRequested"),
        (Key.Key_Return, CONTROL | SHIFT, "generateFirstRequested"),
        (Key.Key_Escape, NONE, "cancelRequested"),
        (Key.Key_K, CONTROL, "keepRequested"),
        (Key.Key_P, CONTROL | SHIFT, "pauseRequested"),
        (Key.Key_O, CONTROL, "inspectRequested"),
        (Key.Key_M, CONTROL | SHIFT, "packsRequested"),
        (Key.Key_Comma, CONTROL, "settingsRequested"),
        (Key.Key_F1, NONE, "shortcutsRequested"),
        (Key.Key_F, CONTROL, "findRequested"),
        (Key.Key_Plus, CONTROL, "zoomInRequested"),
        (Key.Key_Equal, CONTROL, "zoomInRequested"),
        (Key.Key_Minus, CONTROL, "zoomOutRequested"),
        (Key.Key_D, CONTROL, "compareRequested"),
        (Key.Key_Q, CONTROL | SHIFT, "queueRequested"),
        (Key.Key_X, CONTROL | SHIFT, "cancelAllRequested"),
        (Key.Key_L, CONTROL, "promptRequested"),
        (Key.Key_O, CONTROL | SHIFT, "folderRequested"),
        (Key.Key_0, CONTROL, "fitRequested"),
        (Key.Key_1, CONTROL, "actualSizeRequested"),
    ],
)
def test_a_shortcut_says_what_the_user_wants(
    qtbot: QtBot, keys: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
) -> None:
    window, actions = window_in(qtbot)
    with qtbot.waitSignal(getattr(actions, signal)):
        qtbot.keyClick(window, keys, modifiers)


def test_nothing_can_be_cancelled_while_nothing_is_drawn(qtbot: QtBot) -> None:
    window, actions = window_in(qtbot)
    actions.set_busy(False, waiting=False)
    with qtbot.assertNotEmitted(actions.cancelRequested), qtbot.assertNotEmitted(actions.keepRequested):
        qtbot.keyClick(window, Key.Key_Escape)
        qtbot.keyClick(window, Key.Key_K, CONTROL)


def test_what_waits_can_be_cancelled_but_not_kept(qtbot: QtBot) -> None:
    window, actions = window_in(qtbot)
    actions.set_busy(False, waiting=True)
    with qtbot.assertNotEmitted(actions.keepRequested):
        qtbot.keyClick(window, Key.Key_K, CONTROL)
    with qtbot.waitSignal(actions.cancelRequested):
        qtbot.keyClick(window, Key.Key_Escape)


def test_ctrl_q_closes_the_window(qtbot: QtBot) -> None:
    window, _ = window_in(qtbot)
    qtbot.keyClick(window, Key.Key_Q, CONTROL)
    assert not window.isVisible()


def test_f11_fills_the_screen_and_gives_it_back(qtbot: QtBot) -> None:
    window, _ = window_in(qtbot)
    qtbot.keyClick(window, Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Key.Key_F11)
    assert not window.isFullScreen()


@pytest.mark.parametrize("theme", list(Theme))
def test_the_look_that_is_used_is_ticked_and_another_can_be_chosen(qtbot: QtBot, theme: Theme) -> None:
    window, actions = window_in(qtbot, theme)
    entries = {action.data(): action for action in actions_in(window) if action.data() in list(Theme)}
    assert [name for name, action in entries.items() if action.isChecked()] == [theme]
    with qtbot.waitSignal(actions.themeChosen) as chosen:
        entries["light"].trigger()
    assert chosen.args == [Theme.LIGHT]


def test_no_key_means_two_things(qtbot: QtBot) -> None:
    window, _ = window_in(qtbot)
    keys = [key.toString() for action in actions_in(window) for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("on", [True, False])
def test_switches_show_what_is_so(qtbot: QtBot, on: bool) -> None:
    window, actions = window_in(qtbot)
    actions.set_paused(on)
    actions.set_queue_shown(on)
    checked = {action.text(): action.isChecked() for action in actions_in(window) if action.isCheckable()}
    assert (checked["&Pause the queue"], checked["&Queue"]) == (on, on)


def test_every_entry_has_a_letter_to_press(qtbot: QtBot) -> None:
    window, _ = window_in(qtbot)
    assert [action.text() for action in actions_in(window) if "&" not in action.text()] == []
