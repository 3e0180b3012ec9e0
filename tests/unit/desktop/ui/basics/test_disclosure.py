from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.disclosure import Disclosure


def disclosure(qtbot: QtBot) -> tuple[Disclosure, QLabel, QToolButton]:
    body = QLabel("secret")
    made = Disclosure("More", body)
    qtbot.addWidget(made)
    made.show()
    head = made.findChild(QToolButton)
    assert head is not None
    return made, body, head


def test_it_is_closed_at_first(qtbot: QtBot):
    made, body, head = disclosure(qtbot)

    assert not made.is_open
    assert not body.isVisible()
    assert (head.accessibleName(), head.accessibleDescription()) == ("More", "closed")


def test_mouse_and_keyboard_open_and_close_it(qtbot: QtBot):
    made, body, head = disclosure(qtbot)

    with qtbot.waitSignal(made.toggled) as opened:
        qtbot.mouseClick(head, Qt.MouseButton.LeftButton)
    assert opened.args == [True]
    assert body.isVisible()
    assert head.accessibleDescription() == "open"

    with qtbot.waitSignal(made.toggled) as closed:
        qtbot.keyClick(head, Qt.Key.Key_Space)
    assert closed.args == [False]
    assert not body.isVisible()


def test_opening_what_is_open_tells_nobody(qtbot: QtBot):
    made, _, _ = disclosure(qtbot)
    made.set_open(True)

    with qtbot.assertNotEmitted(made.toggled):
        made.set_open(True)
