import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.domain.batch.words import Word, flag_words, shell_words
from sana_desktop.errors import PromptListError

LINES = st.text(alphabet=" \t\\\"'ab-é", max_size=30)


@given(LINES)
def test_words_are_those_of_a_shell(line: str):
    try:
        expected = shlex.split(line)
    except ValueError:
        with pytest.raises(PromptListError):
            shell_words(line)
    else:
        assert [word.text for word in shell_words(line)] == expected


def test_a_word_knows_where_it_began():
    assert shell_words('--prompt "a fox"  x') == [Word("--prompt", 1), Word("a fox", 10), Word("x", 19)]


def test_a_quotation_that_never_ends_is_named_where_it_begins():
    with pytest.raises(PromptListError, match="never closed") as caught:
        shell_words('ab "cd')
    assert caught.value.column == 4


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a dog's life --seed 1", ["a", "dog's", "life", "--seed", "1"]),
        # A shell would take both apostrophes away, and what is between them for one word.
        ("a dog's and a cat's tail", ["a", "dog's", "and", "a", "cat's", "tail"]),
        ("the dogs' park --seed 1", ["the", "dogs'", "park", "--seed", "1"]),
        ("""--prompt a dog's "big life" """, ["--prompt", "a", "dog's", "big life"]),
        ("""--prompt 'a b' "c d" """, ["--prompt", "a b", "c d"]),
        ('a 6" ruler', ["a", '6"', "ruler"]),
    ],
)
def test_apostrophes_are_letters_where_they_cannot_quote(line: str, words: list[str]):
    assert [word.text for word in flag_words(line)] == words


def test_three_double_quotes_are_a_mistake():
    with pytest.raises(PromptListError, match="never closed"):
        flag_words('--prompt "a" "b')
