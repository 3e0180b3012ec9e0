import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sana_desktop.domain.inspected import Inspected
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.readers.picture import inspected
from sana_desktop.gallery.readers.source import read_carried
from support.fake_engine import fake_picture
from support.foreign_pictures import chunk, png, png_with, text, with_comment
from support.recipes import APPLE
from support.sources import REPOSITORY

SAMPLES = sorted((REPOSITORY / "tests" / "data" / "foreign").glob("*.json"))
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


def sample_file(sample: dict[str, Any]) -> bytes:
    """A picture with the texts of a sample in the places where its program puts them."""
    if "comment" in sample:
        return with_comment(sample["comment"], sample["container"])
    if "exif" in sample:
        tags, file = Image.Exif(), io.BytesIO()
        for tag, value in sample["exif"].items():
            tags[int(tag, 16)] = value
        Image.new("RGB", (4, 4)).save(file, sample["container"], exif=tags)
        return file.getvalue()
    texts = dict(sample.get("texts", {}))
    if "xmp" in sample:
        texts["XML:com.adobe.xmp"] = sample["xmp"]
    behind = [chunk(b"comf", f"{name}\0{value}".encode("latin-1")) for name, value in sample.get("comf", {}).items()]
    data = png(*(text(name, value) for name, value in texts.items()))
    return data[:-12] + b"".join(behind) + data[-12:]


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_what_every_other_program_writes_is_read(path: Path):
    sample = json.loads(path.read_text(encoding="utf-8"))
    expected = sample["expected"]
    extra = expected.pop("extra", {})
    if expected["size"] is not None:
        expected["size"] = tuple(expected["size"])

    found = read(sample_file(sample))

    assert {name: getattr(found, name) for name in expected} == expected
    assert extra.items() <= dict(found.extra).items()
