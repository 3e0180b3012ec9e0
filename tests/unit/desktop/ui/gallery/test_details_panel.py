import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.domain.adoption import Part
from sana_desktop.ui.gallery.details_panel import DetailsPanel
from support.gallery_rows import row_of
from support.window_stage import heard


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


def values(panel: DetailsPanel) -> dict[str, str]:
    return {field.name: field.value for field in panel.fields}


def test_of_one_picture_everything_is_shown_and_can_be_used(panel: DetailsPanel) -> None:
    panel.show_rows([row_of(5, prompt="a fox", seed=7, rating=4, tags=("best", "red"))], 1)
    assert panel.title == "5.png"
    found = values(panel)
    assert (found["Prompt"], found["Seed"], found["Size"], found["Rating"]) == ("a fox", "7", "32 × 32", "4 of 5 stars")
    assert "Negative prompt" not in found
    assert panel.tag_field.text() == "best, red"
    used = heard(panel, "useRequested")
    panel.button(Part.ALL_BUT_SEED).click()
    assert used == [(Part.ALL_BUT_SEED,)]


def test_what_a_picture_does_not_say_cannot_be_used_and_it_is_said_why(panel: DetailsPanel) -> None:
    panel.show_rows([row_of(5)], 1)
    assert not panel.button(Part.SEED).isEnabled()
    assert panel.button(Part.SEED).toolTip() == "The picture does not say it"
    panel.show_rows([], 0)
    assert (panel.title, panel.button(Part.ALL).toolTip()) == ("No picture is chosen", "Choose one picture first")
    assert not panel.tag_field.isEnabled()


def test_of_two_pictures_the_difference_is_shown_and_of_more_their_number(panel: DetailsPanel) -> None:
    panel.show_rows([row_of(1), row_of(2)], 2)
    assert list(values(panel)) == ["Difference"]
    panel.show_rows([], 1200)
    assert (panel.title, values(panel)) == ("1,200 pictures are chosen", {})


def test_the_same_pictures_again_leave_the_fields_alone(panel: DetailsPanel) -> None:
    panel.show_rows([row_of(5, prompt="a fox")], 1)
    before = panel.fields
    panel.show_rows([row_of(5, prompt="a fox")], 1)
    assert panel.fields == before


def test_tags_that_are_being_written_are_not_replaced(panel: DetailsPanel, qtbot: QtBot) -> None:
    panel.show_rows([row_of(5)], 1)
    written = heard(panel, "tagsWritten")
    panel.activateWindow()
    panel.focus_tags()
    qtbot.waitUntil(panel.tag_field.hasFocus)
    qtbot.keyClicks(panel.tag_field, "best, red")
    panel.show_rows([row_of(5, rating=3)], 1)
    assert panel.tag_field.text() == "best, red"
    panel.tag_field.returnPressed.emit()
    assert written == [(("best", "red"),)]
