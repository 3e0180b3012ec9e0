import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.engine.weights.checkpoint import read_checkpoint
from sana_desktop.errors import WeightsError
from support.tiny_checkpoints import write_booby_trap, write_plain_booby_trap, write_pth

WEIGHTS = {"x.weight": torch.arange(6.0).view(2, 3), "x.bias": torch.ones(2, dtype=torch.float16)}


def assert_read(path: Path) -> None:
    found = read_checkpoint(path)
    assert set(found) == set(WEIGHTS)
    for name, tensor in WEIGHTS.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)


@pytest.mark.parametrize("key", ["state_dict", "model", None])
@pytest.mark.parametrize("prefix", ["", "module.", "model.", "model.diffusion_model.", "_orig_mod.module."])
def test_weights_are_found_under_every_key_and_wrapper(tmp_path: Path, key: str | None, prefix: str):
    assert_read(write_pth(tmp_path / "x.pth", WEIGHTS, key=key, prefix=prefix))


def test_a_safetensors_file_is_read_too(tmp_path: Path):
    save_file({f"model.{name}": tensor for name, tensor in WEIGHTS.items()}, tmp_path / "x.safetensors")
    assert_read(tmp_path / "x.safetensors")


def test_a_file_of_the_old_kind_is_read_too(tmp_path: Path):
    torch.save(WEIGHTS, tmp_path / "x.pth", _use_new_zipfile_serialization=False)
    assert_read(tmp_path / "x.pth")


def test_tensors_are_mapped_from_the_file(tmp_path: Path):
    path = write_pth(tmp_path / "x.pth", {"x": torch.full((1000,), 3.0)})
    found = read_checkpoint(path)["x"]
    content = path.read_bytes()
    place = content.index(torch.full((1000,), 3.0).numpy().tobytes())
    with path.open("r+b") as file:
        file.seek(place)
        file.write(torch.tensor([9.0]).numpy().tobytes())
    assert found[0] == 9.0


@pytest.mark.parametrize("old", [False, True], ids=["zip", "old-kind"])
def test_a_pickle_with_code_is_refused_and_not_run(tmp_path: Path, old: bool):
    victim = tmp_path / "victim"
    path = write_booby_trap(tmp_path / "x.pth", victim, zipped=not old)
    with pytest.raises(WeightsError, match="It was refused; nothing in it was run") as caught:
        read_checkpoint(path)
    assert "mkdir" in str(caught.value)
    assert not victim.exists()


def test_the_trap_would_have_sprung(tmp_path: Path):
    victim = tmp_path / "victim"
    torch.load(write_booby_trap(tmp_path / "x.pth", victim), weights_only=False)
    assert victim.exists()


def test_an_object_of_a_strange_class_is_refused(tmp_path: Path):
    torch.save({"state_dict": WEIGHTS, "path": Path("x")}, tmp_path / "x.pth")
    with pytest.raises(WeightsError, match="it asks for `pathlib"):
        read_checkpoint(tmp_path / "x.pth")


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float):
    path = write_pth(tmp_path / "x.pth", {"x": torch.randn(5000)})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(WeightsError, match="is not a readable checkpoint"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02.",
        b"\x80\x02}q\x00.",
        b"\x80\x02(((((0.",
        b"garbage",
        b"PK\x03\x04" + b"\0" * 50,
        b"\x80\x02X\xff\xff\xff\x7fa.",
    ],
)
def test_a_malformed_file_is_one_clear_line(tmp_path: Path, content: bytes):
    (tmp_path / "x.pth").write_bytes(content)
    with pytest.raises(WeightsError):
        read_checkpoint(tmp_path / "x.pth")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({}, "expected a table of weights"),
        ([torch.zeros(1)], "expected a table of weights, found list"),
        (torch.zeros(1), "expected a table of weights, found Tensor"),
        ({"x": torch.zeros(1), "epoch": 3}, "found another value under 'epoch'"),
        ({1: torch.zeros(1)}, "found another value under '1'"),
        ({"x": torch.zeros(1, dtype=torch.int32)}, "`x` is not a plain floating-point tensor"),
        ({"x": torch.zeros(1).expand(10**12)}, "`x` is not a plain floating-point tensor"),
        ({"x": torch.zeros(3).to_sparse()}, "`x` is not a plain floating-point tensor"),
        ({"x": torch.zeros(3, device="meta")}, "`x` is not a plain floating-point tensor"),
    ],
)
def test_anything_but_a_table_of_weights_is_refused(tmp_path: Path, content: object, complaint: str):
    torch.save(content, tmp_path / "x.pth")
    with pytest.raises(WeightsError, match=complaint):
        read_checkpoint(tmp_path / "x.pth")


def test_a_damaged_safetensors_file_is_refused(tmp_path: Path):
    (tmp_path / "x.safetensors").write_bytes(pickle.dumps({}))
    with pytest.raises(WeightsError, match="not a complete safetensors file"):
        read_checkpoint(tmp_path / "x.safetensors")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(WeightsError, match="There is no file"):
        read_checkpoint(tmp_path / "x.pth")


def test_a_pickle_that_torch_did_not_write_is_refused_in_silence_and_not_run(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    path = write_plain_booby_trap(tmp_path / "x.pth", victim)
    # In silence: a warning of torch's would fail this test.
    with pytest.raises(WeightsError, match="nothing in it was run"):
        read_checkpoint(path)
    assert not victim.exists()


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pth"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/data.pkl", bytes(50_000_000))
    assert bomb.stat().st_size < 100_000
    with pytest.raises(WeightsError, match=r"compressed data \(`bomb/data.pkl`, 50000000 bytes once unpacked\)"):
        read_checkpoint(bomb)
