"""The names of choices are written in files and typed in terminals, so they never change."""

from enum import StrEnum

import pytest

from sana_desktop.domain.choices import Conditioning, Precision, Solver


@pytest.mark.parametrize(
    ("choices", "names"),
    [
        (Solver, ["flow-dpm", "flow-euler", "sprint"]),
        (Precision, ["auto", "fp32", "bf16", "fp16", "int8", "nf4", "w8a8"]),
        (Conditioning, ["diffusers", "official"]),
    ],
)
def test_the_names_of_a_choice_stay_as_they_were_published(choices: type[StrEnum], names: list[str]) -> None:
    assert [choice.value for choice in choices] == names
