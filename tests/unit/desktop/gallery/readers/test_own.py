import io
from dataclasses import replace

import pytest

from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.readers.own import read_own
from sana_desktop.gallery.readers.source import read_carried
from support.fake_engine import fake_picture
from support.foreign_pictures import png_with
from support.recipes import recipe


@pytest.mark.parametrize("kind", list(PictureKind))
def test_all_that_we_wrote_is_told(kind: PictureKind):
    made = recipe(negative="blurry", flow_shift=3.5, stop_after=4)
    file = io.BytesIO()
    write_picture(replace(fake_picture(made), notices=("The prompt was cut.",)), kind, file)

    found = read_own(read_carried(file.getvalue()))

    assert found is not None
    assert found.recipe == made
    assert (found.tool, found.prompt, found.negative) == ("Sana Desktop 0", made.prompt, "blurry")
    assert (found.seed, found.steps, found.guidance, found.size) == (7, 20, 4.5, (256, 256))
    extra = dict(found.extra)
    assert extra["Flow shift"] == "3.5"
    assert extra["Stopped after step"] == "4"
    assert extra["Device"] == "cpu (made of paper)"
    assert extra["Seconds to sample"] == "2.00"
    assert found.notes == ("The prompt was cut.",)


def test_a_recipe_from_the_future_leaves_the_text_for_others_and_says_why():
    parameters = "a fox\nSteps: 20, Seed: 7, CFG scale: 4.5, Version: Sana Desktop 9"
    data = png_with(sana__desktop='{"recipe": {"version": 99}}', parameters=parameters)

    found = read_own(read_carried(data))

    assert found is not None
    assert (found.recipe, found.prompt, found.seed) == (None, "a fox", 7)
    assert "version 99" in found.notes[0]


@pytest.mark.parametrize("text", ["{", "[]", '{"recipe": 3}', '{"a":' * 10_000])
def test_damaged_documents_leave_a_note(text: str):
    found = read_own(read_carried(png_with(sana__desktop=text)))

    assert found is not None
    assert found.is_empty
    assert found.notes


def test_pictures_of_others_are_none_of_ours():
    assert read_own(read_carried(png_with(parameters="a fox"))) is None
