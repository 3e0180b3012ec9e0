from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.styles import Style
from sana_desktop.services.styles import StyleBook
from sana_desktop.ui.prompt.style_form import StyleForm
from sana_desktop.ui.prompt.style_manager import StyleManager, name_taken


@pytest.fixture
def book() -> StyleBook:
    made = StyleBook([Style("Photo", "a photo of {prompt}")])
    made.put(Style("Ink", "black ink"))
    made.put(Style("Tin", "tin toys"))
    return made


@pytest.fixture
def manager(qtbot: QtBot, book: StyleBook) -> StyleManager:
    made = StyleManager(book)
    qtbot.addWidget(made)
    made.show()
    return made


def button(manager: StyleManager, name: str) -> QPushButton:
    return next(one for one in manager.findChildren(QPushButton) if one.accessibleName() == name)


def listed(manager: StyleManager) -> list[str]:
    found = manager.findChild(QListWidget)
    assert found is not None
    return [found.item(row).text() for row in range(found.count())]


def report(manager: StyleManager) -> str:
    return next(
        one.toPlainText() for one in manager.findChildren(QPlainTextEdit) if one.accessibleName() == "What was imported"
    )


def test_own_styles_are_listed_and_shipped_ones_are_not(manager: StyleManager):
    assert listed(manager) == ["Ink", "Tin"]


def test_a_style_is_deleted(manager: StyleManager, book: StyleBook, qtbot: QtBot):
    for left in (["Tin"], []):
        with qtbot.waitSignal(manager.stylesChanged):
            qtbot.mouseClick(button(manager, "Delete"), Qt.MouseButton.LeftButton)
        assert listed(manager) == left
        assert [style.name for style in book.own] == left

    for name in ("Delete", "Change…"):
        assert not button(manager, name).isEnabled()
        assert "Choose one" in button(manager, name).toolTip()


def test_a_style_is_renamed_and_who_uses_it_hears_of_it(manager: StyleManager, book: StyleBook, qtbot: QtBot):
    qtbot.mouseClick(button(manager, "Change…"), Qt.MouseButton.LeftButton)
    form = manager.findChild(StyleForm)
    assert form is not None
    name = form.findChild(QLineEdit)
    assert name is not None
    assert name.text() == "Ink"
    name.setText("Black ink")

    with qtbot.waitSignal(manager.stylesChanged), qtbot.waitSignal(manager.renamed) as heard:
        form._on_accepted()

    assert heard.args == ["Ink", "Black ink"]
    assert listed(manager) == ["Black ink", "Tin"]
    assert book.find("Black ink") == Style("Black ink", "black ink")


def test_a_file_is_imported_in_the_background_and_reported(
    manager: StyleManager, book: StyleBook, qtbot: QtBot, tmp_path: Path
):
    path = tmp_path / "styles.csv"
    path.write_text("name,prompt,negative_prompt\nPhoto,other,\nEmpty,,\nSea,blue,\n", encoding="utf-8")

    with qtbot.waitSignal(manager.stylesChanged):
        manager.import_file(path)

    assert listed(manager) == ["Ink", "Photo 2", "Sea", "Tin"]
    lines = report(manager).splitlines()
    assert lines[0] == "Imported: 2. Left out: 1."
    assert "“Photo” is now called “Photo 2”" in lines[1]
    assert "Entry 2 (“Empty”)" in lines[2]
    assert button(manager, "Import…").isEnabled()


def test_a_file_that_is_none_is_reported_and_changes_nothing(manager: StyleManager, qtbot: QtBot, tmp_path: Path):
    with qtbot.assertNotEmitted(manager.stylesChanged):
        manager.import_file(tmp_path / "gone.csv")
        qtbot.waitUntil(button(manager, "Import…").isEnabled)

    assert "There is no file at" in report(manager)
    assert listed(manager) == ["Ink", "Tin"]


def test_a_long_report_is_cut(manager: StyleManager, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "styles.csv"
    path.write_text("name,prompt\n" + "x,\n" * 1000, encoding="utf-8")

    manager.import_file(path)
    qtbot.waitUntil(button(manager, "Import…").isEnabled)

    assert report(manager).endswith("… and 801 more")


def test_a_name_may_be_kept_but_not_taken(book: StyleBook):
    assert name_taken(book, "Ink", Style("INK", "x")) == ""
    assert "Photo" in name_taken(book, "Ink", Style("photo", "x"))
    assert name_taken(book, "", Style("New", "x")) == ""
