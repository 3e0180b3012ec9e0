from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.system.crash import CrashReport
from sana_desktop.ui.desktop.crash_dialog import CrashDialog

REPORT = CrashReport(
    time=datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC),
    error="ValueError: no",
    trace="Traceback",
    facts=(("Python", "3.11"),),
    job="prompt: a fox",
    picture="~/fox.png",
)


def dialog_in(qtbot: QtBot, folder: Path, report: CrashReport = REPORT, *, ended: bool = False) -> CrashDialog:
    dialog = CrashDialog(report, folder, ended=ended)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(qtbot: QtBot, dialog: CrashDialog, text: str) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if text in each.text().replace("&", ""))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def said(dialog: CrashDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_the_whole_report_can_be_read_and_holds_nothing_private(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    shown = dialog.findChild(QPlainTextEdit)
    assert isinstance(shown, QPlainTextEdit)
    assert shown.toPlainText() == dialog.report_text
    assert "ValueError: no" in dialog.report_text
    assert "fox" not in dialog.report_text


def test_what_is_ticked_is_shown_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    job, picture = dialog.findChildren(QCheckBox)
    job.setChecked(True)
    assert "a fox" in dialog.report_text
    assert "fox.png" not in dialog.report_text
    picture.setChecked(True)
    shown = dialog.findChild(QPlainTextEdit)
    assert isinstance(shown, QPlainTextEdit)
    assert "fox.png" in shown.toPlainText()
    job.setChecked(False)
    picture.setChecked(False)
    assert "fox" not in shown.toPlainText()


def test_what_there_is_not_cannot_be_ticked_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path, replace(REPORT, job="", picture=""))
    boxes = dialog.findChildren(QCheckBox)
    assert not any(box.isEnabled() for box in boxes)
    assert [box.toolTip() for box in boxes] == ["Nothing was being drawn.", "No picture has been drawn yet."]


def test_it_copies_what_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    press(qtbot, dialog, "Copy")
    assert QGuiApplication.clipboard().text() == dialog.report_text
    assert "Copied" in said(dialog)


def test_it_saves_what_is_shown_and_says_where(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path / "logs")
    press(qtbot, dialog, "Save")
    (saved,) = (tmp_path / "logs").iterdir()
    assert saved.read_text(encoding="utf-8") == dialog.report_text
    assert str(saved) in said(dialog)


def test_nothing_is_written_before_it_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path / "logs")
    press(qtbot, dialog, "Close")
    assert not (tmp_path / "logs").exists()
    assert not dialog.isVisible()


def test_a_disk_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    dialog = dialog_in(qtbot, tmp_path / "file")
    press(qtbot, dialog, "Save")
    assert "Not saved:" in said(dialog)


def test_later_mistakes_are_counted(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_in(qtbot, tmp_path)
    dialog.count_another()
    assert "One more mistake" in said(dialog)
    dialog.count_another()
    assert "2 more mistakes" in said(dialog)


def test_a_run_that_ended_is_spoken_of_as_over(qtbot: QtBot, tmp_path: Path) -> None:
    assert "you can go on" in said(dialog_in(qtbot, tmp_path))
    ended = dialog_in(qtbot, tmp_path, ended=True)
    assert "ended unexpectedly last time" in said(ended)
    assert "you can go on" not in said(ended)
