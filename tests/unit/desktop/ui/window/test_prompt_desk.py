from collections.abc import Callable

import pytest

from sana_desktop.domain.choices import Emphasis, PreviewChoice
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.ui.prompt.token_meter import TokenMeter
from support.fake_engine import FakeEngine
from support.widgets import part
from support.window_stage import OpenStage, WindowStage, heard

COLD = "format = 1\n[drawing]\nwarm_up = false\n"


def measuring(monkeypatch: pytest.MonkeyPatch, measure: Callable[..., TokenCount | None]) -> None:
    """Let stages count tokens so."""
    monkeypatch.setattr("support.window_stage.count_words", measure)


def meter(stage: WindowStage) -> str:
    return part(stage.window, TokenMeter).text()


def test_tokens_are_counted_while_one_types(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.type("a red apple")
    stage.until(lambda: meter(stage) == "3 / 300 tokens")
    stage.type(" tree")
    stage.until(lambda: meter(stage) == "4 / 300 tokens")


def test_what_the_draft_holds_is_counted_at_the_start(open_stage: OpenStage) -> None:
    first = open_stage()
    first.type("a red apple")
    first.close()
    second = open_stage()
    second.until(lambda: meter(second) == "3 / 300 tokens")


def test_while_nobody_can_count_nothing_is_claimed(open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Emphasis]] = []

    def unknown(text: str, pack: object, conditioning: object, emphasis: Emphasis) -> None:
        asked.append((text, emphasis))

    measuring(monkeypatch, unknown)
    stage = open_stage()
    stage.type("a (red:1.2) apple")
    stage.until(lambda: ("a (red:1.2) apple", Emphasis.WEIGHTED) in asked)
    assert meter(stage) == ""


def test_the_answer_about_an_older_text_is_not_shown(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.type("a red apple")
    stage.until(lambda: meter(stage) == "3 / 300 tokens")
    stage.window._prompts._counted.emit("another text", TokenCount(99, 300, None))
    stage.qtbot.wait(1)
    assert meter(stage) == "3 / 300 tokens"


def test_words_that_are_not_read_are_counted(open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    measuring(monkeypatch, lambda text, *rest: TokenCount(9, 5, 3))
    stage = open_stage()
    stage.type("one two three")
    stage.until(lambda: "are not read" in meter(stage))


def test_after_a_picture_the_button_says_how_long_the_next_takes(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    button = stage.window.panel._foot._button
    stage.until(lambda: "about" in button.accessibleDescription())
    stage.window.panel.set_draft({"count": 4})
    stage.window.panel.draftChanged.emit()
    stage.until(lambda: "about 10 s" in button.accessibleDescription())


def test_nothing_is_forecast_where_nothing_can_be_drawn(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.window.panel.set_draft({"seed": 2**63 - 1, "seed_locked": True, "count": 2})
    stage.window._prompts.forecast()
    assert "about" not in stage.window.panel._foot._button.accessibleDescription()


def test_the_engine_gets_ready_for_what_the_panel_says(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.until(lambda: isinstance(stage.engine, FakeEngine) and stage.engine.prepared)
    assert stage.engine.prepared[0].pack == "toy"


def test_who_wants_the_memory_until_then_is_obeyed(open_stage: OpenStage) -> None:
    stage = open_stage(settings=COLD)
    stage.draw("a red apple")
    assert stage.engine.prepared == []


def test_a_choice_of_previews_is_passed_on(open_stage: OpenStage) -> None:
    stage = open_stage()
    chosen = heard(stage.window._prompts, "previewChosen")
    stage.window.panel.set_draft({"preview": "tiny"})
    assert chosen == [(PreviewChoice.TINY,)]
    stage.window._prompts.set_preview(PreviewChoice.OFF)
    assert stage.window.panel.preview_choice is PreviewChoice.OFF


def test_after_closing_nothing_is_counted(open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    measuring(monkeypatch, lambda text, *rest: asked.append(text))
    stage = open_stage()
    stage.window.close()
    asked.clear()
    stage.window.panel.set_draft({"prompt": "a red apple"})
    stage.qtbot.wait(1)
    assert asked == []
