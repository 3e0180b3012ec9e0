import pytest
from PySide6.QtWidgets import QPushButton

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.events import Phase, PhaseStarted, StepDone
from sana_desktop.domain.job import JobState
from sana_desktop.errors import MachineError
from support.fake_engine import FakeEngine
from support.held_engine import Held, UntilStopped
from support.window_stage import CONTROL, SHIFT, Key, OpenStage, WindowStage, heard


def button(stage: WindowStage, name: str) -> QPushButton:
    """The button of the line below the canvas with that accessible name."""
    found = stage.window._progress.findChildren(QPushButton)
    return next(one for one in found if one.accessibleName() == name)


def can_cancel(stage: WindowStage) -> bool:
    """Whether something is drawn and the menu knows it."""
    return stage.parts.board.active is not None and stage.window._actions._cancel.isEnabled()


def test_an_order_goes_through_the_queue_to_the_canvas_the_strip_and_the_disk(open_stage: OpenStage) -> None:
    stage = open_stage()
    saved = heard(stage.window._drawing, "pictureSaved")
    stage.draw("one")
    stage.draw("two")
    assert len(stage.pictures()) == 2
    assert stage.window.strip.model().rowCount() == 2
    assert [picture.recipe.seed for (picture,) in saved] == [100, 101]
    shown = stage.window.stage.shown
    assert shown is not None
    assert (shown.recipe.prompt if shown.recipe else "") == "two"
    assert stage.window._progress.text == f"Saved as {shown.path.name}"


def test_a_picture_forms_on_the_canvas_while_the_line_counts_its_steps(open_stage: OpenStage) -> None:
    engine = FakeEngine(previews=True, on_step=lambda step: held.on_step(step) if step == 3 else None)
    held = Held()
    stage = open_stage(engine)
    stage.order("a red apple")
    held.until_held()
    stage.until(lambda: stage.window._progress.text == "Step 2 of 4")
    stage.until(lambda: not stage.window.stage.canvas.image.isNull())
    assert stage.window.stage.canvas.path is None
    with stage.qtbot.waitSignal(stage.parts.bridge.jobFinished):
        held.let_go()
    assert stage.window.stage.canvas.path == stage.pictures()[0]


def test_escape_throws_away_what_is_drawn_and_the_next_order_can_start(open_stage: OpenStage) -> None:
    held = UntilStopped()
    stage = open_stage(held.engine)
    stage.order("a red apple")
    held.until_held()
    stage.until(lambda: can_cancel(stage))
    stage.press(Key.Key_Escape)
    assert stage.window._progress.text == "Cancelling"
    stage.until(lambda: stage.window._progress.text.startswith("Cancelled"))
    assert stage.pictures() == []
    # No unfinished picture stays where finished ones are shown.
    assert stage.window.stage.canvas.image.isNull()
    stage.order("a green pear")
    stage.until(lambda: can_cancel(stage))
    stage.press(Key.Key_Escape)
    stage.until(lambda: stage.parts.board.ended == 2)


def test_news_from_before_the_wish_to_stop_do_not_take_its_place(open_stage: OpenStage) -> None:
    held = Held()
    stage = open_stage(held.engine)
    stage.order("a red apple")
    held.until_held()
    stage.until(lambda: can_cancel(stage))
    stage.press(Key.Key_Escape)
    with stage.qtbot.waitSignal(stage.parts.bridge.stepDone):
        stage.parts.bridge.listener(StepDone(1, 1, 4))
    with stage.qtbot.waitSignal(stage.parts.bridge.phaseStarted):
        stage.parts.bridge.listener(PhaseStarted(1, Phase.DECODE))
    assert stage.window._progress.text == "Cancelling"
    with stage.qtbot.waitSignal(stage.parts.bridge.jobCancelled):
        held.let_go()


def test_stop_and_keep_saves_the_picture_as_it_stands(open_stage: OpenStage) -> None:
    held = Held()
    engine = FakeEngine(on_step=lambda step: held.on_step(step) if step == 3 else None)
    stage = open_stage(engine)
    stage.order("a red apple")
    held.until_held()
    keep = button(stage, "Stop and keep the picture")
    stage.until(lambda: keep.isVisible() and keep.isEnabled() and stage.window._actions._keep.isEnabled())
    stage.press(Key.Key_K, CONTROL)
    assert "keeping" in stage.window._progress.text
    with stage.qtbot.waitSignal(stage.parts.bridge.jobFinished):
        held.let_go()
    shown = stage.window.stage.shown
    assert shown is not None
    assert shown.recipe is not None
    assert shown.recipe.stop_after == 2


def test_while_something_is_drawn_orders_wait_and_everything_can_be_stopped(open_stage: OpenStage) -> None:
    held = UntilStopped()
    stage = open_stage(held.engine)
    for prompt in ("one", "two", "three"):
        stage.order(prompt)
    held.until_held()
    stage.until(lambda: stage.parts.board.waiting == 2)
    assert stage.window.panel._foot._button.text() == "Add to queue"
    stage.press(Key.Key_X, CONTROL | SHIFT)
    stage.until(lambda: not stage.parts.board.busy)
    assert [stage.parts.queue.state(job) for job in (1, 2, 3)] == [JobState.CANCELLED] * 3
    stage.until(lambda: stage.window.panel._foot._button.text() == "Generate")


def test_an_order_can_go_before_all_that_wait(open_stage: OpenStage) -> None:
    held = Held()
    stage = open_stage(held.engine)
    stage.order("now")
    held.until_held()
    stage.order("later")
    stage.press(Key.Key_A, CONTROL)
    stage.type("first")
    stage.press(Key.Key_Return, CONTROL | SHIFT)
    with stage.qtbot.waitSignals([stage.parts.bridge.jobFinished] * 3):
        held.let_go()
    assert [batch[0].prompt for batch in held.engine.batches] == ["now", "first", "later"]


def test_a_pause_lets_the_running_picture_be_finished_and_begins_no_other(open_stage: OpenStage) -> None:
    held = Held()
    stage = open_stage(held.engine)
    stage.window.panel.set_draft({"count": 2})
    stage.order("a red apple")
    held.until_held()
    stage.until(lambda: stage.parts.board.active)
    stage.press(Key.Key_P, CONTROL | SHIFT)
    stage.until(lambda: stage.parts.board.paused)
    with stage.qtbot.waitSignal(stage.parts.bridge.pictureSaved):
        held.let_go()
    stage.until(lambda: stage.window._progress.text == "Paused")
    assert len(stage.pictures()) == 1
    with stage.qtbot.waitSignal(stage.parts.bridge.jobFinished):
        stage.press(Key.Key_P, CONTROL | SHIFT)
    assert len(stage.pictures()) == 2


def test_a_known_error_is_shown_with_its_hint_and_reported_to_nobody(open_stage: OpenStage) -> None:
    def fail(phase: Phase) -> None:
        raise MachineError("Too little memory.", hint="Close other programs.")

    stage = open_stage(FakeEngine(on_phase=fail))
    with stage.qtbot.waitSignal(stage.window._drawing.jobFailed):
        stage.order("a red apple")
    assert stage.window._messages.text == "Too little memory. Close other programs."
    assert stage.window._progress.text == "Stopped by an error"
    assert stage.parts.crash.dialog is None


def test_a_mistake_of_ours_is_reported_with_its_details(open_stage: OpenStage) -> None:
    def fail(phase: Phase) -> None:
        raise ZeroDivisionError("in the middle")

    stage = open_stage(FakeEngine(on_phase=fail))
    stage.order("a secret prompt")
    stage.until(lambda: stage.parts.crash.dialog)
    assert "made a mistake" in stage.window._messages.text
    dialog = stage.parts.crash.dialog
    assert dialog is not None
    assert "ZeroDivisionError" in dialog._report.trace
    dialog.close()


def test_what_cannot_be_saved_is_said_before_anything_is_drawn(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.paths.pictures.write_text("a file where the folder should be")
    stage.order("a red apple")
    assert "pictures" in stage.window._messages.text
    assert stage.engine.batches == []


def test_a_passing_notice_goes_when_a_new_order_begins(open_stage: OpenStage) -> None:
    stage = open_stage(FakeEngine(notice="The prompt was cut."))
    stage.draw("a red apple")
    assert stage.window._messages.text == "The prompt was cut."
    stage.order("a green pear")
    assert stage.window._messages.text == ""
    stage.until(lambda: stage.parts.board.ended == 2)


@pytest.mark.parametrize(
    ("wanted", "typed", "drawn"),
    [
        ("fp32", "auto", Precision.FP32),
        ("fp32", "bf16", Precision.BF16),
        # This pack must not be drawn so.
        ("fp16", "auto", Precision.AUTO),
    ],
)
def test_the_preferred_precision_fills_what_the_panel_leaves_open_and_the_pack_bears(
    open_stage: OpenStage, wanted: str, typed: str, drawn: Precision
) -> None:
    stage = open_stage(settings=f'format = 1\n[drawing]\nprecision = "{wanted}"\n')
    stage.window.panel.set_draft({"precision": typed})
    stage.draw("a red apple")
    assert stage.engine.batches[0][0].precision is drawn


def test_pictures_go_where_the_preferences_say_at_that_moment(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("one")
    elsewhere = stage.paths.data / "elsewhere"
    stage.window._preferences.set("files.pictures_folder", str(elsewhere))
    stage.window._preferences.set("files.name_pattern", "[prompt_words]_[seed]")
    stage.window._preferences.set("files.format", "webp")
    stage.draw("a green pear")
    assert [path.name for path in elsewhere.iterdir()] == ["a-green-pear_101.webp"]
    assert len(stage.pictures()) == 1
