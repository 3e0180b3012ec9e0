import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.errors import WeightsError
from sana_desktop.system.tensor_header import TensorInfo, read_tensor_header
from support.tiny_checkpoints import safetensors_with_header


def entry(dtype: object = "F32", shape: object = (2,), offsets: object = (0, 8)) -> bytes:
    return json.dumps({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).encode()


def test_names_types_and_shapes_equal_what_the_library_wrote(tmp_path: Path):
    tensors = {
        "a": torch.zeros(2, 3),
        "b.c": torch.zeros(4, dtype=torch.bfloat16),
        "d": torch.zeros((), dtype=torch.int8),
    }
    save_file(tensors, tmp_path / "x.safetensors", metadata={"format": "pt"})
    assert read_tensor_header(tmp_path / "x.safetensors") == {
        "a": TensorInfo("F32", (2, 3), 24),
        "b.c": TensorInfo("BF16", (4,), 8),
        "d": TensorInfo("I8", (), 1),
    }


@pytest.mark.parametrize("cut", [1, 9, 60, 200])
def test_a_truncated_file_is_refused_wherever_it_ends(tmp_path: Path, cut: int):
    path = tmp_path / "x.safetensors"
    save_file({"a": torch.zeros(20), "b": torch.zeros(20)}, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - cut] if cut < 100 else whole[: 200 - cut])
    with pytest.raises(WeightsError, match="not a complete safetensors file") as caught:
        read_tensor_header(path)
    assert "Download it again" in caught.value.hint


def test_bytes_after_the_last_tensor_are_refused(tmp_path: Path):
    path = safetensors_with_header(tmp_path / "x.safetensors", entry(), bytes(9))
    with pytest.raises(WeightsError, match="describes 8 bytes of weights, and 9 are there"):
        read_tensor_header(path)


@pytest.mark.parametrize(
    "header",
    [
        entry(dtype="F99"),
        entry(dtype=3),
        entry(shape=[3]),
        entry(shape=[-2]),
        entry(shape="2"),
        entry(shape=[2**40, 2**40]),
        entry(offsets=[8, 0]),
        entry(offsets=[0]),
        entry(offsets=[0, 8.0]),
        entry(offsets=None),
        b'{"a": 1}',
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(tmp_path: Path, header: bytes):
    with pytest.raises(WeightsError, match="entry for `a` makes no sense"):
        read_tensor_header(safetensors_with_header(tmp_path / "x.safetensors", header, bytes(8)))


@pytest.mark.parametrize("header", [b"", b"[]", b"not json", b"[" * 50_000])
def test_a_header_that_is_no_json_object_is_refused(tmp_path: Path, header: bytes):
    with pytest.raises(WeightsError, match="the header of x.safetensors"):
        read_tensor_header(safetensors_with_header(tmp_path / "x.safetensors", header))


def test_a_header_longer_than_the_file_is_refused_before_it_is_read(tmp_path: Path):
    (tmp_path / "x.safetensors").write_bytes((2**63).to_bytes(8, "little") + b"{}")
    with pytest.raises(WeightsError, match="its header does not end"):
        read_tensor_header(tmp_path / "x.safetensors")


def test_a_git_lfs_pointer_is_called_by_its_name(tmp_path: Path):
    (tmp_path / "x.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    with pytest.raises(WeightsError, match="Git LFS pointer"):
        read_tensor_header(tmp_path / "x.safetensors")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(WeightsError, match="none.safetensors cannot be read"):
        read_tensor_header(tmp_path / "none.safetensors")
