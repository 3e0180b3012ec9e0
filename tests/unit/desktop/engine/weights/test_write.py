from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from sana_desktop.engine.weights.write import (
    TensorPlace,
    TensorSource,
    staged_folder,
    write_as_made,
    write_json,
    write_safetensors,
)
from sana_desktop.errors import JobCancelledError, MachineError
from sana_desktop.system.tensor_header import read_tensor_header
from support.tiny_models import cancel_at_call, noise


def never() -> None:
    pass


def source(name: str, tensor: Tensor, dtype: torch.dtype | None = None) -> TensorSource:
    return TensorSource(name, dtype or tensor.dtype, tuple(tensor.shape), lambda: tensor)


def test_the_library_reads_every_type_and_layout(tmp_path: Path):
    tensors = {
        "odd.bf16": noise(3, 5).bfloat16(),
        "half": noise(7).half(),
        "double": noise(2, 2).double(),
        "single number": torch.tensor(3.5),
        "empty": torch.zeros(0, 4),
        "transposed": noise(4, 6).T,
        "part": noise(4, 6)[1:3, ::2],
        "ünïcode": noise(1),
    }
    write_safetensors(tmp_path / "x.safetensors", [source(*item) for item in tensors.items()], check=never)
    found = load_file(tmp_path / "x.safetensors")
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)
    assert set(read_tensor_header(tmp_path / "x.safetensors")) == set(tensors)


def test_weights_are_cast_one_by_one_as_they_are_written(tmp_path: Path):
    tensor = noise(9)
    write_safetensors(tmp_path / "x.safetensors", [source("a", tensor, torch.bfloat16)], check=never)
    assert torch.equal(load_file(tmp_path / "x.safetensors")["a"], tensor.bfloat16())


def test_a_tensor_is_read_only_when_its_turn_comes(tmp_path: Path):
    alive: list[str] = []

    def read(name: str) -> Tensor:
        alive.append(name)
        return torch.zeros(2)

    sources = [TensorSource(name, torch.float32, (2,), lambda name=name: read(name)) for name in "ab"]
    with pytest.raises(JobCancelledError):
        write_safetensors(tmp_path / "x.safetensors", sources, check=cancel_at_call(1))
    assert alive == ["a"]


def test_wide_types_come_first_so_that_all_are_aligned(tmp_path: Path):
    sources = [
        source("a", torch.zeros(3).bfloat16()),
        source("b", torch.zeros(1).double()),
        source("c", torch.zeros(1)),
    ]
    write_safetensors(tmp_path / "x.safetensors", sources, check=never)
    text = (tmp_path / "x.safetensors").read_bytes()
    assert (8 + int.from_bytes(text[:8], "little")) % 64 == 0
    assert text.index(b'"b"') < text.index(b'"c"') < text.index(b'"a"')


def test_tensors_may_come_in_any_order(tmp_path: Path):
    tensors = {"narrow": noise(5).bfloat16(), "wide": noise(2, 3), "bytes": torch.arange(7, dtype=torch.uint8)}
    places = [TensorPlace(name, tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()]
    write_as_made(tmp_path / "x.safetensors", places, iter(tensors.items()))
    found = load_file(tmp_path / "x.safetensors")
    assert {name: tensor.tolist() for name, tensor in found.items()} == {
        name: tensor.tolist() for name, tensor in tensors.items()
    }


@pytest.mark.parametrize("made", [[], ["a", "a"], ["a", "other"], ["misshapen"]])
def test_what_is_made_must_be_what_was_planned(made: list[str], tmp_path: Path):
    tensors = {"misshapen": ("a", torch.zeros(4))}
    with pytest.raises(ValueError, match=r"a|other"):
        write_as_made(
            tmp_path / "x.safetensors",
            [TensorPlace(name, torch.float32, (3,)) for name in "ab"],
            (tensors.get(name, (name, torch.zeros(3))) for name in made),
        )


def test_a_staged_folder_appears_when_it_is_complete(tmp_path: Path):
    target = tmp_path / "packs" / "toy"
    with staged_folder(target) as staging:
        write_json(staging / "a.json", {"a": 1})
        assert not target.exists()
    assert (target / "a.json").read_text() == '{\n  "a": 1\n}\n'
    assert [entry.name for entry in target.parent.iterdir()] == ["toy"]


@pytest.mark.parametrize("error", [JobCancelledError("cancelled"), KeyboardInterrupt()])
def test_a_staged_folder_vanishes_when_something_goes_wrong(tmp_path: Path, error: BaseException):
    def work() -> None:
        with staged_folder(tmp_path / "toy") as staging:
            (staging / "a").write_text("a")
            raise error

    with pytest.raises(type(error)):
        work()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_is_an_error_of_the_machine(tmp_path: Path):
    def work() -> None:
        with staged_folder(tmp_path / "toy"):
            raise OSError(28, "No space left on device")

    with pytest.raises(MachineError, match=r"toy could not be written \(No space left on device\)"):
        work()
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_appeared_meanwhile_is_not_replaced(tmp_path: Path):
    def work() -> None:
        with staged_folder(tmp_path / "toy"):
            (tmp_path / "toy").mkdir()
            (tmp_path / "toy" / "kept").touch()

    with pytest.raises(MachineError):
        work()
    assert [entry.name for entry in tmp_path.rglob("*")] == ["toy", "kept"]
