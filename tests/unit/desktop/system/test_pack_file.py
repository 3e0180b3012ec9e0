import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.errors import PackError
from sana_desktop.system.pack_file import is_pack_id, pack_file_text, read_pack_file, stays_inside
from sana_desktop.system.pack_manifest import (
    PackManifest,
    PackPrecisions,
    PackPreview,
    PackText,
    PreviewKind,
    TextSource,
)
from sana_desktop.system.resources import resources_folder
from support.packs import manifest

MINIMAL = """\
format = 1
id = "toy"
name = "Toy"
version = "1"
family = "custom"
licence = "MIT"
base_size = 256
[defaults]
steps = 20
guidance = 4
solver = "flow-dpm"
[precision]
transformer = ["bf16", "fp32"]
text_encoder = ["bf16"]
vae = ["bf16"]
"""


def read(folder: Path, text: str) -> PackManifest:
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    return read_pack_file(folder)


def test_a_minimal_file_takes_the_rules_of_sana_for_what_it_leaves_out(tmp_path: Path):
    pack = read(tmp_path, MINIMAL)
    assert (pack.id, pack.base_size, pack.default_guidance, pack.default_solver) == ("toy", 256, 4.0, Solver.FLOW_DPM)
    assert pack.precisions.transformer == (Precision.BF16, Precision.FP32)
    assert pack.text == PackText(source=TextSource.FOLDER, instruction=True, max_tokens=300)
    assert pack.preview == PackPreview(kind=PreviewKind.LINEAR, file=None)
    assert (pack.flow_shift, pack.official_flow_shift, pack.notice) == (1.0, None, "")


def test_the_starter_pack_describes_itself_honestly():
    pack = read_pack_file(resources_folder() / "starter")
    assert (pack.id, pack.base_size, pack.default_steps, pack.flow_shift) == ("starter", 256, 20, 1.5)
    assert pack.text == PackText(source=TextSource.GEMMA3_270M_GGUF, instruction=False, max_tokens=20)
    assert "emoji-style" in pack.notice
    assert "256 px" in pack.notice
    pack.require_parts()


@settings(max_examples=20)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), data=st.data())
def test_whatever_is_written_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("pack")
    for name in ("linear.safetensors", "tiny.safetensors"):
        (folder / name).touch()
    numbers = st.floats(0.01, 100)
    pack = dataclasses.replace(
        manifest(folder),
        name=text,
        notice=text,
        examples=('a fox \\ "hen"', "an owl"),
        default_guidance=data.draw(numbers),
        flow_shift=data.draw(numbers),
        official_flow_shift=data.draw(st.none() | numbers),
        precisions=PackPrecisions(transformer=(Precision.FP16, Precision.FP32)),
        preview=PackPreview(
            kind=PreviewKind.LINEAR, file=folder / "linear.safetensors", tiny=folder / "tiny.safetensors"
        ),
    )
    assert read(folder, pack_file_text(pack)) == pack


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "toy"', 'id = "../toy"', "“id” must be"),
        ('id = "toy"', 'id = "Toy"', "“id” must be"),
        ('id = "toy"', "", "“id” is missing"),
        ('name = "Toy"', 'name = ""', "“name” must be"),
        ("base_size = 256", "base_size = 250", "“base_size” must be a multiple of 32, found 250"),
        ("base_size = 256", "base_size = 99968", "“base_size” must be a whole number from 32 to 8192"),
        ("steps = 20", "steps = 0", "“steps” must be"),
        ("guidance = 4", "guidance = nan", "“guidance” must be a number"),
        ('solver = "flow-dpm"', 'solver = "ddim"', "“solver” must be one of flow-dpm"),
        ('["bf16", "fp32"]', '["auto"]', "“transformer” must be a list of fp32, bf16 and fp16"),
        ('["bf16", "fp32"]', '["bf16", "nf4"]', "“transformer” must be a list of fp32, bf16 and fp16"),
        ('vae = ["bf16"]', 'vae = ["fp16"]', "DC-AE overflow in fp16"),
        ('text_encoder = ["bf16"]', 'text_encoder = ["fp16", "fp32"]', "overflow in fp16"),
        ("base_size = 256", f"base_size = 256\nexamples = {['a'] * 9}", "“examples” must be at most 8 prompts"),
        ("base_size = 256", f"base_size = 256\nexamples = ['{'a' * 81}']", "of at most 80 characters"),
        ("base_size = 256", 'base_size = 256\nexamples = ["a\\nb"]', "of one line"),
        ("[defaults]", "[defaults]\nflow_shfit = 3.0", "“flow_shfit” is not a known key"),
        ("[precision]", "[colour]\n[precision]", "“colour” is not a known key"),
        ("format = 1", "format = 0", "“format” must be"),
        ("[precision]", "[text]\nencoder = 'clip'\n[precision]", "“encoder” must be one of folder"),
        ("[precision]", "[preview]\nkind = 'tiny'\n[precision]", "“file” must be the tiny decoder"),
        ("[precision]", "[preview]\nfile = 'none.safetensors'\n[precision]", "“file” must be a file of the pack"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, old: str, new: str, complaint: str):
    assert old in MINIMAL
    with pytest.raises(PackError, match=complaint):
        read(tmp_path, MINIMAL.replace(old, new, 1))


def test_a_misspelt_key_is_answered_with_the_right_one(tmp_path: Path):
    with pytest.raises(PackError) as caught:
        read(tmp_path, MINIMAL.replace("[defaults]", "[defaults]\nflow_shfit = 3.0"))
    assert caught.value.hint == "Did you mean “flow_shift”?"


def test_a_newer_format_asks_for_an_update_whatever_else_is_in_it(tmp_path: Path):
    with pytest.raises(PackError, match="has format 2; this version of Sana Desktop reads format 1") as caught:
        read(tmp_path, 'format = 2\nshape = "of things to come"\n')
    assert "Update" in caught.value.hint


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.safetensors", "a/../../x", "C:\\x", "C:x", "\\\\host\\x", "..\\x", "a\0b", ""]
)
def test_a_path_that_leaves_the_pack_is_refused(tmp_path: Path, path: str):
    assert not stays_inside(path)
    quoted = path.replace("\\", "\\\\").replace("\0", "\\u0000")
    with pytest.raises(PackError, match="“file” must be a"):
        read(tmp_path, MINIMAL + f'[preview]\nfile = "{quoted}"\n')


@pytest.mark.parametrize("path", ["tiny.safetensors", "preview/tiny.safetensors", "./a", "a..b"])
def test_a_path_inside_the_pack_is_taken(path: str):
    assert stays_inside(path)


@pytest.mark.parametrize(
    ("text", "fine"),
    [("a", True), ("sana1.5-4.8b", True), (".a", False), ("a" * 65, False), ("", False), ("a/b", False), ("é", False)],
)
def test_ids_are_plain_names(text: str, fine: bool):
    assert is_pack_id(text) is fine
