import unicodedata
from datetime import datetime
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import OutputError
from sana_desktop.gallery.name_pattern import DEFAULT_PATTERN, FILLS, LONGEST_PATTERN, NamePattern, number_of

NOW = datetime(2026, 3, 9, 14, 5, 59)
FORBIDDEN = set('<>:"/\\|?*\0')
USUAL = NamePattern.parse(DEFAULT_PATTERN)

# What a prompt may hold: anything but lone surrogates.
prompts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def recipe(prompt: str = "A red fox!", seed: int = 1234, pack: str = "paper") -> Recipe:
    return Recipe(
        prompt=prompt, size=Size(64, 32), steps=20, guidance=4.5, seed=seed, solver=Solver.FLOW_DPM, pack=pack
    )


def stem(pattern: str, prompt: str = "A red fox!", number: int = 42, pack: str = "paper") -> str:
    return NamePattern.parse(pattern).stem_for(recipe(prompt, pack=pack), NOW, number)


def test_without_a_choice_names_tell_date_seed_and_words():
    assert USUAL.stem_for(recipe(), NOW) == "2026-03-09_14-05-59_1234_a-red-fox"
    assert USUAL.folders_for(recipe(), NOW) == ()
    assert not USUAL.counts


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("[number]-[seed]-[prompt_words]", "00042-1234-a-red-fox"),
        ("[seed]", "1234"),
        ("[seed] [width]x[height] [steps] [cfg] [sampler]", "1234 64x32 20 4.5 flow-dpm"),
        ("[pack] [model_name] [time]", "paper paper 14-05-59"),
        ("mein Bild [seed]!", "mein Bild 1234!"),
    ],
)
def test_words_in_brackets_are_filled_in(pattern: str, name: str):
    assert stem(pattern) == name


def test_slashes_make_folders():
    pattern = NamePattern.parse("[pack]/[date]/[number]-[seed]")

    assert pattern.folders_for(recipe(), NOW) == ("paper", "2026-03-09")
    assert pattern.stem_for(recipe(), NOW, 7) == "00007-1234"
    assert pattern.counts


@pytest.mark.parametrize("prompt", ["", "  ", "???", "../..", "\x00\n"])
def test_a_prompt_without_words_takes_its_joint_along(prompt: str):
    assert USUAL.stem_for(recipe(prompt), NOW) == "2026-03-09_14-05-59_1234"
    assert stem("[prompt_words]-[seed]", prompt) == "1234"
    assert stem("[number] - [prompt_words] - [seed]", prompt) == "00042 - 1234"
    assert NamePattern.parse("[prompt_words]/[seed]").folders_for(recipe(prompt), NOW) == ("_",)


@pytest.mark.parametrize(
    ("pattern", "complaint", "hint"),
    [
        ("[sed]", "[sed] is not a word", "Did you mean [seed]?"),
        ("[frobnicate][seed]", "[frobnicate] is not a word", "Known: [number] [seed]"),
        ("[seed", "no partner", "[seed]"),
        ("[[seed]]", "no partner", "[seed]"),
        ("[seed]?", "“?”", "dash"),
        ("C:\\[seed]", "“:”", "dash"),
        ("[seed]\t", "control characters", "dash"),
        ("", "is empty", "[date]"),
        ("/[seed]", "is empty", "[date]"),
        ("../[seed]", "is empty", "[date]"),
        ("[date]//[seed]", "is empty", "[date]"),
        ("[date]/", "is empty", "[date]"),
        ("picture", "the same name", "[number], [seed], [time], [datetime]"),
        ("[seed]/[date]", "the same name", "After the last slash"),
        ("[seed]-[number]", "first word", "directly after the last slash"),
        ("[number]/[seed]", "first word", "directly after the last slash"),
        ("[seed]" + "x" * LONGEST_PATTERN, "at most 120", ""),
    ],
)
def test_what_would_not_do_on_every_disk_is_refused(pattern: str, complaint: str, hint: str):
    with pytest.raises(OutputError) as caught:
        NamePattern.parse(pattern)
    assert complaint in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize("word", ["con", "NUL", "com1", "aux.x"])
def test_names_that_windows_keeps_for_itself_are_avoided(word: str):
    folders = NamePattern.parse(f"{word}/[seed]").folders_for(recipe(), NOW)
    assert folders == (f"_{word}",)


def test_the_number_at_the_beginning_of_a_name_is_found_again():
    assert number_of("00042-1234-a-red-fox.png") == 42
    assert number_of("123456.png") == 123456
    for other in ("2026-03-09_14-05-59_1234.png", "20260309.png", "fox-00042.png", "0042.png", ""):
        assert number_of(other) == 0


words = st.sampled_from(sorted(FILLS)).map(lambda word: f"[{word}]")
patterns = st.lists(words | st.sampled_from(["-", "_", ".", " ", "/", "ä", "x" * 30]), max_size=12).map("".join)


@given(patterns, prompts, st.integers(0, LARGEST_SEED), st.datetimes(), st.integers(1, 999_999))
def test_every_pattern_and_prompt_give_a_name_for_every_file_system(
    text: str, prompt: str, seed: int, now: datetime, number: int
):
    for candidate in (text, DEFAULT_PATTERN, f"[number]{text}"):
        try:
            pattern = NamePattern.parse(candidate)
        except OutputError:
            continue
        whole = recipe(prompt, seed)
        name = pattern.stem_for(whole, now, number) + "-10000.jpeg"
        assert len(name.encode("utf-8")) <= 143
        for part in (*pattern.folders_for(whole, now), name):
            assert not FORBIDDEN & set(part)
            assert all(unicodedata.category(letter)[0] not in "CZ" or letter == " " for letter in part)
            assert part == part.strip(". ")
            assert Path(part).name == part
            assert PureWindowsPath(part).name == part


def test_a_file_with_such_a_name_can_be_made(tmp_path: Path):
    name = USUAL.stem_for(recipe("苹" * 400, LARGEST_SEED), NOW) + ".png"

    (tmp_path / name).write_bytes(b"")

    assert len(name.encode("utf-8")) < 143
