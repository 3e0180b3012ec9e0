from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop import __version__
from sana_desktop.system.resources import resources_folder
from sana_desktop.system.versions import Library
from sana_desktop.ui.desktop.about_dialog import LICENCE_URL, AboutDialog, AboutFacts, read_about_facts
from support.pack_surveys import gpu_machine

FACTS = AboutFacts(
    versions=(("Sana Desktop", "9"), ("Python", "3.11")),
    hardware=gpu_machine(8),
    libraries=(Library("numpy", "2", "BSD"), Library("torch", "2.13", "BSD-3-Clause")),
    notices=(("NOTICE", "<b>ours</b>"),),
)


def dialog_in(qtbot: QtBot) -> AboutDialog:
    dialog = AboutDialog(lambda: FACTS, [("Starter", "MIT")])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "Python: 3.11" in dialog.details)
    dialog.wait()
    return dialog


def test_it_tells_versions_machine_and_packs(qtbot: QtBot) -> None:
    dialog = dialog_in(qtbot)
    assert "Card 4070" in dialog.details
    assert "Pack Starter: MIT" in dialog.details
    assert any(label.text() == f"Sana Desktop {__version__}" for label in dialog.findChildren(QLabel))


def test_it_lists_libraries_and_notices(qtbot: QtBot) -> None:
    dialog = dialog_in(qtbot)
    assert dialog.library_count == 2
    notices = dialog.findChild(QPlainTextEdit)
    assert isinstance(notices, QPlainTextEdit)
    assert "<b>ours</b>" in notices.toPlainText()


def test_the_details_can_be_copied_once_they_are_known(qtbot: QtBot) -> None:
    dialog = dialog_in(qtbot)
    copy = next(each for each in dialog.findChildren(QPushButton) if "Copy" in each.text())
    assert copy.isEnabled()
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.details


def test_the_browser_opens_only_when_a_link_is_pressed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    dialog = dialog_in(qtbot)
    assert opened == []
    label = next(each for each in dialog.findChildren(QLabel) if "href" in each.text())
    assert not label.openExternalLinks()
    label.linkActivated.emit(LICENCE_URL)
    assert opened == [LICENCE_URL]


def test_the_facts_are_those_of_this_installation() -> None:
    facts = read_about_facts(resources_folder())
    assert dict(facts.versions)["Sana Desktop"] == __version__
    assert facts.notices[0][0] == "NOTICE"
    assert {"starter-pack.md", "published-models.md"} <= {name for name, _ in facts.notices}
    assert len(facts.libraries) > 20


def test_a_bundle_without_its_notices_still_has_the_rest(tmp_path: Path) -> None:
    assert read_about_facts(tmp_path / "resources").notices == ()


def test_closing_it_while_it_looks_leaves_nothing_behind(qtbot: QtBot) -> None:
    dialog = AboutDialog(lambda: FACTS)
    dialog.close()
    dialog.wait()
    dialog.deleteLater()
