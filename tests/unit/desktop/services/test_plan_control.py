from pathlib import Path

from sana_desktop.domain.memory_plan import CHOICES
from sana_desktop.services.plan_control import SETTING, wished_plan
from support.settings import settings_in


def test_without_a_wish_the_program_chooses(tmp_path: Path) -> None:
    assert wished_plan(settings_in(tmp_path)) is None


def test_every_wish_of_the_preferences_is_a_plan(tmp_path: Path) -> None:
    for name, plan in CHOICES.items():
        settings = settings_in(tmp_path / name, f'format = 1\n[drawing]\nmemory_plan = "{name}"\n')
        assert wished_plan(settings) == plan
        assert settings.choice(SETTING) == name
