import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError, RecipeError
from sana_desktop.ui.basics.message_bar import MessageBar

ERROR = RecipeError("Width 1000 is not a multiple of 32.", hint="Nearest: 992 or 1024.")


def bar_in(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def window_with(*widgets: QWidget, qtbot: QtBot) -> QWidget:
    """A window of something that takes the focus, and bars below it; whoever asks keeps it."""
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    widgets[0].setFocus()
    return window


def close(bar: MessageBar, qtbot: QtBot) -> None:
    button = bar.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert button.accessibleName()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def button_of(bar: MessageBar, text: str) -> QPushButton:
    return next(button for button in bar.findChildren(QPushButton) if button.text() == text)


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


def test_a_notice_waits_until_the_error_was_read(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(ERROR)
    bar.show_notice("The prompt was cut.")
    assert bar.text.startswith("Width 1000")

    close(bar, qtbot)

    assert bar.text == "The prompt was cut."
    assert bar.accessibleName() == "Notice"
    assert bar.property("error") is False


def test_an_error_takes_the_place_of_everything(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(RecipeError("First."))
    bar.show_notice("Meanwhile.")
    bar.show_error(ERROR)
    close(bar, qtbot)
    assert bar.text == ""


def test_a_notice_takes_the_place_of_a_notice(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_notice("First.")
    bar.show_passing("Second.")
    assert bar.text == "Second."


def test_a_passing_notice_goes_by_itself_and_others_stay(qtbot: QtBot) -> None:
    bar, lasting = MessageBar(passing_ms=1), MessageBar(passing_ms=1)
    window = window_with(QLineEdit(), bar, lasting, qtbot=qtbot)
    lasting.show_notice("Good to know.")
    lasting._timer.timeout.connect(lambda: pytest.fail("nobody set it"))
    bar.show_passing("The prompt was cut.")
    qtbot.waitUntil(bar.isHidden)
    assert lasting.isVisible()
    assert window.isVisible()


def test_it_does_not_go_from_under_the_hand(qtbot: QtBot) -> None:
    bar, field = MessageBar(), QLineEdit()
    window = window_with(field, bar, qtbot=qtbot)
    bar.show_passing("The prompt was cut.")
    button = bar.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)

    bar._on_time_over()
    assert bar.isVisible()
    field.setFocus()
    bar._on_time_over()
    assert bar.isHidden()
    assert window.isVisible()


def test_it_stays_while_the_pointer_is_on_it(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_passing("The prompt was cut.")
    here = QPointF(5, 5)
    QApplication.sendEvent(bar, QEnterEvent(here, here, here))
    assert not bar._timer.isActive()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()


def test_what_begins_anew_clears_only_what_was_passing(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_notice("Lasting.")
    bar.clear_passing()
    assert bar.text == "Lasting."
    bar.show_passing("Passing.")
    bar.clear_passing()
    assert bar.text == ""
    bar.show_error(ERROR)
    bar.show_passing("Passing.")
    bar.clear_passing()
    close(bar, qtbot)
    assert bar.text == ""


def test_the_details_of_a_mistake_can_be_copied(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_error(BugError("KeyError: 3", details="Traceback (most recent call last)"))
    qtbot.mouseClick(button_of(bar, "Copy details"), Qt.MouseButton.LeftButton)
    assert "KeyError: 3\nTraceback" in QGuiApplication.clipboard().text()

    bar.show_error(ERROR)
    assert button_of(bar, "Copy details").isHidden()


def test_an_error_may_offer_what_to_do(qtbot: QtBot) -> None:
    bar, done = bar_in(qtbot), []
    bar.show_error(ERROR, "Take 992", lambda: done.append(992))
    qtbot.mouseClick(button_of(bar, "Take 992"), Qt.MouseButton.LeftButton)
    assert done == [992]
    assert bar.isHidden()

    bar.show_notice("Taken.")
    assert button_of(bar, "Take 992").isHidden()


def test_readers_are_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[QAccessible.Event] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.type()))
    bar_in(qtbot).show_error(ERROR)
    assert told == [QAccessible.Event.Alert]


def test_dismissing_it_makes_room_and_tells(qtbot: QtBot) -> None:
    bar = bar_in(qtbot)
    bar.show_notice("Hello.")
    with qtbot.waitSignal(bar.dismissed):
        close(bar, qtbot)
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
