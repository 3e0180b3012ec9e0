import contextlib
import io
import json
import re
import struct
import zlib
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree

import piexif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sana_desktop.domain.choices import Conditioning, Precision, Solver
from sana_desktop.domain.codec import recipe_from_plain, recipe_to_plain
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import LARGEST_SEED, LONGEST_PROMPT, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import OutputError, RecipeError
from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.gallery.infotext import infotext
from sana_desktop.gallery.metadata import PictureKind, check_recipe_fits, read_recipe, write_picture
from support.a1111 import read_parameters
from support.fake_engine import fake_picture

RECIPE = Recipe(
    prompt="ein roter Fuchs, <b>&amp; \U0001f98a 狐\n\x00\ufffe",
    negative="]]> -- </sana:recipe>",
    size=Size(64, 32),
    steps=20,
    guidance=4.5,
    seed=LARGEST_SEED,
    solver=Solver.FLOW_EULER,
    pack="starter",
    precision=Precision.BF16,
    conditioning=Conditioning.OFFICIAL,
    flow_shift=3.25,
    latents_sha256="0" * 64,
)
KINDS = list(PictureKind)


def written(picture: Picture, kind: PictureKind) -> bytes:
    file = io.BytesIO()
    write_picture(picture, kind, file)
    return file.getvalue()


def file_with(folder: Path, data: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(data)
    return path


def png_with(keyword: bytes, text: bytes) -> bytes:
    """A small PNG whose only text is one iTXt chunk."""
    data = written(fake_picture(RECIPE), PictureKind.PNG)
    body = keyword + b"\0\0\0\0\0" + text
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    end_of_header = 8 + 12 + 13
    return data[:end_of_header] + chunk + data[data.index(b"IDAT") - 4 :]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_recipe_back(tmp_path: Path, kind: PictureKind):
    path = file_with(tmp_path, written(fake_picture(RECIPE), kind))

    assert read_recipe(path) == RECIPE
    with Image.open(path) as image:
        assert image.format == kind.name
        assert image.size == (64, 32)


def test_png_keeps_every_pixel():
    picture = fake_picture(RECIPE)

    with Image.open(io.BytesIO(written(picture, PictureKind.PNG))) as image:
        assert image.tobytes() == picture.rgb


def test_png_tells_how_the_picture_was_made():
    picture = replace(fake_picture(RECIPE), notices=("The prompt was cut.",))

    with Image.open(io.BytesIO(written(picture, PictureKind.PNG))) as image:
        texts = image.info

    document = json.loads(texts["sana_recipe"])
    assert document["recipe"] == recipe_to_plain(RECIPE)
    assert document["provenance"]["precision_reason"] == picture.provenance.precision_reason
    assert document["timings"] == asdict(picture.timings)
    assert document["notices"] == ["The prompt was cut."]
    assert texts["parameters"] == infotext(picture)
    assert texts["Software"] == "Sana Desktop 0"
    assert b"trainedAlgorithmicMedia" in texts["xmp"]


@pytest.mark.parametrize("kind", [PictureKind.JPEG, PictureKind.WEBP, PictureKind.AVIF])
def test_files_that_are_no_png_hold_the_parameters_in_their_exif(kind: PictureKind):
    picture = fake_picture(RECIPE)

    with Image.open(io.BytesIO(written(picture, kind))) as image:
        comment = image.getexif().get_ifd(0x8769)[0x9286]

    assert comment.removeprefix(b"UNICODE\0").decode("utf-16-be") == infotext(picture)


# What people may type: every letter there is, none left out, among them those that end lines in some languages.
PROMPTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def comment_by_piexif(kind: PictureKind, data: bytes) -> str:
    """EXIF's user comment as piexif reads it: out of the file where it knows the format."""
    with Image.open(io.BytesIO(data)) as image:
        tags = piexif.load(image.info["exif"] if kind is PictureKind.AVIF else data)
    assert tags["0th"] is not None
    assert tags["Exif"] is not None
    assert tags["0th"][piexif.ImageIFD.Software].rstrip(b"\0") == b"Sana Desktop 0"
    value = tags["Exif"][piexif.ExifIFD.UserComment]
    assert value.startswith(b"UNICODE\0")
    return value[8:].decode("utf-16-be")


def shown(text: str) -> str:
    """A text as A1111's grammar can carry it: no control characters, lines without blanks around them."""
    text = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


@given(PROMPTS, PROMPTS, st.sampled_from(KINDS))
@settings(max_examples=120, deadline=None)
def test_any_prompt_is_read_back_by_our_reader_by_piexif_and_by_readers_of_a1111(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, negative: str, kind: PictureKind
):
    recipe = replace(RECIPE, prompt=prompt, negative=negative, size=Size(32, 32))
    path = tmp_path_factory.getbasetemp() / f"any.{kind}"
    path.write_bytes(data := written(fake_picture(recipe), kind))

    assert read_recipe(path) == recipe
    assert facts_of_file(path).prompt == recipe.prompt
    with Image.open(io.BytesIO(data)) as image:
        text = image.info["parameters"] if kind is PictureKind.PNG else comment_by_piexif(kind, data)
        xmp = image.info["xmp"]
    packet = ElementTree.fromstring(xmp)
    (description,) = packet.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType", "").endswith(
        "/trainedAlgorithmicMedia"
    )
    if kind is not PictureKind.PNG:
        document = json.loads(description.findtext("{urn:sana-desktop:xmp:1#}recipe", ""))
        assert recipe_from_plain(document["recipe"]) == recipe
    read = read_parameters(text)
    assert read.pairs["Seed"] == str(recipe.seed)
    assert read.pairs["Size"] == "32x32"
    assert read.pairs["Version"] == "Sana Desktop 0"
    # A1111's grammar ends a prompt where a line begins like a negative one; the recipe above has it whole.
    if not any(line.startswith("Negative prompt:") for line in shown(prompt + "\n" + negative).split("\n")):
        assert shown(read.prompt) == shown(prompt)
        assert shown(read.negative) == shown(negative)


def test_recipes_under_the_first_name_of_their_chunk_are_read(tmp_path: Path):
    text = json.dumps({"recipe": recipe_to_plain(RECIPE)}).encode()
    plain = re.sub(rb"sana_recipe", b"sana_nothin", png_with(b"sana-desktop", text))

    assert read_recipe(file_with(tmp_path, plain)) == RECIPE


def test_the_longest_prompts_fit_into_all_but_jpeg_files_and_are_refused_for_jpeg(tmp_path: Path):
    recipe = replace(RECIPE, prompt="\x01" * LONGEST_PROMPT, negative="狐" * LONGEST_PROMPT)

    for kind in (PictureKind.PNG, PictureKind.WEBP, PictureKind.AVIF):
        check_recipe_fits(recipe, kind)
        assert read_recipe(file_with(tmp_path, written(fake_picture(recipe), kind))) == recipe
    with pytest.raises(OutputError, match="longer than a JPEG") as caught:
        check_recipe_fits(recipe, PictureKind.JPEG)
    assert ".png" in caught.value.hint


def test_the_longest_recipe_that_a_jpeg_takes_is_kept_and_notices_make_way_for_it(tmp_path: Path):
    recipe = replace(RECIPE, prompt="x" * 59_000, negative="")
    check_recipe_fits(recipe, PictureKind.JPEG)
    picture = fake_picture(recipe, notices=("y" * 59_000,))

    assert read_recipe(file_with(tmp_path, written(picture, PictureKind.JPEG))) == recipe


def test_a_picture_of_somebody_else_holds_no_recipe(tmp_path: Path):
    path = tmp_path / "plain.png"
    Image.new("RGB", (8, 8)).save(path)

    with pytest.raises(RecipeError, match="holds no recipe"):
        read_recipe(path)


def test_what_is_no_picture_is_refused(tmp_path: Path):
    missing = tmp_path / "missing.png"
    for path in (missing, tmp_path, file_with(tmp_path, b""), file_with(tmp_path, b"GIF89a" + bytes(100))):
        with pytest.raises(RecipeError):
            read_recipe(path)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_read_or_refused_but_never_crash(tmp_path: Path, kind: PictureKind):
    data = written(fake_picture(RECIPE), kind)
    changed = [data[:length] for length in range(0, len(data), 41)]
    changed += [data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :] for place in range(0, len(data), 23)]

    for damaged in changed:
        with contextlib.suppress(RecipeError):
            read_recipe(file_with(tmp_path, damaged))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b'{"recipe": null}',
        b'{"recipe": {"version": 99}}',
        b"[" * 100_000,
        b"9" * 10_000,
        b'{"recipe": {"version": 1, "__class__": "os.system"}}',
    ],
)
def test_hostile_recipes_are_refused(tmp_path: Path, text: bytes):
    with pytest.raises(RecipeError):
        read_recipe(file_with(tmp_path, png_with(b"sana_recipe", text)))


def test_a_picture_that_claims_to_be_enormous_gives_its_recipe_and_no_pixels(tmp_path: Path):
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    data = written(fake_picture(RECIPE), PictureKind.PNG)
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + header))

    assert read_recipe(file_with(tmp_path, data[:16] + header + crc + data[33:])) == RECIPE


def test_entities_in_xmp_are_not_expanded(tmp_path: Path):
    path = tmp_path / "bomb.webp"
    xmp = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x><sana:recipe>{"recipe": "&a;"}</sana:recipe></x>'
    Image.new("RGB", (8, 8)).save(path, "WEBP", xmp=xmp)

    with pytest.raises(RecipeError, match="found a text"):
        read_recipe(path)
