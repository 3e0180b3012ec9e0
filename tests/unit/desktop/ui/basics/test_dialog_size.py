from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.dialog_size import MARGIN, open_at


def test_a_dialog_opens_as_it_likes(qtbot: QtBot) -> None:
    dialog = QWidget()
    qtbot.addWidget(dialog)
    open_at(dialog, 300, 200)
    assert (dialog.width(), dialog.height()) == (300, 200)


def test_but_not_larger_than_the_screen(qtbot: QtBot) -> None:
    dialog = QWidget()
    qtbot.addWidget(dialog)
    open_at(dialog, 300, 100_000)
    assert dialog.width() == 300
    assert dialog.height() == dialog.screen().availableSize().height() - MARGIN.height()
