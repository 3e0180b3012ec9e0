import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.engine.gemma_files import gemma_fingerprint, read_gemma_config, read_gemma_weights, weight_files
from sana_desktop.errors import JobCancelledError, WeightsError

CONFIG = {"model_type": "gemma2", "num_hidden_layers": 2}
CPU = torch.device("cpu")
EXPECTED = {"norm.weight": torch.Size([4]), "layers.0.weight": torch.Size([2, 3])}
WEIGHTS = {"norm.weight": torch.arange(4.0), "layers.0.weight": torch.ones(2, 3)}


def nothing() -> None:
    pass


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize(
    ("present", "chosen"),
    [
        (["model.safetensors"], ["model.safetensors"]),
        (
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"],
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
        ),
        (["model.safetensors", "model.fp16.safetensors"], ["model.safetensors"]),
        (
            ["model.fp16-00001-of-00002.safetensors", "model.fp16-00002-of-00002.safetensors"],
            ["model.fp16-00001-of-00002.safetensors", "model.fp16-00002-of-00002.safetensors"],
        ),
        (["model.safetensors", "model-00001-of-00002.safetensors"], ["model.safetensors"]),
        (["model.safetensors", "model_backup.safetensors"], ["model.safetensors"]),
    ],
    ids=["one file", "shards", "plain before variant", "variant alone", "whole before shards", "strangers"],
)
def test_one_copy_of_the_weights_is_chosen(tmp_path: Path, present: list[str], chosen: list[str]) -> None:
    touch(tmp_path, *present)
    assert [path.name for path in weight_files(tmp_path)] == chosen


def test_formats_that_may_hold_code_are_not_looked_at(tmp_path: Path) -> None:
    touch(tmp_path, "pytorch_model.bin", "model.pth")
    with pytest.raises(WeightsError, match=r"expected the text encoder's weights as model\.safetensors"):
        weight_files(tmp_path)


@pytest.mark.parametrize("prefix", ["", "model."])
def test_names_with_and_without_the_prefix_of_a_language_model_are_read(tmp_path: Path, prefix: str) -> None:
    named = {prefix + name: value for name, value in WEIGHTS.items()}
    save_file({**named, "lm_head.weight": torch.zeros(1)}, tmp_path / "model.safetensors")
    found = read_gemma_weights(tmp_path, EXPECTED, torch.float32, nothing)
    assert found.keys() == EXPECTED.keys()
    assert all(torch.equal(found[name], WEIGHTS[name]) for name in EXPECTED)


def test_shards_are_joined(tmp_path: Path) -> None:
    for number, (name, value) in enumerate(WEIGHTS.items(), 1):
        save_file({name: value}, tmp_path / f"model-0000{number}-of-00002.safetensors")
    assert read_gemma_weights(tmp_path, EXPECTED, torch.float32, nothing).keys() == EXPECTED.keys()


def test_missing_and_unknown_tensors_are_counted_and_the_first_five_named(tmp_path: Path) -> None:
    strangers = {f"stranger.{number}": torch.zeros(1) for number in range(7)}
    save_file({"norm.weight": WEIGHTS["norm.weight"], **strangers}, tmp_path / "model.safetensors")
    with pytest.raises(WeightsError) as caught:
        read_gemma_weights(tmp_path, EXPECTED, torch.float32, nothing)
    message = str(caught.value)
    assert "1 tensors missing (first: layers.0.weight)" in message
    assert "7 unknown (first: stranger.0" in message
    assert "stranger.4" in message
    assert "stranger.5" not in message


def test_another_shape_is_named(tmp_path: Path) -> None:
    save_file({**WEIGHTS, "norm.weight": torch.zeros(5)}, tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match=r"`norm.weight`: expected \[4\], found \[5\]"):
        read_gemma_weights(tmp_path, EXPECTED, torch.float32, nothing)


def test_a_truncated_file_is_a_known_error(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file(WEIGHTS, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(WeightsError, match="not a complete safetensors file"):
        read_gemma_weights(tmp_path, EXPECTED, torch.float32, nothing)


def test_reading_stops_when_asked_to(tmp_path: Path) -> None:
    save_file(WEIGHTS, tmp_path / "model.safetensors")
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        read_gemma_weights(tmp_path, EXPECTED, torch.float32, check)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "llama"}, "found llama"),
        ({"model_type": None}, "found None"),
        ({"model_type": ["gemma2"]}, "found"),
        ({"num_hidden_layers": 10**9}, "found 1000000000"),
        ({"num_hidden_layers": "two"}, "found two"),
        ({"use_bidirectional_attention": True}, "reads both ways"),
        ({"quantization_config": {"bits": 4}}, "saved quantised"),
    ],
)
def test_configurations_of_anything_else_are_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG | change))
    with pytest.raises(WeightsError, match=message):
        read_gemma_config(tmp_path)


def test_a_missing_configuration_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        read_gemma_config(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    save_file({"norm.weight": torch.zeros(2_000_000)}, tmp_path / "model.safetensors")
    return tmp_path


def test_the_fingerprint_is_the_same_for_the_same_files(folder: Path) -> None:
    assert gemma_fingerprint(folder, torch.float32, CPU) == gemma_fingerprint(folder, torch.float32, CPU)


def test_the_fingerprint_tells_arithmetic_apart(folder: Path) -> None:
    prints = {
        gemma_fingerprint(folder, torch.float32, CPU),
        gemma_fingerprint(folder, torch.bfloat16, CPU),
        gemma_fingerprint(folder, torch.float32, torch.device("cuda")),
    }
    assert len(prints) == 3


@pytest.mark.parametrize("what", ["other weights", "other config", "longer file"])
def test_the_fingerprint_tells_encoders_apart(folder: Path, what: str) -> None:
    before = gemma_fingerprint(folder, torch.float32, CPU)
    if what == "other weights":
        # The same sizes and names, other numbers from the middle on: what a fine-tune would look like.
        values = torch.zeros(2_000_000)
        values[1_000_000:] = 1.0
        save_file({"norm.weight": values}, folder / "model.safetensors")
    elif what == "other config":
        (folder / "config.json").write_text(json.dumps(CONFIG | {"head_dim": 8}))
    else:
        save_file({"norm.weight": torch.zeros(2_000_001)}, folder / "model.safetensors")
    assert gemma_fingerprint(folder, torch.float32, CPU) != before
