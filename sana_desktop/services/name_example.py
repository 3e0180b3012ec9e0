"""What a picture would be called, to be shown while a pattern of names is written."""

from datetime import datetime

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.name_pattern import NamePattern
from sana_desktop.services.saving import suffix_of

PROMPT = "A red fox in the snow"
SEED = 1234567890


def example_name(pattern: str, picture_format: str, now: datetime) -> str:
    """The path of a picture below the folder of pictures; raises `OutputError` for a pattern that will not do."""
    parsed = NamePattern.parse(pattern)
    recipe = Recipe(
        prompt=PROMPT,
        size=Size(1024, 1024),
        steps=20,
        guidance=4.5,
        seed=SEED,
        solver=Solver.FLOW_DPM,
        pack="starter",
    )
    parts = (*parsed.folders_for(recipe, now), parsed.stem_for(recipe, now, 42))
    return "/".join(parts) + suffix_of(picture_format)
