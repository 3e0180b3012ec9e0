import json
from pathlib import Path

import pytest

from sana_desktop.services.prompt_history import MOST_LETTERS, MOST_PROMPTS, PromptHistory


def test_prompts_come_back_newest_first_after_a_restart(tmp_path: Path):
    history = PromptHistory(tmp_path / "prompts.json")
    for prompt in ("a fox 🦊", "a hen\nin two lines", "half \ud83e"):
        history.remember(prompt)
    history.close()

    assert PromptHistory(tmp_path / "prompts.json").prompts == ("half \ud83e", "a hen\nin two lines", "a fox 🦊")


def test_a_prompt_that_is_drawn_again_moves_up():
    history = PromptHistory()
    for prompt in ("a", "b", "c", "a", "a"):
        history.remember(prompt)

    assert history.prompts == ("a", "c", "b")


def test_empty_prompts_are_not_remembered():
    history = PromptHistory()
    history.remember("  \n")

    assert history.prompts == ()


def test_the_oldest_go_when_there_are_too_many():
    history = PromptHistory()
    for number in range(MOST_PROMPTS + 3):
        history.remember(f"prompt {number}")

    assert len(history.prompts) == MOST_PROMPTS
    assert history.prompts[-1] == "prompt 3"


def test_long_prompts_cannot_make_the_file_large():
    history = PromptHistory()
    for number in range(10):
        history.remember(f"{number}" * 100_000)

    assert sum(map(len, history.prompts)) <= MOST_LETTERS
    assert history.prompts[0].startswith("9")


def test_prompts_can_be_forgotten(tmp_path: Path):
    history = PromptHistory(tmp_path / "prompts.json")
    for prompt in ("a", "b", "c"):
        history.remember(prompt)
    history.forget("b")
    assert history.prompts == ("c", "a")
    history.forget_all()
    history.close()

    assert PromptHistory(tmp_path / "prompts.json").prompts == ()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b"[]", b'{"version": 2, "prompts": []}', b'{"version": 1}', b"null"]
)
def test_a_file_that_cannot_be_understood_is_set_aside(tmp_path: Path, content: bytes):
    path = tmp_path / "prompts.json"
    path.write_bytes(content)

    history = PromptHistory(path)
    history.remember("a fox")
    history.close()

    assert (tmp_path / "prompts.json.unreadable").read_bytes() == content
    assert PromptHistory(path).prompts == ("a fox",)


def test_odd_entries_are_left_out(tmp_path: Path):
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps({"version": 1, "prompts": ["a", 3, None, ["b"], "", "a", "c"]}))

    assert PromptHistory(path).prompts == ("a", "c")
