import unicodedata
from datetime import datetime
from pathlib import Path, PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import LARGEST_SEED, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.names import LONGEST_WORDS, picture_stem, safe_words

NOW = datetime(2026, 3, 9, 14, 5, 59)
FORBIDDEN = set('<>:"/\\|?*\0')

# What a prompt may hold: anything but lone surrogates.
prompts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def recipe(prompt: str, seed: int = 1234) -> Recipe:
    return Recipe(
        prompt=prompt, size=Size(32, 32), steps=1, guidance=1.0, seed=seed, solver=Solver.FLOW_DPM, pack="paper"
    )


def test_names_tell_date_seed_and_words():
    assert picture_stem(recipe("A red fox!"), NOW) == "2026-03-09_14-05-59_1234_a-red-fox"


def test_a_prompt_without_words_gives_a_name_without_words():
    for prompt in ("", "  ", "???", "../..", "\x00\n"):
        assert picture_stem(recipe(prompt), NOW) == "2026-03-09_14-05-59_1234"


def test_scripts_of_the_world_stay_readable():
    assert safe_words("Ein schönes Mädchen, 3 Äpfel") == "ein-schönes-mädchen-3-äpfel"
    assert safe_words("红色的苹果，蓝色背景") == "红色的苹果-蓝色背景"
    assert safe_words("हिन्दी किताब") == "हिन्दी-किताब"
    assert safe_words("e\u0301te\u0301") == "été"


def test_long_prompts_are_cut_between_words():
    assert safe_words("one two three four", 13) == "one-two-three"
    assert safe_words("one two three four", 12) == "one-two"
    assert safe_words("苹苹苹苹", 7) == "苹苹"


def test_paths_in_prompts_do_not_lead_anywhere():
    assert safe_words("../../etc/passwd") == "etc-passwd"
    assert safe_words("C:\\Windows\\a.exe") == "c-windows-a-exe"
    # Signs that turn the reading direction would disguise an ending.
    assert safe_words("a\u202egpj.exe") == "a-gpj-exe"


@given(prompts, st.integers(0, LARGEST_SEED), st.datetimes())
def test_every_prompt_gives_a_name_for_every_file_system(prompt: str, seed: int, now: datetime):
    name = picture_stem(recipe(prompt, seed), now) + "-10000.jpeg"

    assert len(name.encode("utf-8")) <= 143
    assert not FORBIDDEN & set(name)
    assert all(unicodedata.category(letter)[0] not in "CZ" or letter == " " for letter in name)
    assert " " not in name
    assert name == name.strip(". ")
    assert Path(name).name == name
    assert PureWindowsPath(name).name == name


@given(prompts, st.integers(1, 200))
def test_words_keep_their_limit_and_begin_and_end_with_a_word(prompt: str, most_bytes: int):
    words = safe_words(prompt, most_bytes)

    assert len(words.encode("utf-8")) <= most_bytes
    assert words.strip("-") == words
    assert "--" not in words


def test_a_file_with_such_a_name_can_be_made(tmp_path: Path):
    name = picture_stem(recipe("苹" * 400, LARGEST_SEED), NOW) + ".png"

    (tmp_path / name).write_bytes(b"")

    assert len(safe_words("苹" * 400).encode("utf-8")) == LONGEST_WORDS
