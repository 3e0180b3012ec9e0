import json
from pathlib import Path

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.packs import broken_packs, choose_pack, installed_packs, looks_like_pack, read_pack
from sana_desktop.system.resources import resources_folder
from support.packs import write_pack_file


def test_the_starter_pack_is_found_among_the_shipped_resources():
    assert [pack.id for pack in installed_packs([resources_folder()])] == ["starter"]
    assert broken_packs([resources_folder()]) == []


def test_a_folder_is_a_pack_or_holds_packs(tmp_path: Path):
    write_pack_file(tmp_path / "many" / "b", "b")
    write_pack_file(tmp_path / "many" / "a", "a")
    write_pack_file(tmp_path / "single", "c")
    (tmp_path / "many" / "not-a-pack").mkdir()
    found = installed_packs([tmp_path / "single", tmp_path / "many", tmp_path / "missing"])
    assert [pack.id for pack in found] == ["c", "a", "b"]
    assert found[0].folder == tmp_path / "single"


def test_the_earlier_folder_wins_where_two_packs_have_one_id(tmp_path: Path):
    write_pack_file(tmp_path / "mine" / "x", "toy")
    write_pack_file(tmp_path / "shipped" / "y", "toy")
    (pack,) = installed_packs([tmp_path / "mine", tmp_path / "shipped"])
    assert pack.folder == tmp_path / "mine" / "x"


def test_unfinished_imports_are_not_packs(tmp_path: Path):
    write_pack_file(tmp_path / ".unfinished-toy-1234")
    assert installed_packs([tmp_path]) == []
    assert broken_packs([tmp_path]) == []


def test_a_broken_pack_is_told_of_and_does_not_hide_the_others(tmp_path: Path):
    write_pack_file(tmp_path / "good", "good")
    write_pack_file(tmp_path / "bad", "bad")
    (tmp_path / "bad" / "pack.toml").write_text("format = ")
    assert [pack.id for pack in installed_packs([tmp_path])] == ["good"]
    (broken,) = broken_packs([tmp_path])
    assert broken.folder == tmp_path / "bad"
    with pytest.raises(PackError, match=r"pack\.toml is not readable TOML"):
        choose_pack("bad", [tmp_path])


def test_a_pack_is_chosen_by_id_whatever_the_case(tmp_path: Path):
    write_pack_file(tmp_path / "x", "toy")
    assert choose_pack(" Toy ", [tmp_path]).folder == tmp_path / "x"


def test_a_pack_is_chosen_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_pack_file(tmp_path / "here", "toy")
    assert choose_pack(str(tmp_path / "here"), []).id == "toy"
    monkeypatch.chdir(tmp_path)
    assert choose_pack("./here", []).folder == tmp_path / "here"
    assert choose_pack("here", []).folder == tmp_path / "here"


def test_an_installed_pack_is_meant_before_a_folder_that_happens_to_be_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_pack_file(tmp_path / "installed" / "x", "toy")
    write_pack_file(tmp_path / "toy", "other")
    monkeypatch.chdir(tmp_path)
    assert choose_pack("toy", [tmp_path / "installed"]).id == "toy"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("startr", "Did you mean “starter”?"),
        ("Sana_1600M_1024px", "It is published as Efficient-Large-Model/Sana_1600M_1024px_diffusers"),
        ("zzz", "Installed: starter."),
    ],
)
def test_an_unknown_pack_is_answered_with_advice(name: str, hint: str):
    with pytest.raises(PackError, match=f"Pack “{name}” is not installed") as caught:
        choose_pack(name, [resources_folder()])
    assert caught.value.hint.startswith(hint)


def test_an_unknown_pack_without_any_installed_says_so(tmp_path: Path):
    with pytest.raises(PackError) as caught:
        choose_pack("zzz", [tmp_path])
    assert caught.value.hint == "No pack is installed."


def test_a_path_that_is_no_pack_is_told_apart_from_one_that_is_missing(tmp_path: Path):
    assert not looks_like_pack(tmp_path)
    with pytest.raises(PackError, match="is not a pack: it has neither pack.toml nor model_index.json"):
        read_pack(tmp_path)
    with pytest.raises(PackError, match="There is no folder"):
        choose_pack(str(tmp_path / "nowhere"), [])


def test_a_description_of_its_own_wins_over_the_diffusers_index(tmp_path: Path):
    write_pack_file(tmp_path, "toy")
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionPipeline"}))
    assert read_pack(tmp_path).id == "toy"
