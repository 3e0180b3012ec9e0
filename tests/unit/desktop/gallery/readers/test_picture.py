import io
import json
from pathlib import Path

import pytest

from sana_desktop.domain.inspected import Inspected
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.readers.picture import inspected
from sana_desktop.gallery.readers.source import read_carried
from support.fake_engine import fake_picture
from support.foreign_pictures import chunk, png, png_with, text, with_comment
from support.recipes import APPLE

INFOTEXT = "a fox\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7.0, Seed: 5, Size: 512x512"


def read(data: bytes, beside: Path | None = None) -> Inspected:
    return inspected(read_carried(data), "fox.png", beside)


def test_our_own_recipe_comes_before_the_text_for_others():
    file = io.BytesIO()
    write_picture(fake_picture(APPLE), PictureKind.PNG, file)

    assert read(file.getvalue()).recipe == APPLE


@pytest.mark.parametrize(
    "data",
    [png_with(parameters=INFOTEXT), with_comment(INFOTEXT), with_comment(INFOTEXT, "WEBP")],
)
def test_the_text_of_other_programs_is_read_from_every_format(data: bytes):
    found = read(data)

    assert (found.prompt, found.negative, found.seed, found.sampler) == ("a fox", "blurry", 5, "Euler a")


def test_a_json_that_nobody_knows_gives_way_to_what_is_known():
    graph = {"1": {"class_type": "KSampler", "inputs": {"seed": 3, "positive": ["2", 0]}}}
    data = png_with(parameters='{"unknown": 1}', prompt=json.dumps(graph))

    assert read(data).tool == "ComfyUI"


def test_a_file_beside_the_picture_is_read_last(tmp_path: Path):
    beside = tmp_path / "fox.txt"
    beside.write_text(INFOTEXT, encoding="utf-8")

    assert read(png_with(a="b"), beside).seed == 5
    assert read(png_with(parameters=INFOTEXT.replace("Seed: 5", "Seed: 6")), beside).seed == 6


def test_a_letter_beside_the_picture_is_not_read(tmp_path: Path):
    beside = tmp_path / "fox.txt"
    beside.write_text("Dear diary", encoding="utf-8")

    for path in (beside, tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(RecipeError):
            read(png_with(a="b"), path)


def test_a_picture_without_settings_is_refused_with_what_was_passed_over():
    with pytest.raises(RecipeError, match=r"fox.png holds no settings.*“parameters”") as caught:
        read(png(chunk(b"tEXt", b"parameters\0" + bytes(5 * 2**20))))
    assert "web sites" in caught.value.hint


def test_the_size_of_the_picture_stands_in_for_one_that_is_not_written():
    assert read(png_with(parameters="a fox")).size == (4, 4)


def test_halves_of_characters_are_replaced():
    found = read(png(text("invokeai_metadata", '{"positive_prompt": "a \\ud800 fox", "x\\udc00": "y\\udc00"}')))

    assert (found.prompt, found.extra) == ("a ? fox", (("x?", "y?"),))
