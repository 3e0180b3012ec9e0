"""The plan for memory that the user insists on, if any."""

from sana_desktop.domain.memory_plan import CHOICES, MemoryPlan
from sana_desktop.system.settings import Settings

SETTING = "drawing.memory_plan"


def wished_plan(settings: Settings) -> MemoryPlan | None:
    """The plan of the preferences; None where the program chooses."""
    return CHOICES.get(settings.choice(SETTING))
