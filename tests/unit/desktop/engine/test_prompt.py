import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.prompt import PromptFeatures, encode_prompt
from sana_desktop.engine.prompt_tokens import TextRules, read_instruction
from sana_desktop.engine.text_encoder import GemmaEncoder
from sana_desktop.engine.text_features import TextFeatures
from sana_desktop.engine.text_tokenizer import PromptTokenizer
from sana_desktop.errors import JobCancelledError, MachineError
from support.tiny_gemma import tiny_gemma, tiny_tokenizer, wrapped_tokenizer

TOKENS = 24
INSTRUCTION = ["Enhance:", "User Prompt: "]
OFFICIAL = TextRules("\n".join(INSTRUCTION), TOKENS, Conditioning.OFFICIAL)
PROMPTS = [
    "cat",
    "",
    "A Red CAT\n",
    "🍎",
    " two  spaces ",
    "é" * 9,
    "a red cat on a very long mat of many colours",
    "<eos> cat",
]


@pytest.fixture(scope="module")
def model() -> Any:
    return tiny_gemma("Gemma2Model")


@pytest.fixture(scope="module")
def encoder(model: Any) -> GemmaEncoder:
    return GemmaEncoder(model, PromptTokenizer(tiny_tokenizer(), 0), "tiny")


@pytest.fixture(scope="module")
def oracle(model: Any) -> Any:
    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline

    # Nothing but the text parts is used, and the pipeline does not ask for more.
    parts: list[Any] = [None] * 3
    return SanaPipeline(wrapped_tokenizer(), model, *parts)


def by_diffusers(oracle: Any, prompt: str, negative: str, rules: TextRules) -> tuple[TextFeatures, TextFeatures]:
    """The oracle's features, valid positions only."""
    with torch.no_grad():
        states, mask, negative_states, negative_mask = oracle.encode_prompt(
            prompt,
            negative_prompt=negative,
            max_sequence_length=rules.max_tokens,
            complex_human_instruction=rules.instruction.split("\n") if rules.instruction else None,
            device=torch.device("cpu"),
        )
    return (
        TextFeatures(states[:, mask[0].bool()], mask[mask.bool()][None].bool()),
        TextFeatures(negative_states[:, negative_mask[0].bool()], negative_mask[negative_mask.bool()][None].bool()),
    )


def encode(encoder: GemmaEncoder, prompt: str, negative: str, rules: TextRules) -> PromptFeatures:
    return encode_prompt(encoder, prompt, negative, rules, EmbeddingCache())


def assert_same(found: TextFeatures, expected: TextFeatures) -> None:
    assert torch.equal(found.mask_1L, expected.mask_1L)
    torch.testing.assert_close(found.states_1LE, expected.states_1LE, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("instruction", ["\n".join(INSTRUCTION), None], ids=["instruction", "bare"])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_both_halves_are_those_of_diffusers(
    encoder: GemmaEncoder, oracle: Any, prompt: str, instruction: str | None
) -> None:
    rules = TextRules(instruction, TOKENS)
    negative = PROMPTS[-PROMPTS.index(prompt)]
    found = encode(encoder, prompt, negative, rules)
    cond, uncond = by_diffusers(oracle, prompt, negative, rules)
    assert_same(found.cond, cond)
    assert_same(found.uncond, uncond)


@pytest.mark.parametrize("prompt", ["a red apple", "", "🍎", "word " * 200])
def test_the_shipped_instruction_gives_what_diffusers_gives_by_default(
    encoder: GemmaEncoder, oracle: Any, repository: Path, prompt: str
) -> None:
    rules = TextRules(read_instruction(repository / "resources"), 300)
    cond, uncond = by_diffusers(oracle, prompt, "", rules)
    found = encode(encoder, prompt, "", rules)
    assert_same(found.cond, cond)
    assert_same(found.uncond, uncond)


def test_the_shipped_instruction_is_the_one_of_diffusers(repository: Path) -> None:
    import inspect

    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline

    default = inspect.signature(SanaPipeline.__call__).parameters["complex_human_instruction"].default
    assert read_instruction(repository / "resources") == "\n".join(default)


def test_a_missing_instruction_file_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"instruction\.txt cannot be read"):
        read_instruction(tmp_path)


@pytest.mark.parametrize(
    ("prompt", "first_word"),
    [("cat", "▁cat"), ("", "▁"), ("xylophone", "▁")],
    ids=["joins the last space", "is empty", "does not join"],
)
def test_the_window_begins_where_the_instruction_s_last_space_stands(
    encoder: GemmaEncoder, prompt: str, first_word: str
) -> None:
    instruction = "\n".join(INSTRUCTION)
    tokenizer = tiny_tokenizer()
    tokens = tokenizer.encode(instruction + prompt)
    start = len(tokenizer.encode(instruction).ids) - 1
    assert tokens.tokens[start] == first_word
    every_LE = encoder.states(tokens.ids)
    found = encode(encoder, prompt, "", TextRules(instruction, TOKENS)).cond
    torch.testing.assert_close(found.states_1LE[0], torch.cat([every_LE[:1], every_LE[start:]]), atol=1e-6, rtol=0)


def test_padding_after_a_prompt_does_not_change_its_states(encoder: GemmaEncoder) -> None:
    tokens = encoder.tokenizer.encode("a red cat")
    padded_LE = encoder.states(tokens, 50)
    assert padded_LE.shape[0] == 50
    torch.testing.assert_close(padded_LE[: len(tokens)], encoder.states(tokens), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("negative", ["", "Ugly, RED cat", "word " * 20])
@pytest.mark.parametrize("prompt", ["cat", "a much longer prompt than that", "word " * 20])
def test_official_rules_keep_letters_and_give_the_negative_the_prompt_s_mask(
    encoder: GemmaEncoder, model: Any, prompt: str, negative: str
) -> None:
    """Computed as the official program does: everything padded in full, then selected and masked."""
    wrapped = wrapped_tokenizer()
    assert OFFICIAL.instruction is not None
    length = len(wrapped.encode(OFFICIAL.instruction)) + TOKENS - 2
    select = [0, *range(-TOKENS + 1, 0)]

    def run(text: str, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        inputs = wrapped(text, max_length=length, padding="max_length", truncation=True, return_tensors="pt")
        with torch.no_grad():
            return model(inputs.input_ids, inputs.attention_mask)[0], inputs.attention_mask.bool()

    states, mask = run(OFFICIAL.instruction + prompt.strip(), length)
    negative_states, _ = run(negative, TOKENS)
    valid = mask[:, select][0]
    found = encode(encoder, prompt, negative, OFFICIAL)
    torch.testing.assert_close(found.cond.states_1LE, states[:, select][:, valid], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found.uncond.states_1LE, negative_states[:, valid], atol=1e-5, rtol=1e-5)
    assert bool(found.cond.mask_1L.all())
    assert torch.equal(found.cond.mask_1L, found.uncond.mask_1L)


def test_the_two_rules_read_capital_letters_differently(encoder: GemmaEncoder) -> None:
    ours = encode(encoder, "RED cat", "", TextRules(None, TOKENS))
    small = encode(encoder, "red cat", "", TextRules(None, TOKENS))
    official = encode(encoder, "RED cat", "", TextRules(None, TOKENS, Conditioning.OFFICIAL))
    assert torch.equal(ours.cond.states_1LE, small.cond.states_1LE)
    assert not torch.equal(ours.cond.states_1LE, official.cond.states_1LE)


@pytest.mark.parametrize("flag", ["--ar 16:9", "--aspect_ratio 1:2", "--hw 512:512", "--ar 16:9 --hw 1:1"])
def test_official_rules_leave_shape_flags_out_and_say_so(encoder: GemmaEncoder, flag: str) -> None:
    plain = encode(encoder, "a red cat", "", OFFICIAL)
    flagged = encode(encoder, f"a red cat {flag}", "", OFFICIAL)
    assert torch.equal(plain.cond.states_1LE, flagged.cond.states_1LE)
    assert plain.notices == ()
    assert f"“{flag}”" in flagged.notices[0]


def test_diffusers_rules_read_shape_flags_as_words(encoder: GemmaEncoder) -> None:
    found = encode(encoder, "cat --ar 1:1", "", TextRules(None, TOKENS))
    assert found.notices == ()
    assert found.cond.states_1LE.shape[1] == 1 + len("cat --ar 1:1")


def test_a_prompt_at_the_limit_is_whole_and_one_beyond_is_cut_with_a_notice(encoder: GemmaEncoder) -> None:
    rules = TextRules(None, TOKENS)
    fitting = encode(encoder, "x" * (TOKENS - 1), "", rules)
    assert (fitting.notices, fitting.cond.states_1LE.shape[1]) == ((), TOKENS)
    cut = encode(encoder, "x" * (TOKENS - 1) + "yz", "", rules)
    assert torch.equal(cut.cond.states_1LE, fitting.cond.states_1LE)
    assert cut.notices == ("The prompt is too long by 2 tokens; its end was left out: “yz”.",)


def test_with_an_instruction_the_same_number_of_positions_is_left_for_the_prompt(encoder: GemmaEncoder) -> None:
    rules = TextRules("\n".join(INSTRUCTION), TOKENS)
    # The instruction's last space stays a token of its own before an x, and takes one of the positions.
    fitting = encode(encoder, "x" * (TOKENS - 2), "", rules)
    assert (fitting.notices, fitting.cond.states_1LE.shape[1]) == ((), TOKENS)
    assert encode(encoder, "x" * (TOKENS - 1), "", rules).notices


def test_a_long_negative_prompt_is_cut_too_and_long_quotes_lose_their_middle(encoder: GemmaEncoder) -> None:
    found = encode(encoder, "cat", "b" * 500 + "END", TextRules(None, TOKENS))
    assert found.uncond.states_1LE.shape[1] == TOKENS
    (notice,) = found.notices
    assert "negative prompt" in notice
    assert re.search(r"“b{80} … b{77}end”", notice)


def test_states_that_the_cache_knows_are_not_computed_again(encoder: GemmaEncoder) -> None:
    class Unwilling:
        tokenizer = encoder.tokenizer
        fingerprint = encoder.fingerprint

        def states(self, tokens: Any, length: Any = None, check: Any = None) -> torch.Tensor:
            raise AssertionError(f"asked to encode {tokens}")

    cache, rules = EmbeddingCache(), TextRules("\n".join(INSTRUCTION), TOKENS)
    first = encode_prompt(encoder, "a red cat", "dog", rules, cache)
    again = encode_prompt(Unwilling(), "A red cat ", "dog", rules, cache)
    assert torch.equal(first.cond.states_1LE, again.cond.states_1LE)
    assert torch.equal(first.uncond.states_1LE, again.uncond.states_1LE)
    for other in (TextRules("\n".join(INSTRUCTION), TOKENS + 1), TextRules(None, TOKENS)):
        if other.instruction is None:
            with pytest.raises(AssertionError, match="asked to encode"):
                encode_prompt(Unwilling(), "a red cat", "dog", other, cache)
        else:
            encode_prompt(Unwilling(), "a red cat", "dog", other, cache)


def test_a_cancelled_encoding_stops_before_the_next_layer_and_caches_nothing(encoder: GemmaEncoder) -> None:
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise JobCancelledError("cancelled")

    cache, rules = EmbeddingCache(), TextRules(None, TOKENS)
    with pytest.raises(JobCancelledError):
        encode_prompt(encoder, "cat", "", rules, cache, check)
    assert len(asked) == 2
    fresh = encode_prompt(encoder, "cat", "", rules, cache)
    assert torch.equal(fresh.cond.states_1LE, encode(encoder, "cat", "", rules).cond.states_1LE)


def test_room_for_no_token_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        TextRules(None, 0)


WEIGHTED = TextRules("\n".join(INSTRUCTION), TOKENS, emphasis=Emphasis.WEIGHTED)


@pytest.mark.parametrize("rules", [WEIGHTED, replace(WEIGHTED, instruction=None)], ids=["instruction", "bare"])
def test_weights_of_one_give_the_plain_prompt_to_the_bit(encoder: GemmaEncoder, rules: TextRules) -> None:
    plain = encode(encoder, "a red cat", "a dog", replace(rules, emphasis=Emphasis.LITERAL))
    weighted = encode(encoder, "a (red:1.0) cat", "(a:1.0) dog", rules)
    assert torch.equal(plain.cond.states_1LE, weighted.cond.states_1LE)
    assert torch.equal(plain.uncond.states_1LE, weighted.uncond.states_1LE)


@pytest.mark.parametrize("conditioning", list(Conditioning))
def test_a_weight_moves_the_word_and_what_follows_and_nothing_before_it(
    encoder: GemmaEncoder, conditioning: Conditioning
) -> None:
    rules = replace(WEIGHTED, conditioning=conditioning)
    plain = encode(encoder, "cat red x", "cat red", rules)
    weighted = encode(encoder, "cat (red:1.5) x", "cat (red:0.5)", rules)
    for one, other in ((plain.cond, weighted.cond), (plain.uncond, weighted.uncond)):
        differs = (one.states_1LE != other.states_1LE).any(dim=-1)[0]
        first = int(differs.nonzero()[0])
        assert first > 0
        assert bool(differs[first:].all())


def test_a_weight_of_zero_reads_commas_in_the_word_s_place(encoder: GemmaEncoder) -> None:
    rules = TextRules(None, TOKENS, emphasis=Emphasis.WEIGHTED)
    weighted = encode(encoder, "xy(ab:0)z", "", rules)
    expected = encode(encoder, "xy,,z", "", rules)
    torch.testing.assert_close(weighted.cond.states_1LE, expected.cond.states_1LE, atol=1e-5, rtol=1e-5)


def test_another_weight_of_the_same_words_needs_no_encoder(encoder: GemmaEncoder) -> None:
    asked: list[None] = []

    class Counting:
        tokenizer = encoder.tokenizer
        fingerprint = encoder.fingerprint

        def states(self, tokens: Any, length: Any = None, check: Any = None) -> torch.Tensor:
            asked.append(None)
            return encoder.states(tokens, length, check)

    cache = EmbeddingCache()
    first = encode_prompt(Counting(), "a (red:1.3) cat", "", WEIGHTED, cache)
    passes = len(asked)
    second = encode_prompt(Counting(), "a (red:1.4) cat", "", WEIGHTED, cache)
    assert len(asked) == passes
    assert not torch.equal(first.cond.states_1LE, second.cond.states_1LE)
    assert torch.equal(
        encode_prompt(Counting(), "a red cat", "", WEIGHTED, cache).cond.states_1LE,
        encode(encoder, "a red cat", "", WEIGHTED).cond.states_1LE,
    )


def test_literally_weights_are_letters_as_they_always_were(encoder: GemmaEncoder) -> None:
    literal = encode(encoder, "(cat:1.3)", "", replace(WEIGHTED, emphasis=Emphasis.LITERAL))
    spelled = encode(encoder, r"\(cat:1.3\)", "", WEIGHTED)
    assert torch.equal(literal.cond.states_1LE, spelled.cond.states_1LE)
