from pathlib import Path

from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.services.preview_control import BUDGET, KIND, PreviewControl
from support.settings import settings_in


def test_nobody_wishes_for_anything_but_the_usual_at_first() -> None:
    assert PreviewControl()() == PreviewWish()


def test_it_follows_the_preferences_whose_budget_is_in_percent(tmp_path: Path) -> None:
    settings, control = settings_in(tmp_path), PreviewControl()
    settings.set(KIND, "tiny")
    settings.set(BUDGET, 7.0)
    control.follow(settings)
    assert control() == PreviewWish(PreviewChoice.TINY, 0.07)


def test_the_preferences_begin_with_the_usual_wish(tmp_path: Path) -> None:
    control = PreviewControl(PreviewWish(PreviewChoice.OFF))
    control.follow(settings_in(tmp_path))
    assert control() == PreviewWish()
