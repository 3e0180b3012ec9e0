"""What can be taken over from the recipe of a picture."""

from enum import Flag, auto


class RecipePart(Flag):
    """Parts of a recipe as an artist thinks of them; several are joined with `|`.

    SETTINGS are steps, guidance, solver and precision.
    """

    PROMPT = auto()
    NEGATIVE = auto()
    SEED = auto()
    SIZE = auto()
    SETTINGS = auto()
    ALL_BUT_SEED = PROMPT | NEGATIVE | SIZE | SETTINGS
    ALL = ALL_BUT_SEED | SEED
