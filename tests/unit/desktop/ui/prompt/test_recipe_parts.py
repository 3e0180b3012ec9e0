from sana_desktop.ui.prompt.recipe_parts import RecipePart


def test_all_is_all_but_the_seed_and_the_seed():
    assert RecipePart.ALL == RecipePart.ALL_BUT_SEED | RecipePart.SEED
    assert RecipePart.SEED not in RecipePart.ALL_BUT_SEED
    assert set(RecipePart.ALL) == {
        RecipePart.PROMPT,
        RecipePart.NEGATIVE,
        RecipePart.SEED,
        RecipePart.SIZE,
        RecipePart.SETTINGS,
    }
