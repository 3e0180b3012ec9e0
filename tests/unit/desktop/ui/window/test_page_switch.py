from PySide6.QtWidgets import QLineEdit, QStackedWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.window.page_switch import PageSwitch


def test_a_page_takes_the_keyboard_and_the_drawing_has_it_back(qtbot: QtBot):
    pages, prompt, page = QStackedWidget(), QLineEdit(), QLineEdit()
    qtbot.addWidget(pages)
    pages.addWidget(prompt)
    pages.addWidget(page)
    pages.show()
    pages.activateWindow()
    qtbot.waitUntil(pages.isActiveWindow)
    prompt.setFocus()
    switch = PageSwitch(pages)
    assert not switch.is_shown(page)
    assert not switch.is_shown(None)

    switch.show(page, page)
    assert switch.is_shown(page)
    assert page.hasFocus()

    switch.leave()
    assert not switch.is_shown(page)
    assert prompt.hasFocus()
