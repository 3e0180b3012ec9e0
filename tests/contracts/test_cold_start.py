"""The phases of a cold start, by the words of the program that `benchmarks.cold_start` reads."""

import pytest

from benchmarks.cold_start import BEGINS, PHASES, Said, phases


def said() -> list[Said]:
    """What the program says in a fresh home."""
    return [
        Said(1.0, "note: The starter pack draws emoji-style pictures.\n"),
        Said(3.0, "loading the model\n"),
        Said(3.25, "note: Preparing the text encoder. This happens once.\n"),
        Said(9.5, "reading the prompt\n"),
        Said(14.0, "drawing\n"),
        Said(14.5, "step 1 of 20, about 3 s left\n"),
        Said(16.0, "decoding\n"),
        Said(16.5, "saving\n"),
    ]


def test_the_phases_add_up_to_the_whole() -> None:
    found = phases(said(), made=9.25, saved=16.75, whole=17.5)
    assert (found["start"], found["engine"], found["prepare"], found["load"]) == (1, 2, 6, 0.5)
    assert (found["encode"], found["sample"], found["decode"]) == (4.5, 2, 0.5)
    assert (found["save"], found["end"]) == (0.25, 0.75)
    assert sum(found[name] for name in PHASES) == found["whole"] == 17.5


def test_phases_are_read_in_the_order_in_which_they_come() -> None:
    assert ["start", *BEGINS, "end"] == [name for name in PHASES if name != "prepare"]


def test_a_line_that_never_came_is_named() -> None:
    with pytest.raises(ValueError, match="drawing"):
        phases([line for line in said() if line.line != "drawing\n"], made=9.25, saved=16.75, whole=17.5)
