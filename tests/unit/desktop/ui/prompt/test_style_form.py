from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.styles import Style
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
from sana_desktop.ui.prompt.style_form import StyleForm


def form_for(qtbot: QtBot, name: str = "", prompt: str = "a fox of {prompt}", negative: str = "") -> StyleForm:
    form = StyleForm("Save", name, prompt, negative, lambda style: "It is taken." if style.name == "Ink" else "")
    qtbot.addWidget(form)
    form.show()
    return form


def save(form: StyleForm) -> QPushButton:
    return next(one for one in form.findChildren(QPushButton) if "Save" in one.text())


def name(form: StyleForm) -> QLineEdit:
    found = form.findChild(QLineEdit)
    assert found is not None
    return found


def labels(form: StyleForm) -> str:
    return " ".join(label.text() for label in form.findChildren(QLabel))


def test_a_style_without_a_name_cannot_be_saved_and_the_reason_is_there(qtbot: QtBot):
    form = form_for(qtbot)

    assert not save(form).isEnabled()
    assert "1 to 80 characters" in save(form).toolTip()


def test_a_name_that_is_taken_is_refused_in_words(qtbot: QtBot):
    form = form_for(qtbot)
    qtbot.keyClicks(name(form), "Ink")

    assert not save(form).isEnabled()
    assert "It is taken." in labels(form)
    qtbot.keyClicks(name(form), "y")
    assert save(form).isEnabled()
    assert "It is taken." not in labels(form)


def test_what_was_written_is_told_once(qtbot: QtBot):
    form = form_for(qtbot, negative="hen")
    qtbot.keyClicks(name(form), " Fox ")
    heard: list[Style] = []
    form.written.connect(heard.append)

    qtbot.mouseClick(save(form), Qt.MouseButton.LeftButton)

    assert heard == [Style("Fox", "a fox of {prompt}", "hen")]
    assert not form.isVisible()


def test_a_style_that_adds_nothing_is_refused(qtbot: QtBot):
    form = form_for(qtbot, name="Fox")
    assert save(form).isEnabled()

    for editor in form.findChildren(PromptEditor):
        editor.clear()

    assert not save(form).isEnabled()
    assert "adds nothing" in labels(form)


def test_the_slot_has_a_colour(qtbot: QtBot):
    form = form_for(qtbot)

    formats = form.findChildren(PromptEditor)[0].document().begin().layout().formats()
    assert [(piece.start, piece.length) for piece in formats] == [(9, 8)]
