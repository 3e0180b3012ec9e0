import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.engine.weights.files import BYTES_PER_OPENING, list_tensors, read_tensors
from sana_desktop.errors import JobCancelledError, WeightsError
from support.tiny_models import cancel_at_call

CPU = torch.device("cpu")
STEM = "diffusion_pytorch_model"


def never() -> None:
    pass


def save(folder: Path, name: str, **tensors: torch.Tensor) -> None:
    save_file(tensors, folder / name)


def save_index(folder: Path, weight_map: object, name: str = f"{STEM}.safetensors.index.json") -> None:
    (folder / name).write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))


def test_one_file_is_found_and_read(tmp_path: Path):
    save(tmp_path, f"{STEM}.safetensors", a=torch.arange(3.0), b=torch.ones(2, 2))
    stored = list_tensors(tmp_path, torch.float32)
    found = dict(read_tensors(stored.values(), dtype=torch.float32, device=CPU, check=never))
    assert torch.equal(found["a"], torch.arange(3.0))
    assert torch.equal(found["b"], torch.ones(2, 2))


@pytest.mark.parametrize("index", [f"{STEM}.safetensors.index.json", f"{STEM}.safetensors.index.fp16.json"])
def test_shards_are_found_through_either_kind_of_index(tmp_path: Path, index: str):
    save(tmp_path, "one.safetensors", a=torch.zeros(1))
    save(tmp_path, "two.safetensors", b=torch.ones(1))
    save_index(tmp_path, {"a": "one.safetensors", "b": "two.safetensors"}, index)
    stored = list_tensors(tmp_path, torch.float16)
    assert {name: tensor.file.name for name, tensor in stored.items()} == {
        "a": "one.safetensors",
        "b": "two.safetensors",
    }


@pytest.mark.parametrize(
    ("dtype", "present", "taken"),
    [
        (torch.float32, ["", ".fp16", ".bf16"], ""),
        (torch.float16, ["", ".fp16"], ".fp16"),
        (torch.bfloat16, ["", ".fp16", ".bf16"], ".bf16"),
        (torch.bfloat16, ["", ".fp16"], ""),
        (torch.bfloat16, [".fp16"], ".fp16"),
        (torch.float32, [".bf16"], ".bf16"),
    ],
)
def test_of_several_copies_the_closest_to_the_wanted_type_is_taken(
    tmp_path: Path, dtype: torch.dtype, present: list[str], taken: str
):
    for variant in present:
        save(tmp_path, f"{STEM}{variant}.safetensors", a=torch.zeros(1))
    assert list_tensors(tmp_path, dtype)["a"].file.name == f"{STEM}{taken}.safetensors"


def test_without_a_cast_a_tensor_is_the_mapped_file(tmp_path: Path):
    save(tmp_path, f"{STEM}.safetensors", a=torch.zeros(4))
    stored = list_tensors(tmp_path, torch.float32)
    ((_, tensor),) = read_tensors(stored.values(), dtype=torch.float32, device=CPU, check=never)
    with (tmp_path / f"{STEM}.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(torch.tensor([7.0]).numpy().tobytes())
    assert tensor[-1] == 7.0


def test_a_cast_changes_only_the_type(tmp_path: Path):
    save(tmp_path, f"{STEM}.safetensors", a=torch.tensor([1.0, 2.5]))
    stored = list_tensors(tmp_path, torch.bfloat16)
    ((_, tensor),) = read_tensors(stored.values(), dtype=torch.bfloat16, device=CPU, check=never)
    assert torch.equal(tensor, torch.tensor([1.0, 2.5], dtype=torch.bfloat16))


def test_large_files_are_opened_anew_so_that_pages_already_cast_are_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from sana_desktop.engine.weights import files

    save(tmp_path, f"{STEM}.safetensors", **{name: torch.zeros(10) for name in "abcde"})
    openings: list[Path] = []
    real = files.safe_open
    monkeypatch.setattr(files, "safe_open", lambda path, **kind: openings.append(path) or real(path, **kind))
    monkeypatch.setattr(files, "BYTES_PER_OPENING", 80)
    stored = list_tensors(tmp_path, torch.float32)
    names = [name for name, _ in read_tensors(stored.values(), dtype=torch.float16, device=CPU, check=never)]
    assert names == list("abcde")
    assert len(openings) == 3
    assert BYTES_PER_OPENING == 64 * 2**20


def test_cancelling_is_possible_before_every_file_and_tensor(tmp_path: Path):
    save(tmp_path, "one.safetensors", a=torch.zeros(1), b=torch.zeros(1))
    save(tmp_path, "two.safetensors", c=torch.zeros(1))
    save_index(tmp_path, {"a": "one.safetensors", "b": "one.safetensors", "c": "two.safetensors"})
    stored = list_tensors(tmp_path, torch.float32)
    seen: list[int] = []
    for call in range(5):
        read: list[str] = []
        reading = read_tensors(stored.values(), dtype=torch.float32, device=CPU, check=cancel_at_call(call))
        with pytest.raises(JobCancelledError):
            read.extend(name for name, _ in reading)
        seen.append(len(read))
    # Two files and three tensors: file, a, b, file, c.
    assert seen == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    "shard",
    [
        "../x.safetensors",
        "/x.safetensors",
        "sub/x.safetensors",
        "a\\x.safetensors",
        "C:x.safetensors",
        "x.bin",
        ".x.safetensors",
        3,
        None,
    ],
)
def test_an_index_that_points_elsewhere_is_refused(tmp_path: Path, shard: object):
    (tmp_path / "pack").mkdir()
    save(tmp_path, "x.safetensors", a=torch.zeros(1))
    save_index(tmp_path / "pack", {"a": shard})
    with pytest.raises(WeightsError, match="expected names of safetensors files beside it"):
        list_tensors(tmp_path / "pack", torch.float32)


@pytest.mark.parametrize("weight_map", [None, [], {}, "a"])
def test_an_index_without_a_table_is_refused(tmp_path: Path, weight_map: object):
    save_index(tmp_path, weight_map)
    with pytest.raises(WeightsError, match="expected a table “weight_map”"):
        list_tensors(tmp_path, torch.float32)


def test_an_index_that_is_no_json_is_refused(tmp_path: Path):
    (tmp_path / f"{STEM}.safetensors.index.json").write_text("{")
    with pytest.raises(WeightsError, match="not readable JSON"):
        list_tensors(tmp_path, torch.float32)


def test_a_missing_shard_is_named(tmp_path: Path):
    save_index(tmp_path, {"a": "one.safetensors"})
    with pytest.raises(WeightsError, match=r"the shard one\.safetensors is missing"):
        list_tensors(tmp_path, torch.float32)


def test_a_tensor_that_is_not_where_the_index_says_is_named(tmp_path: Path):
    save(tmp_path, "one.safetensors", b=torch.zeros(1))
    save_index(tmp_path, {"a": "one.safetensors"})
    with pytest.raises(WeightsError, match="first: `a`"):
        list_tensors(tmp_path, torch.float32)


def test_a_tensor_in_two_shards_is_refused(tmp_path: Path):
    save(tmp_path, "one.safetensors", a=torch.zeros(1))
    save(tmp_path, "two.safetensors", a=torch.zeros(1), b=torch.zeros(1))
    save_index(tmp_path, {"a": "one.safetensors", "b": "two.safetensors"})
    with pytest.raises(WeightsError, match="`a` is both in"):
        list_tensors(tmp_path, torch.float32)


def test_quantised_weights_are_refused(tmp_path: Path):
    save(tmp_path, f"{STEM}.safetensors", a=torch.zeros(1, dtype=torch.int8))
    with pytest.raises(WeightsError, match="expected 16 or 32 bit floating-point weights, found I8"):
        list_tensors(tmp_path, torch.float32)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("diffusion_pytorch_model.bin", "found diffusion_pytorch_model.bin"),
        ("diffusion_pytorch_model.int4.safetensors", "int4"),
        ("readme.md", "found no weights"),
    ],
)
def test_a_folder_without_weights_that_can_be_read_says_what_is_there(tmp_path: Path, name: str, found: str):
    (tmp_path / name).touch()
    with pytest.raises(WeightsError, match=found):
        list_tensors(tmp_path, torch.float32)


def test_a_file_that_changed_after_it_was_listed_is_an_error(tmp_path: Path):
    save(tmp_path, f"{STEM}.safetensors", a=torch.zeros(4))
    stored = list_tensors(tmp_path, torch.float32)
    (tmp_path / f"{STEM}.safetensors").write_bytes(b"\0" * 40)
    with pytest.raises(WeightsError, match="cannot be read as safetensors"):
        list(read_tensors(stored.values(), dtype=torch.float32, device=CPU, check=never))
