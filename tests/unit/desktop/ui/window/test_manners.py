import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase, StepDone
from support.fake_engine import FakeEngine
from support.held_phase import held_engine
from support.window_stage import OpenStage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_machine_stays_awake_while_it_draws(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw()
    stage.until(lambda: stage.lock.told == ["awake", "asleep"])


def test_it_may_sleep_if_the_user_says_so(open_stage: OpenStage) -> None:
    stage = open_stage(settings="[drawing]\nkeep_awake = false\n")
    stage.draw()
    assert stage.lock.told == []


def test_the_title_and_the_taskbar_say_how_far_it_is(open_stage: OpenStage, qtbot: QtBot) -> None:
    with held_engine(Phase.DECODE) as (engine, there, go_on):
        stage = open_stage(engine)
        stage.order("one")
        qtbot.waitUntil(there.is_set)
        stage.order("two")
        qtbot.waitUntil(lambda: stage.window.windowTitle().endswith("% · 1 order waiting"))
        # Taskbar progress is announced on the bus.
        assert stage.bus.announced
        with qtbot.waitSignals([stage.parts.bridge.jobFinished] * 2):
            go_on.set()
        qtbot.waitUntil(lambda: stage.window.windowTitle() == "")


def test_the_title_goes_on_while_a_single_picture_is_drawn(open_stage: OpenStage, qtbot: QtBot) -> None:
    with held_engine(Phase.SAMPLE) as (engine, there, _):
        stage = open_stage(engine)
        stage.order("one")
        qtbot.waitUntil(there.is_set)
        # From here on the queue changes no more: there are only steps.
        qtbot.waitUntil(lambda: stage.window.windowTitle().endswith("%"))
        before = stage.window.windowTitle()
        active = stage.parts.board.active
        assert active is not None
        stage.parts.bridge.listener(StepDone(active.job, 1, 2))
        qtbot.waitUntil(lambda: stage.window.windowTitle() != before)
        assert stage.window.windowTitle().endswith("%")


def test_pictures_are_announced_together_to_somebody_who_looks_elsewhere(
    open_stage: OpenStage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    with held_engine(Phase.LOAD) as (engine, there, go_on):
        stage = open_stage(engine)
        monkeypatch.setattr(stage.window._manners._notice, "pictures_ready", told.append)
        stage.order("one")
        stage.order("two")
        qtbot.waitUntil(there.is_set)
        with qtbot.waitSignals([stage.parts.bridge.jobFinished] * 2):
            go_on.set()
        qtbot.waitUntil(lambda: bool(told))
    assert told[-1] == 2


def test_an_error_is_announced_too(open_stage: OpenStage, qtbot: QtBot) -> None:
    def fail(phase: Phase) -> None:
        raise MemoryError

    stage = open_stage(FakeEngine(on_phase=fail))
    with qtbot.waitSignal(stage.window._drawing.jobFailed):
        stage.order()
