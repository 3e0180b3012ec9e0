from pathlib import Path

import pytest

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.engine.prompt_tokens import (
    ReadText,
    TextRules,
    read_instruction,
    read_negative,
    read_prompt,
    rules_for,
)
from sana_desktop.engine.text_tokenizer import PromptTokenizer
from sana_desktop.system.pack_manifest import PackText
from support.tiny_gemma import BOS, tiny_tokenizer

# The tiny tokenizer has “▁cat” and “▁red”; other letters are a token each.
TOKENS = 12
BARE = TextRules(None, TOKENS)
INSTRUCTED = TextRules("User Prompt: ", TOKENS)
WEIGHTED = TextRules(None, TOKENS, emphasis=Emphasis.WEIGHTED)
OFFICIAL = TextRules("User Prompt: ", TOKENS, Conditioning.OFFICIAL, Emphasis.WEIGHTED)


@pytest.fixture(scope="module")
def tokenizer() -> PromptTokenizer:
    return PromptTokenizer(tiny_tokenizer(), 0)


def weights_by_token(tokenizer: PromptTokenizer, read: ReadText) -> list[tuple[str, float]]:
    """What weighs other than 1, letter by letter of the tokens."""
    pairs = zip(read.tokens, read.weights, strict=True)
    return [(tokenizer.decode([token]).strip(), weight) for token, weight in pairs if weight != 1.0]


def test_a_bare_prompt_is_bos_and_its_words(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "A red CAT\n", BARE)
    assert read.tokens == tuple(tokenizer.encode("a red cat"))
    assert (read.tokens[0], read.kept_from, read.left_out, read.weights) == (BOS, 1, (), ())
    assert (read.used, read.limit, read.cut_at) == (3, TOKENS - 1, None)


def test_the_instruction_takes_nothing_of_the_room_of_the_words(tokenizer: PromptTokenizer) -> None:
    bare, instructed = read_prompt(tokenizer, "cat", BARE), read_prompt(tokenizer, "cat", INSTRUCTED)
    # Bare, the first word has no space in front and is three letters.
    assert (bare.used, instructed.used) == (3, 1)
    assert bare.limit == instructed.limit
    assert instructed.tokens[instructed.kept_from :] == tuple(tokenizer.encode(" cat")[1:])


@pytest.mark.parametrize("rules", [BARE, INSTRUCTED])
def test_no_words_take_no_room(tokenizer: PromptTokenizer, rules: TextRules) -> None:
    assert read_prompt(tokenizer, " \n", rules).used == 0


@pytest.mark.parametrize("rules", [BARE, INSTRUCTED, OFFICIAL])
def test_what_is_left_out_begins_where_the_count_says(tokenizer: PromptTokenizer, rules: TextRules) -> None:
    text = "  xyz (x:0.5)klmn opqrs tuvw"
    read = read_prompt(tokenizer, text, rules)
    assert read.cut_at is not None
    assert len(read.left_out) == read.used - read.limit
    assert tokenizer.decode(read.left_out) == text[read.cut_at :]
    assert read_prompt(tokenizer, text[: read.cut_at], rules).cut_at is None


def test_a_prompt_that_just_fits_is_not_cut(tokenizer: PromptTokenizer) -> None:
    fitting = read_prompt(tokenizer, "x" * (TOKENS - 1), BARE)
    assert (fitting.used, fitting.limit, fitting.cut_at) == (TOKENS - 1, TOKENS - 1, None)
    beyond = read_prompt(tokenizer, "x" * TOKENS, BARE)
    assert (beyond.used, beyond.cut_at) == (TOKENS, TOKENS - 1)


def test_capitals_that_are_several_small_letters_do_not_shift_the_cut(tokenizer: PromptTokenizer) -> None:
    # “İ” becomes two characters, which are three bytes, a token each.
    text = "İİ" + "x" * TOKENS
    read = read_prompt(tokenizer, text, BARE)
    assert read.cut_at is not None
    assert tokenizer.decode(read.left_out) == text[read.cut_at :]


def test_weights_are_those_of_the_tokens_and_their_signs_are_not_read(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "a (red:1.3) (cat:0.5)", WEIGHTED)
    assert read.tokens == tuple(tokenizer.encode("a red cat"))
    assert weights_by_token(tokenizer, read) == [("red", 1.3), ("cat", 0.5)]


def test_a_token_that_is_weighted_in_part_takes_the_mean_of_its_letters(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "a (re:1.6)d", WEIGHTED)
    assert weights_by_token(tokenizer, read) == [("red", 1.4)]


def test_weights_come_in_steps_that_can_be_seen(tokenizer: PromptTokenizer) -> None:
    assert weights_by_token(tokenizer, read_prompt(tokenizer, "a (red:1.312)", WEIGHTED)) == [("red", 1.3)]


@pytest.mark.parametrize("text", ["a (red:1.0) cat", "a red (cat)", "a red cat"])
def test_weights_of_one_are_none(tokenizer: PromptTokenizer, text: str) -> None:
    assert read_prompt(tokenizer, text, WEIGHTED).weights == ()


def test_literally_a_weight_is_letters(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "a (red:1.3)", TextRules(None, 30))
    assert read.tokens == tuple(tokenizer.encode("a (red:1.3)"))
    assert read.weights == ()


def test_behind_an_instruction_the_first_word_can_weigh_too(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "(CAT:1.5) red", OFFICIAL)
    assert weights_by_token(tokenizer, read) == [(letter, 1.5) for letter in "CAT"]
    lower = read_prompt(tokenizer, "(CAT:1.5) red", TextRules("User Prompt: ", TOKENS, emphasis=Emphasis.WEIGHTED))
    assert weights_by_token(tokenizer, lower) == [("cat", 1.5)]


def test_official_rules_read_up_to_the_first_shape_flag(tokenizer: PromptTokenizer) -> None:
    read = read_prompt(tokenizer, "red --ar 1:1 cat", OFFICIAL)
    assert read.flags == "--ar 1:1 cat"
    assert read.tokens == read_prompt(tokenizer, "red", OFFICIAL).tokens


def test_a_negative_prompt_stands_alone_and_weighs_too(tokenizer: PromptTokenizer) -> None:
    rules = TextRules("User Prompt: ", TOKENS, emphasis=Emphasis.WEIGHTED)
    read = read_negative(tokenizer, " A (red:1.5) cat", rules)
    assert read.tokens == tuple(tokenizer.encode("a red cat"))
    assert weights_by_token(tokenizer, read) == [("red", 1.5)]
    assert read_negative(tokenizer, " A ", OFFICIAL).tokens == tuple(tokenizer.encode(" A "))


def test_the_rules_of_a_pack_are_what_it_says(repository: Path) -> None:
    resources = repository / "resources"
    rules = rules_for(PackText(instruction=True, max_tokens=9), resources, Conditioning.OFFICIAL, Emphasis.WEIGHTED)
    assert rules == TextRules(read_instruction(resources), 9, Conditioning.OFFICIAL, Emphasis.WEIGHTED)
    bare = rules_for(PackText(instruction=False), resources, Conditioning.DIFFUSERS, Emphasis.LITERAL)
    assert bare.instruction is None
