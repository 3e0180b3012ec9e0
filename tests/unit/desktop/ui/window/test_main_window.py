import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from sana_desktop.domain.choices import PreviewChoice
from sana_desktop.domain.job import Order
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.system.last_run import BadEnd
from sana_desktop.ui.basics.action_banner import ActionBanner
from sana_desktop.ui.desktop.about_dialog import AboutDialog
from sana_desktop.ui.desktop.crash_dialog import CrashDialog
from sana_desktop.ui.desktop.shortcuts_dialog import ShortcutsDialog
from sana_desktop.ui.packs.pack_dialog import PackDialog
from sana_desktop.ui.packs.pack_switcher import PackSwitcher
from sana_desktop.ui.window.window_state import WindowState, read_state, write_state
from support.held_engine import Held, UntilStopped
from support.packs import manifest, write_pack_file
from support.recipes import recipe
from support.widgets import part
from support.window_stage import CONTROL, SHIFT, Key, OpenStage, WindowStage

PAUSE = (Key.Key_P, CONTROL | SHIFT)

# The offscreen platform has no windows to raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def leave_orders(home: Path, *prompts: str) -> None:
    """What a run of the program that ended leaves in its journal."""
    with QueueJournal(home / "data" / "queue.sqlite") as journal:
        for number, prompt in enumerate(prompts, journal.next_job):
            journal.add(number, Order(recipe=recipe(prompt=prompt, pack="toy")))


def banner(stage: WindowStage, words: str) -> ActionBanner | None:
    """The banner that says something with these words."""
    banners = stage.window.findChildren(ActionBanner)
    return next((found for found in banners if words in found.text), None)


def button(whole: QWidget, text: str) -> QPushButton:
    return next(found for found in whole.findChildren(QPushButton) if found.text() == text)


def test_one_can_type_at_once_and_draw_with_ctrl_enter(open_stage: OpenStage) -> None:
    stage = open_stage()
    assert isinstance(stage.focus(), QPlainTextEdit)
    stage.draw("a red apple")
    (saved,) = stage.pictures()
    assert stage.window.stage.canvas.path == saved
    assert stage.window.stage.canvas.image.size().toTuple() == (128, 128)
    assert saved.name in stage.window._progress.text


def test_the_draft_the_place_and_the_queue_survive_a_restart(open_stage: OpenStage) -> None:
    first = open_stage()
    first.type("a half-written tho")
    first.press(Key.Key_Q, CONTROL | SHIFT)
    # The screen of the tests has 800 x 800 pixels: Qt makes a window fit when it comes back.
    first.window.resize(860, 650)
    first.close()
    second = open_stage()
    assert second.window.panel.draft()["prompt"] == "a half-written tho"
    assert second.window.size().toTuple() == (860, 650)
    assert second.window.queue_panel.isVisible()


def test_the_draft_is_written_while_the_user_rests(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.type("a red apple")
    stage.until(stage.state_path.exists)
    assert read_state(stage.state_path).draft["prompt"] == "a red apple"


def test_a_draft_that_somebody_broke_does_not_matter(open_stage: OpenStage, tmp_path: Path) -> None:
    draft: dict[str, object] = {"prompt": 7, "count": "many", "seed": [], "size": "7x7"}
    write_state(tmp_path / "data" / "window.json", WindowState(draft=draft, geometry=b"no", splitter=b"no"))
    open_stage().draw("a red apple")


def test_the_notice_of_a_pack_is_shown_until_it_is_dismissed(open_stage: OpenStage) -> None:
    first = open_stage(notice="It draws emoji.")
    shown = banner(first, "It draws emoji.")
    assert shown is not None
    shown.dismissed.emit()
    first.close()
    assert banner(open_stage(notice="It draws emoji."), "emoji") is None


def test_an_example_of_the_pack_becomes_the_prompt(open_stage: OpenStage) -> None:
    stage = open_stage(examples=("a red apple", "a green cat"))
    button(stage.window.stage, "a green cat").click()
    assert stage.window.panel.prompt_text == "a green cat"
    assert stage.window.panel.recipe is not None


def test_what_a_pack_says_leads_to_other_packs(open_stage: OpenStage) -> None:
    stage = open_stage(notice="It draws emoji.")
    shown = banner(stage, "emoji")
    assert shown is not None
    button(shown, "See the Sana packs").click()
    stage.until(lambda: part(stage.window, PackDialog).isVisible())


def test_closing_while_it_draws_suspends_the_job_for_the_next_start(open_stage: OpenStage) -> None:
    held = UntilStopped()
    first = open_stage(held.engine)
    first.order("a red apple")
    held.until_held()
    first.order("a green pear")
    first.close()
    assert held.engine.closed
    assert [batch[0].prompt for batch in held.engine.suspended] == ["a red apple"]
    second = open_stage()
    second.until(lambda: banner(second, "2 orders were left"))
    with second.qtbot.waitSignals([second.parts.bridge.jobFinished] * 2):
        second.press(*PAUSE)
    assert [batch[0].prompt for batch in second.engine.batches] == ["a red apple", "a green pear"]
    assert len(second.pictures()) == 2


def test_the_window_may_be_told_twice_to_close(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw()
    stage.window.close()
    stage.window.close()
    assert stage.engine.closed


def test_the_counter_of_tokens_does_not_wait_for_an_answer_that_nobody_needs(
    open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = threading.Event(), threading.Event()

    def slow(*question: object) -> None:
        asked.set()
        assert ended.wait(30)

    stage = open_stage()
    object.__setattr__(stage.parts, "end_measuring", ended.set)
    stage.window._prompts._counter._measure = slow
    stage.type("x")
    assert asked.wait(30)
    stage.window.close()
    assert ended.is_set()


def test_orders_of_the_last_run_wait_until_the_user_goes_on(open_stage: OpenStage, tmp_path: Path) -> None:
    leave_orders(tmp_path, "one", "two", "three")
    stage = open_stage()
    stage.until(lambda: banner(stage, "3 orders were left"))
    assert stage.engine.batches == []
    shown = banner(stage, "3 orders were left")
    assert shown is not None
    with stage.qtbot.waitSignals([stage.parts.bridge.jobFinished] * 3):
        button(shown, "Continue").click()
    assert shown.text == ""
    assert [batch[0].prompt for batch in stage.engine.batches] == ["one", "two", "three"]


def test_orders_of_the_last_run_can_be_thrown_away(open_stage: OpenStage, tmp_path: Path) -> None:
    leave_orders(tmp_path, "one")
    stage = open_stage()
    stage.until(lambda: banner(stage, "1 order was left"))
    shown = banner(stage, "1 order was left")
    assert shown is not None
    button(shown, "Discard").click()
    stage.until(lambda: stage.parts.board.ended == 1 and not stage.parts.board.paused)
    stage.draw("a new one")
    assert [batch[0].prompt for batch in stage.engine.batches] == ["a new one"]
    stage.close()
    assert open_stage().parts.queue.restore() == ()


def test_who_does_not_want_the_old_queue_does_not_get_it(open_stage: OpenStage, tmp_path: Path) -> None:
    leave_orders(tmp_path, "one")
    stage = open_stage(settings="format = 1\n[drawing]\nrestore_queue = false\n")
    stage.draw("a new one")
    assert [batch[0].prompt for batch in stage.engine.batches] == ["a new one"]
    assert banner(stage, "left") is None


def test_a_queue_that_cannot_be_read_is_said(open_stage: OpenStage, tmp_path: Path) -> None:
    leave_orders(tmp_path, "one", "two")
    with QueueJournal(tmp_path / "data" / "queue.sqlite") as journal:
        journal._tasks.put(lambda db: db.execute("UPDATE jobs SET recipe = '{' WHERE job = 1"))
    stage = open_stage()
    stage.until(lambda: "1 of the last run's jobs could not be read" in stage.window._messages.text)
    assert banner(stage, "1 order was left") is not None


def test_notices_of_the_start_are_told_together(open_stage: OpenStage) -> None:
    stage = open_stage(settings="format = 1\n[look]\ntheme = 7\n")
    assert stage.parts.settings.notices
    stage.window.begin(["The queue is new.", ""])
    for notice in (*stage.parts.settings.notices, "The queue is new."):
        assert notice in stage.window._messages.text


def test_a_pattern_for_names_that_will_not_do_is_said_and_the_window_opens(open_stage: OpenStage) -> None:
    stage = open_stage(settings='format = 1\n[files]\nname_pattern = "[nothing]"\n')
    assert "[nothing]" in stage.window._messages.text
    stage.order("a red apple")
    assert stage.engine.batches == []
    assert "[nothing]" in stage.window._messages.text


def test_a_bad_end_is_told_with_what_is_known_of_it(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window.show_bad_end(BadEnd("2026-11-24 05:00:00", "Fatal: somewhere"))
    stage.window.begin(["The queue is new."])
    assert "ended unexpectedly" in stage.window._messages.text
    button(stage.window._messages, "Show report").click()
    dialog = stage.parts.crash.dialog
    assert isinstance(dialog, CrashDialog)
    # What else was to be said comes when the error has been read.
    assert stage.window._messages.text == "The queue is new."
    dialog.close()


def test_the_pack_that_drew_last_is_remembered_and_the_next_order_names_it(
    open_stage: OpenStage, tmp_path: Path
) -> None:
    stage = open_stage()
    folder = write_pack_file(tmp_path / "packs" / "other", "other")
    stage.window.packs_now().packChosen.emit(replace(manifest(folder, "other"), name="Another"))
    assert part(stage.window, PackSwitcher).accessibleName() == "Pack: Another"
    stage.draw("a red apple")
    assert stage.engine.batches[0][0].pack == "other"
    stage.close()
    assert read_state(stage.state_path).pack == "other"


def test_an_installed_pack_can_be_chosen_with_its_dialog(open_stage: OpenStage, tmp_path: Path) -> None:
    write_pack_file(tmp_path / "packs" / "other", "other")
    stage = open_stage()
    stage.press(Key.Key_M, CONTROL | SHIFT)
    dialog = part(stage.window, PackDialog)
    stage.until(lambda: stage.window.packs_now()._survey)
    dialog.packChosen.emit("other")
    assert stage.window.panel.pack.id == "other"
    dialog.close()


def test_escape_ends_a_comparison_before_it_cancels(open_stage: OpenStage) -> None:
    held = Held()
    held.let_go()
    stage = open_stage(held.engine)
    stage.draw("one")
    stage.draw("two")
    stage.press(Key.Key_D, CONTROL)
    assert stage.window.stage.is_comparing
    stage.press(Key.Key_Escape)
    assert not stage.window.stage.is_comparing


@pytest.mark.parametrize(("action", "kind"), [("shortcuts", ShortcutsDialog), ("about", AboutDialog)])
def test_a_dialog_opens_and_goes_for_good(open_stage: OpenStage, action: str, kind: type[QWidget]) -> None:
    stage = open_stage()
    getattr(stage.window._actions, f"{action}Requested").emit()
    part(stage.window, kind).close()
    stage.until(lambda: stage.window.findChild(kind) is None)
    getattr(stage.window._actions, f"{action}Requested").emit()
    part(stage.window, kind).close()


def test_the_folder_of_pictures_is_made_and_shown(open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    stage = open_stage()
    stage.press(Key.Key_O, CONTROL | SHIFT)
    assert shown == [QUrl.fromLocalFile(str(stage.paths.pictures))]
    assert stage.paths.pictures.is_dir()


def test_a_folder_of_pictures_that_cannot_be_made_is_said(
    open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pytest.fail(f"{url} was opened"))
    stage = open_stage()
    stage.paths.pictures.write_text("a file where the folder should be")
    stage.press(Key.Key_O, CONTROL | SHIFT)
    assert "pictures cannot be opened" in stage.window._messages.text


def test_pictures_of_earlier_days_come_to_the_strip(open_stage: OpenStage) -> None:
    first = open_stage()
    first.draw("one")
    first.close()
    second = open_stage()
    second.until(lambda: second.window.strip.model().rowCount() == 1)


def test_what_the_preferences_change_is_followed(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window._preferences.set("drawing.preview", "off")
    assert stage.window.panel.preview_choice is PreviewChoice.OFF
    stage.window._preferences.set("look.animations", False)
    assert not stage.window.stage.canvas._fade.is_wanted
    stage.window._preferences.set("look.theme", "light")
    assert [theme.value for theme, action in stage.window._actions._themes.items() if action.isChecked()] == ["light"]


def test_a_preview_chosen_in_the_panel_is_a_preference_from_then_on(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.window.panel.set_draft({"preview": "off"})
    assert stage.parts.settings.choice("drawing.preview") == "off"
    assert stage.parts.previews().choice is PreviewChoice.OFF
    stage.close()
    draft = json.loads(stage.state_path.read_text())["draft"]
    assert draft["preview"] == "off"
    assert open_stage().window.panel.preview_choice is PreviewChoice.OFF


def test_a_report_holds_prompts_only_where_they_can_be_taken_out(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a secret")
    private = stage.window._private()
    assert "a secret" in private.prompts
    assert private.picture == str(stage.pictures()[0])


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_nothing_is_wider_than_the_window(open_stage: OpenStage, size: tuple[int, int]) -> None:
    stage = open_stage(notice="The starter pack draws emoji-style pictures. " * 5)
    stage.press(Key.Key_Q, CONTROL | SHIFT)
    stage.window.resize(*size)
    assert stage.window.size().toTuple() == size
    assert stage.window.minimumSizeHint().width() <= size[0]
    assert stage.window.minimumSizeHint().height() <= size[1]
