import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.axes import Axis, AxisKind, parse_axis, solver_named
from sana_desktop.domain.choices import Solver
from sana_desktop.errors import PromptListError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # The examples of A1111's documentation.
        ("Steps: 1-5", (1, 2, 3, 4, 5)),
        ("Steps: 1-5 (+2)", (1, 3, 5)),
        ("Steps: 10-5 (-3)", (10, 7)),
        ("CFG Scale: 1-3 (+0.5)", (1, 1.5, 2, 2.5, 3)),
        ("Steps: 1-10 [5]", (1, 3, 5, 7, 10)),
        ("CFG Scale: 0.0-1.0 [6]", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ("Prompt S/R: an apple, a watermelon, a gun", ("an apple", "a watermelon", "a gun")),
        ("Prompt S/R: darkness, light, green, heat", ("darkness", "light", "green", "heat")),
        ('Prompt S/R: darkness, "light, green", heat', ("darkness", '"light', 'green"', "heat")),
        ('Prompt S/R: darkness,"light, green",heat', ("darkness", "light, green", "heat")),
        ("Seed: -1, 5,7", (-1, 5, 7)),
        ("Steps: 5, 10-12, 20", (5, 10, 11, 12, 20)),
        ("cfg: 0-1 (+0.1)", (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)),
        ("Size: 512x512, 768x512", ("512x512", "768x512")),
        ("Prompt order: a, b", (("a", "b"), ("b", "a"))),
    ],
)
def test_values_are_written_as_in_a1111(text: str, values: tuple[object, ...]):
    assert parse_axis(text).values == values


def test_nothing_is_an_axis_of_one():
    assert parse_axis("Nothing") == Axis(AxisKind.NOTHING, ("",))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("Clip skip: 1", 1, "no axis"),
        ("Steps:", 7, "no values"),
        ("Steps: many", 7, "whole number"),
        ("Steps: 1-1000000000000", 7, "at most 10000"),
        ("Steps: 1-9 [999999]", 7, "at most 10000"),
        ("Steps: 1-5 (+0)", 7, "never ends"),
        ("Steps: 5-1", 7, "empty"),
        ("Prompt order: a,b,c,d,e,f,g,h", 14, "at most 10000"),
        ("Size: 500x500", 6, "multiple of 32"),
        ("CFG Scale: 1e999999-2", 11, "a number"),
    ],
)
def test_what_is_wrong_is_named(text: str, column: int, message: str):
    with pytest.raises(PromptListError, match=message) as caught:
        parse_axis(text)
    assert caught.value.column == column


@given(st.text(alphabet='Steps:CFG cale0123456789-+()[],."e', max_size=40))
def test_any_text_is_understood_or_refused(text: str):
    try:
        axis = parse_axis(text)
    except PromptListError:
        return
    assert axis.values


@pytest.mark.parametrize(
    ("name", "solver"),
    [
        ("flow-euler", (Solver.FLOW_EULER, True)),
        ("Euler", (Solver.FLOW_EULER, True)),
        ("DPM++ 2M Karras", (Solver.FLOW_DPM, False)),
        ("Euler a", (None, False)),
        ("DDIM", (None, False)),
        ("Automatic", (None, True)),
    ],
)
def test_samplers_of_other_programs_become_the_nearest_of_ours(name: str, solver: tuple[Solver | None, bool]):
    assert solver_named(name) == solver
