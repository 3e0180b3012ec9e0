from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.gallery.names import safe_words

# What a prompt may hold: anything but lone surrogates.
prompts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


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


@given(prompts, st.integers(1, 200))
def test_words_keep_their_limit_and_begin_and_end_with_a_word(prompt: str, most_bytes: int):
    words = safe_words(prompt, most_bytes)

    assert len(words.encode("utf-8")) <= most_bytes
    assert words.strip("-") == words
    assert "--" not in words
