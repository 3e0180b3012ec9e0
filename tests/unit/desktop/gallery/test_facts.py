import contextlib
import json
import os
from pathlib import Path

import pytest

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.facts import facts_of_file, facts_of_saved, read_provenance
from sana_desktop.gallery.metadata import PictureKind
from support.fake_engine import PROVENANCE, fake_picture
from support.foreign_pictures import bad_inputs, png, png_with
from support.gallery import SMALL, write_own
from support.recipes import recipe


@pytest.mark.parametrize("kind", PictureKind)
def test_a_file_of_ours_says_what_was_written_down_when_it_was_saved(tmp_path: Path, kind: PictureKind):
    drawn = recipe(size=SMALL, prompt="a fox – 狐", negative="fog")
    path = write_own(tmp_path / f"x.{kind}", kind=kind, prompt=drawn.prompt, negative="fog")
    assert facts_of_file(path) == facts_of_saved(path, fake_picture(drawn))


def test_the_provenance_is_read_back(tmp_path: Path):
    facts = facts_of_file(write_own(tmp_path / "x.png"))
    assert facts.provenance is not None
    assert read_provenance(json.loads(facts.provenance)) == PROVENANCE


def test_pictures_of_other_programs_say_what_they_can(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(
        png_with(parameters="a fox\nNegative prompt: fog\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 5, Model: sd")
    )
    facts = facts_of_file(tmp_path / "x.png")
    assert (facts.prompt, facts.negative, facts.seed, facts.solver, facts.pack) == ("a fox", "fog", 5, "Euler", "sd")
    assert facts.recipe is None


def test_a_picture_without_settings_is_one_all_the_same(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(png(width=7, height=5))
    os.utime(tmp_path / "x.png", ns=(0, 1_700_000_000_123_456_789))
    facts = facts_of_file(tmp_path / "x.png")
    assert (facts.width, facts.height, facts.prompt, facts.created) == (7, 5, "", 1_700_000_000_123)


def test_numbers_that_the_database_cannot_hold_are_left_out(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(png_with(parameters=f"a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: {2**70}"))
    assert facts_of_file(tmp_path / "x.png").seed is None


def test_no_bad_file_does_harm(tmp_path: Path):
    for path in bad_inputs(tmp_path).values():
        with contextlib.suppress(RecipeError, OSError):
            facts_of_file(path)


@pytest.mark.parametrize("value", [None, 5, [], {"device": {}, "batch_seeds": [1, "x", -4, 2**80]}])
def test_provenance_may_be_anything(value: object):
    assert read_provenance(value).device == ""
