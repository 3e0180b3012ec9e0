from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError, JobCancelledError, SanaError, WeightsError
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress
from sana_desktop.services.pack_errands import Errand
from sana_desktop.services.packs import ImportDone
from sana_desktop.system.pack_manifest import PackText, TextSource
from sana_desktop.ui.packs.pack_dialog import PackDialog
from support.pack_surveys import survey
from support.packs import manifest
from support.widgets import part


class Asked:
    """Answers instead of the user, and remembers what was asked for."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.kinds: list[str] = []

    def __call__(self, parent: QWidget, title: str, kinds: str) -> str:
        assert title
        self.kinds.append(kinds)
        return self.answer


def dialog_in(qtbot: QtBot, folder: Path, answer: str = "") -> tuple[PackDialog, Asked]:
    asked = Asked(answer)
    dialog = PackDialog(ask=asked)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_survey(survey(folder), "other")
    return dialog, asked


def button(dialog: PackDialog, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "").startswith(text))


def test_it_describes_the_machine_and_closes_with_the_choice(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    assert any("24" in label.text() for label in dialog.findChildren(QLabel))
    with qtbot.waitSignal(dialog.packChosen) as chosen:
        dialog.packs.cards[0].actionRequested.emit("toy", "use")
    assert chosen.args == ["toy"]
    assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize(("text", "is_file"), [("Install from a folder", False), ("Install from a file", True)])
def test_a_folder_or_file_that_was_chosen_is_asked_for(qtbot: QtBot, tmp_path: Path, text: str, is_file: bool) -> None:
    dialog, asked = dialog_in(qtbot, tmp_path, "/home/ada/pack")
    with qtbot.waitSignal(dialog.importRequested) as wish:
        qtbot.mouseClick(button(dialog, text), Qt.MouseButton.LeftButton)
    assert wish.args == [Path("/home/ada/pack")]
    assert ("*.pth" in asked.kinds[0]) is is_file
    assert not button(dialog, text).isEnabled()
    assert button(dialog, text).accessibleDescription() == "Something is being installed."


def test_who_chooses_nothing_asks_for_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    with qtbot.assertNotEmitted(dialog.importRequested):
        qtbot.mouseClick(button(dialog, "Install from a folder"), Qt.MouseButton.LeftButton)
    assert button(dialog, "Install from a folder").isEnabled()


def test_an_import_can_be_stopped_while_it_runs(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    cancel = button(dialog, "Cancel")
    assert not cancel.isVisible()
    dialog.begin_import(Path("/a/pack.pth"))
    assert cancel.isVisible()
    with qtbot.waitSignal(dialog.importCancelRequested):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert not cancel.isEnabled()
    dialog.fail_import(JobCancelledError())
    assert dialog.message == "Stopped. Nothing was installed."
    assert not cancel.isVisible()


def test_a_pack_that_arrived_is_named_with_its_lender(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    for name in ("transformer", "vae"):
        (tmp_path / name).mkdir()
    pack = replace(manifest(tmp_path), text=PackText(source=TextSource.GEMMA3_270M_GGUF))
    dialog.begin_import(tmp_path)
    dialog.end_import(ImportDone(pack))
    assert dialog.message == "“Toy” is installed."
    dialog.end_import(ImportDone(pack, lender="Big"))
    assert "with the text encoder and autoencoder of “Big”" in dialog.message


def test_a_pack_that_arrived_without_its_parts_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    dialog.end_import(ImportDone(manifest(tmp_path)))
    assert "cannot draw yet: transformer, vae, text_encoder, tokenizer missing" in dialog.message


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (WeightsError("a.pth is damaged.", hint="Download it again."), "a.pth is damaged. Download it again."),
        (BugError("KeyError: 'x'"), "Sana Desktop made a mistake: KeyError: 'x' The details are in the log."),
    ],
)
def test_an_error_is_told_with_what_to_do(qtbot: QtBot, tmp_path: Path, error: SanaError, text: str) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    dialog.show_error(error)
    assert dialog.message == text


def test_a_fetch_shows_how_far_it_is_and_can_be_paused(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    pause = button(dialog, "Pause")
    assert not pause.isVisible()
    dialog.begin_errand(Errand.FETCH)
    bar = part(dialog, QProgressBar)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    progress = FetchProgress(pack_id="a", phase=FetchPhase.FETCHING, done=10**9, total=4 * 10**9, file="vae/a")
    dialog.show_progress(progress)
    assert (bar.value(), bar.maximum()) == (250, 1000)
    assert any("1.0\u00a0GB of 4.0\u00a0GB" in label.text() for label in dialog.findChildren(QLabel))
    with qtbot.waitSignal(dialog.pauseRequested):
        qtbot.mouseClick(pause, Qt.MouseButton.LeftButton)
    assert not dialog.discards
    assert not pause.isEnabled()
    # What was on its way does not hide that it is stopping.
    dialog.show_progress(progress)
    assert any(label.text() == "Pausing…" for label in dialog.findChildren(QLabel))
    dialog.end_errand("Paused.")
    assert dialog.message == "Paused."
    assert not pause.isVisible()


def test_cancelling_a_fetch_throws_away_what_has_arrived_and_stopping_a_check_does_not(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    for errand, discards in ((Errand.FETCH, True), (Errand.VERIFY, False)):
        dialog.begin_errand(errand)
        with qtbot.waitSignal(dialog.pauseRequested):
            qtbot.mouseClick(button(dialog, "Cancel"), Qt.MouseButton.LeftButton)
        assert dialog.discards is discards
        dialog.end_errand("")
    assert dialog.message == ""


def test_a_wish_for_a_pack_is_passed_on_and_the_dialog_stays(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    with qtbot.waitSignal(dialog.wished) as wish:
        dialog.packs.cards[3].actionRequested.emit("sana", "fetch")
    assert wish.args == ["sana", "fetch"]
    assert dialog.isVisible()


def test_every_button_has_words_for_a_screen_reader(qtbot: QtBot, tmp_path: Path) -> None:
    dialog, _ = dialog_in(qtbot, tmp_path)
    assert all(each.accessibleName() or each.text() for each in dialog.findChildren(QPushButton))
