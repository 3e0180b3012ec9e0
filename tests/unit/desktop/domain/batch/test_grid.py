import pytest

from sana_desktop.domain.batch.axes import parse_axis
from sana_desktop.domain.batch.grid import Cell, cell_of
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PromptListError


def cell(*pairs: tuple[str, object]) -> Cell:
    return cell_of(tuple((parse_axis(text), value) for text, value in pairs))  # pyright: ignore[reportArgumentType]


def test_values_become_changes():
    found = cell(("Seed: 5", 5), ("Steps: 3", 3), ("CFG: 1", 1), ("Sampler: Euler", "Euler"), ("Size: 64x32", "64x32"))
    assert found == Cell(seed=5, steps=3, guidance=1.0, solver=Solver.FLOW_EULER, size=Size(64, 32))
    assert cell(("Seed: -1", -1), ("Nothing", "")) == Cell()


def test_search_and_replace_makes_the_documented_prompts():
    axis = "Prompt S/R: an apple, a watermelon, a gun"
    prompts = [
        cell((axis, value)).replaced("a man holding an apple, 8k clean", "", column=1)[0]
        for value in parse_axis(axis).values
    ]
    assert prompts == [
        "a man holding an apple, 8k clean",
        "a man holding a watermelon, 8k clean",
        "a man holding a gun, 8k clean",
    ]


def test_the_negative_prompt_is_searched_too_and_what_is_in_neither_is_named():
    found = cell(("Prompt S/R: red, blue", "blue"))
    assert found.replaced("fox", "red dog", column=1) == ("fox", "blue dog")
    with pytest.raises(PromptListError, match="neither prompt") as caught:
        found.replaced("fox", "dog", column=9)
    assert caught.value.column == 9


def test_words_are_put_in_another_order_at_their_places():
    found = cell(("Prompt order: red, blue", ("blue", "red")))
    assert found.replaced("a red and a blue fox", "", column=1)[0] == "a blue and a red fox"
    with pytest.raises(PromptListError, match="not in the prompt"):
        found.replaced("a red fox", "", column=1)
    with pytest.raises(PromptListError, match="overlaps"):
        cell(("Prompt order: red, ed", ("red", "ed"))).replaced("a red fox", "", column=1)


def test_a_replacement_cannot_explode():
    with pytest.raises(PromptListError, match="longer"):
        cell((f"Prompt S/R: a,{'b' * 5000}", "b" * 5000)).replaced("a" * 1000, "", column=1)
