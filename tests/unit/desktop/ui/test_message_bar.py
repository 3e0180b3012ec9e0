from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError, RecipeError
from sana_desktop.ui.message_bar import MessageBar

ERROR = RecipeError("Width 1000 is not a multiple of 32.", hint="Nearest: 992 or 1024.")


def bar_in(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_it_takes_no_room_before_it_has_something_to_say(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    assert bar.isHidden()
    assert bar.text == ""


def test_an_error_comes_with_what_to_do(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(ERROR)
    assert bar.isVisible()
    assert bar.text == "Width 1000 is not a multiple of 32. Nearest: 992 or 1024."
    assert bar.accessibleName() == "Error"
    assert bar.accessibleDescription() == bar.text
    assert bar.property("error") is True


def test_a_mistake_of_ours_is_called_one(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(BugError("ValueError: no", details="Traceback"))
    assert bar.text.startswith("Sana Desktop made a mistake: ValueError: no")
    assert "Traceback" not in bar.text


def test_a_notice_after_an_error_leaves_nothing_of_it(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(ERROR)
    bar.show_notice("The prompt was cut.")
    assert bar.text == "The prompt was cut."
    assert bar.accessibleName() == "Notice"
    assert bar.property("error") is False


def test_dismissing_it_makes_room_and_tells(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_notice("Hello.")
    button = bar.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert button.accessibleName()
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_markup_in_a_message_stays_letters(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_notice("<b>bold</b>")
    assert bar.text == "<b>bold</b>"
    assert {label.textFormat() for label in bar.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_a_message_can_be_cleared_by_the_program(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(ERROR)
    bar.clear()
    assert bar.isHidden()
