import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.prompt.generate_foot import GenerateFoot
from sana_desktop.ui.prompt.prompt_inks import inks_for


@pytest.fixture
def foot(qtbot: QtBot) -> GenerateFoot:
    made = GenerateFoot()
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show()
    return made


def button(foot: GenerateFoot) -> QPushButton:
    found = foot.findChild(QPushButton)
    assert found is not None
    return found


def about(foot: GenerateFoot) -> QLabel:
    found = foot.findChild(QLabel)
    assert found is not None
    return found


def test_it_says_what_it_will_do_and_how_long_that_takes(foot: GenerateFoot, qtbot: QtBot):
    foot.say("Generate", "256 × 256 pixels", "about 6 s", "")

    assert button(foot).text() == "Generate"
    assert button(foot).accessibleDescription() == "256 × 256 pixels, about 6 s"
    assert about(foot).text() == "256 × 256 pixels"
    with qtbot.waitSignal(foot.pressed):
        qtbot.mouseClick(button(foot), Qt.MouseButton.LeftButton)


def test_the_forecast_has_a_line_of_its_own(foot: GenerateFoot):
    foot.say("Generate", "", "", "")
    height, plain = button(foot).sizeHint().height(), button(foot).grab().toImage()

    foot.say("Generate", "", "about 6 s", "")

    assert button(foot).sizeHint().height() > height
    QApplication.processEvents()
    assert button(foot).grab().toImage() != plain


def test_a_refusal_turns_it_off_and_is_told_in_every_way(foot: GenerateFoot, qtbot: QtBot):
    foot.say("Generate", "256 × 256 pixels", "about 6 s", "There is no room.")

    assert not button(foot).isEnabled()
    assert button(foot).toolTip() == about(foot).text() == "There is no room."
    assert button(foot).accessibleDescription() == "There is no room."
    assert about(foot).palette().color(QPalette.ColorRole.WindowText) == inks_for(foot.palette()).amber
    foot.say("Generate", "256 × 256 pixels", "", "")
    assert about(foot).palette().color(QPalette.ColorRole.WindowText) == inks_for(foot.palette()).quiet


def test_a_long_verb_does_not_make_it_wide(foot: GenerateFoot):
    foot.say("Add 10000 pictures to queue " * 5, "", "", "")

    assert foot.minimumSizeHint().width() <= 320
