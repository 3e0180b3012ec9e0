import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.line import parse_line
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.choices import Solver
from sana_desktop.errors import PromptListError


def read(line: str) -> Entry:
    entry = parse_line(1, line, [])
    assert entry is not None
    return entry


# The example of A1111's documentation of “Prompts from file or textbox”.
DOCUMENTED = """\
--prompt "photo of sunset"\x20
--prompt "photo of sunset" --negative_prompt "orange, pink, red, sea, water, lake" --width 1024 --height 768 \
--sampler_name "DPM++ 2M Karras" --steps 10 --batch_size 2 --cfg_scale 3 --seed 9
--prompt "photo of winter mountains" --steps 7 --sampler_name "DDIM"
--prompt "photo of winter mountains" --width 1024
"""


def test_the_documented_example_is_understood():
    found: list[Problem] = []
    entries = [parse_line(number, line, found) for number, line in enumerate(DOCUMENTED.splitlines(), start=1)]

    assert entries == [
        Entry(line=1, prompt="photo of sunset"),
        Entry(
            line=2, prompt="photo of sunset", negative="orange, pink, red, sea, water, lake", width=1024, height=768,
            solver=Solver.FLOW_DPM, steps=10, batch_size=2, guidance=3.0, seed=9,
        ),
        Entry(line=3, prompt="photo of winter mountains", steps=7),
        Entry(line=4, prompt="photo of winter mountains", width=1024),
    ]  # fmt: skip
    assert [(problem.line, problem.column) for problem in found] == [(2, 125), (3, 63)]


@pytest.mark.parametrize(
    ("line", "prompt", "negative"),
    [
        # From the discussion of A1111's pull request 5699.
        ("--prompt a castle --negative_prompt trees, shrubs, plants", "a castle", "trees, shrubs, plants"),
        ("--prompt a dog --negative_prompt golden retriever, pug ", "a dog", "golden retriever, pug"),
        (
            "--prompt a portrait of a person --negative_prompt mangled hands, poorly drawn",
            "a portrait of a person",
            "mangled hands, poorly drawn",
        ),
    ],
)
def test_prompts_without_quotes_go_on_to_the_next_flag(line: str, prompt: str, negative: str):
    assert (read(line).prompt, read(line).negative) == (prompt, negative)


@pytest.mark.parametrize("line", ["", "   ", "# note", "// sample prompt file", "  # note --seed 1", "#--prompt x"])
def test_blank_lines_and_comments_are_nothing(line: str):
    assert parse_line(1, line, []) is None


@pytest.mark.parametrize(
    "line",
    [
        "a fox -- in the snow",
        "well--known fox",
        "a fox --",
        "woman, full body ### face, limbs",
        "a dog's life",
        'a "quoted" fox',
        "3 -- 4",
    ],
)
def test_a_line_without_flags_is_its_prompt(line: str):
    assert read(line) == Entry(line=1, prompt=line)


def test_words_before_the_flags_are_the_prompt_as_they_stand():
    assert read("a dog's life --seed 1") == Entry(line=1, prompt="a dog's life", seed=1)
    assert read('a "b" \\(c\\) --steps 2').prompt == 'a "b" \\(c\\)'


def test_an_apostrophe_after_a_flag_is_a_letter():
    assert read("--prompt a dog's life --seed 1") == Entry(line=1, prompt="a dog's life", seed=1)
    assert read("--prompt a dog's and a cat's tail --seed 1").prompt == "a dog's and a cat's tail"


def test_a_blank_negative_prompt_is_one():
    assert read('--prompt fox --negative_prompt ""').negative == ""


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("--prompt fox --sed 5", 14, "Did you mean seed|no flag “sed”"),
        ("a photo --ar 16:9", 9, "no flag “ar”"),
        ("--prompt fox --seed many", 21, "whole number"),
        ("--prompt fox --seed", 14, "no value"),
        ("--seed 1", 1, "no prompt"),
        ("--seed 1 2 --prompt fox", 10, "Expected a flag"),
        ('--prompt "a fox', 10, "never closed"),
        ("--prompt a --prompt b", 12, "greedy|twice"),
        ("fox --prompt b", 5, "before the flags"),
        ("   --prompt fox --seed x", 24, "whole number"),
        ("--prompt fox --width=9", 14, "no flag"),
        ("--prompt fox --outpath_samples ../../etc", 32, "not below"),
    ],
)
def test_what_is_wrong_is_named_with_its_column(line: str, column: int, message: str):
    with pytest.raises(PromptListError, match=message) as caught:
        parse_line(1, line, [])
    assert caught.value.column == column


@given(st.text(alphabet="--promtsed \"'\\#/0123fox", max_size=50))
def test_any_line_is_understood_or_refused(line: str):
    try:
        entry = parse_line(1, line, [])
    except PromptListError as error:
        column = error.column
    else:
        assert entry is None or entry.prompt
        column = 1
    assert 1 <= column <= len(line) + 1
