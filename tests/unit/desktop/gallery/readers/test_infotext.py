import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.gallery.infotext import infotext
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.infotext import LONGEST_TEXT, pairs, parse_infotext, read_infotext
from support.fake_engine import fake_picture
from support.recipes import recipe, texts

FORGE = """a red fox, (very red:1.2)
in the snow
Negative prompt: blurry,
grey
Steps: 25, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7.5, Seed: 12345, Size: 1000x700, \
Model hash: abc, Model: sd_xl, Lora hashes: "one: 12, two: 34", Version: f2.0.1"""
# The expression with which the programs that made the format find the pairs.
ORACLE = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def carried(text: str) -> Carried:
    return Carried(kind="PNG", width=8, height=8, texts={"parameters": text})


def test_the_text_of_forge_is_understood():
    found = parse_infotext(FORGE)

    assert found.tool == "Forge"
    assert found.prompt == "a red fox, (very red:1.2)\nin the snow"
    assert found.negative == "blurry,\ngrey"
    assert (found.steps, found.sampler, found.guidance, found.seed) == (25, "Euler a", 7.5, 12345)
    assert (found.size, found.model) == ((1000, 700), "sd_xl")
    assert dict(found.extra)["Lora hashes"] == "one: 12, two: 34"
    assert dict(found.extra)["Schedule type"] == "Automatic"


def test_fewer_than_three_pairs_are_a_part_of_the_prompt():
    found = parse_infotext("a fox\nSteps: 20, Seed: 7")

    assert found.prompt == "a fox\nSteps: 20, Seed: 7"
    assert found.steps is None


def test_a_line_that_begins_a_negative_prompt_does_so_again():
    assert parse_infotext("a\nNegative prompt: b\nNegative prompt: c").negative == "b\nc"


@pytest.mark.parametrize("version", ["v1.10.1", "f2.0.1", "Sana Desktop 1", ""])
def test_the_version_tells_the_tool(version: str):
    names = {"v1.10.1": "A1111", "f2.0.1": "Forge", "Sana Desktop 1": "Sana Desktop 1"}
    line = f"Steps: 1, Seed: 2, CFG scale: 3, Version: {version}"

    assert parse_infotext(line).tool == names.get(version, "A1111 or a program that writes like it")


@given(
    st.lists(
        st.sampled_from(
            ["Steps", "a b", "x", ":", ": ", ",", ", ", '"', '\\"', "\\", " ", "é", ".", "(", "12", "a/b-c"]
        )
    )
)
def test_pairs_are_those_that_the_readers_of_other_programs_find(parts: list[str]):
    line = "".join(parts).strip()
    expected = [(name, value) for name, value in ORACLE.findall(line) if value.strip()]

    found = list(pairs(line))

    assert [name for name, _ in found] == [name for name, _ in expected]
    bare = [(mine, theirs.strip()) for (_, mine), (_, theirs) in zip(found, expected, strict=True) if theirs[0] != '"']
    assert all(mine == theirs for mine, theirs in bare)


ordinary = texts.map(lambda text: "\n".join(line.strip() for line in text.split("\n")).strip()).filter(
    lambda text: text.isprintable() or "\n" in text
)


@given(ordinary, ordinary, st.integers(0, 2**63 - 1), st.sampled_from([4.5, 0.0, 7.25]))
def test_what_we_write_is_read_back(prompt: str, negative: str, seed: int, guidance: float):
    made = recipe(prompt=prompt, negative=negative, seed=seed, guidance=guidance, flow_shift=3.0)
    text = infotext(fake_picture(made))

    found = parse_infotext(text)

    assert (found.seed, found.steps, found.guidance, found.size) == (seed, 20, guidance, (256, 256))
    assert (found.sampler, found.model, found.tool) == ("Flow DPM++ 2M", "starter", "Sana Desktop 0")
    if "Negative prompt:" not in prompt + negative and text.startswith(prompt) and f": {negative}\n" in text:
        assert (found.prompt, found.negative) == (prompt, negative)


def test_hostile_lines_need_no_time_with_the_square_of_their_length():
    # Half a megabyte each: minutes with the expression of the other readers, nothing here.
    for line in ("a" * 2**19, 'a: "' * 2**17, "a:" * 2**18, " " * 2**19, 'a: "' + '\\"' * 2**18):
        parse_infotext(line)


def test_json_and_texts_without_end_are_left_to_others():
    assert read_infotext(carried('{"sui_image_params": {}}')) is None
    assert read_infotext(carried("a" * (LONGEST_TEXT + 1))) is None
    assert read_infotext(carried("  ")) is None


def test_sizes_that_are_none_are_left_out():
    for size in ("512", "0x4", "x", "1e3x4", "9999999999x1", "²x2"):
        assert parse_infotext(f"Steps: 1, Seed: 2, CFG scale: 3, Size: {size}").size is None
