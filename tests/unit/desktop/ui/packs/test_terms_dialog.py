from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.packs.terms_dialog import TermsDialog
from support.pack_surveys import survey


def dialog_in(qtbot: QtBot, folder: Path, disk_free: int = 10**12) -> TermsDialog:
    dialog = TermsDialog(survey(folder).offers[0], "https://hub.test", disk_free)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def says(dialog: TermsDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def fetch_button(dialog: TermsDialog) -> QPushButton:
    return next(button for button in dialog.findChildren(QPushButton) if "Fetch" in button.text())


def test_it_says_who_is_asked_how_much_comes_and_on_which_terms(qtbot: QtBot, tmp_path: Path) -> None:
    text = says(dialog_in(qtbot, tmp_path))
    assert "from https://hub.test" in text
    assert "nobody is contacted" in text
    assert '<a href="https://ai.google.dev/gemma/terms">Gemma Terms of Use</a>' in text
    assert "1000.0\u00a0GB are free" in text


def test_nothing_is_fetched_before_the_terms_are_accepted(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    fetch = fetch_button(dialog)
    assert not fetch.isEnabled()
    assert fetch.toolTip() == "Accept the terms first."
    # From the keyboard: the box has the focus.
    qtbot.keyClick(dialog.findChildren(QCheckBox)[0], Qt.Key.Key_Space)
    assert fetch.isEnabled()
    with qtbot.waitSignal(dialog.accepted):
        fetch.click()


def test_escape_fetches_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_too_little_room_is_said_before(qtbot: QtBot, tmp_path: Path) -> None:
    assert "There is not enough room: 5\u00a0MB are free" in says(dialog_in(qtbot, tmp_path, 5_000_000))


@pytest.mark.parametrize("name", ["<b>Big</b>"])
def test_markup_in_what_others_wrote_stays_letters(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    offer = survey(tmp_path).offers[0]
    terms = (replace(offer.model.terms[0], name=name),)
    dialog = TermsDialog(replace(offer, model=replace(offer.model, terms=terms)), name, 0)
    qtbot.addWidget(dialog)
    assert "&lt;b&gt;Big&lt;/b&gt;" in says(dialog)
