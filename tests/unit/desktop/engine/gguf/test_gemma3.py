import json
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.gguf.file import GgufFile, read_gguf
from sana_desktop.engine.gguf.gemma3 import as_bfloat16, gemma3_config, write_gemma3_weights
from sana_desktop.errors import JobCancelledError, WeightsError
from support.tiny_gguf import tiny_gguf_tensors, write_tiny_gguf

Q8 = gguf.GGMLQuantizationType.Q8_0


def nothing() -> None:
    pass


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> GgufFile:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_tiny_gguf(path, tiny_gguf_tensors())
    return read_gguf(memoryview(path.read_bytes()))


@pytest.fixture(scope="module")
def weights(file: GgufFile, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    path = tmp_path_factory.mktemp("written") / "model.safetensors"
    write_gemma3_weights(file, path, nothing)
    return load_file(path)


def with_metadata(file: GgufFile, **change: object) -> GgufFile:
    return GgufFile({**file.metadata, **change}, file.tensors, file.data)  # pyright: ignore[reportArgumentType]


def test_matrices_are_what_llama_cpp_reads_rounded_once_to_bf16(weights: dict[str, Tensor]) -> None:
    values = tiny_gguf_tensors()["blk.1.ffn_down.weight"]
    expected = torch.from_numpy(gguf.dequantize(gguf.quantize(values, Q8), Q8)).bfloat16()
    assert torch.equal(weights["layers.1.mlp.down_proj.weight"], expected)


@pytest.mark.parametrize(
    ("name", "translated"),
    [
        ("output_norm.weight", "norm.weight"),
        ("blk.0.attn_k_norm.weight", "layers.0.self_attn.k_norm.weight"),
        ("blk.1.post_ffw_norm.weight", "layers.1.post_feedforward_layernorm.weight"),
    ],
)
def test_norms_lose_the_one_that_llama_cpp_adds(weights: dict[str, Tensor], name: str, translated: str) -> None:
    expected = (torch.from_numpy(tiny_gguf_tensors()[name]) - 1.0).bfloat16()
    assert torch.equal(weights[translated], expected)


def test_rounding_is_that_of_torch_halves_and_the_largest_included() -> None:
    bits = np.random.default_rng(0).integers(0, 2**32, 100_000, dtype=np.uint32)
    # Halfway between two numbers of bf16, below an even and an odd one, and the largest that is finite.
    bits[:4] = (0x3F808000, 0x3F818000, 0xBF808000, 0x7F7F7FFF)
    values = bits.view(np.float32)
    values = values[np.isfinite(values)]
    expected = torch.from_numpy(values).bfloat16().view(torch.uint16).numpy()
    np.testing.assert_array_equal(as_bfloat16(values), expected)


def test_configuration_and_weights_make_a_network_of_transformers(file: GgufFile, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(gemma3_config(file)))
    write_gemma3_weights(file, tmp_path / "model.safetensors", nothing)
    model = load_gemma_model(tmp_path, torch.float32, torch.device("cpu"), nothing)
    with torch.no_grad():
        states = model(torch.tensor([[2, 7, 9]])).last_hidden_state
    assert states.shape == (1, 3, 32)
    assert bool(states.isfinite().all())
    assert model.config.rope_parameters == {
        "full_attention": {"rope_type": "default", "rope_theta": 1e6},
        "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
    }


def test_every_sixth_layer_attends_to_everything(file: GgufFile) -> None:
    kinds = gemma3_config(with_metadata(file, **{"gemma3.block_count": 12}))["layer_types"]
    assert isinstance(kinds, list)
    assert [number for number, kind in enumerate(kinds, 1) if kind == "full_attention"] == [6, 12]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"general.architecture": "llama"}, "architecture gemma3, found llama"),
        ({"gemma3.block_count": 10**9}, "at most 256"),
        ({"gemma3.block_count": True}, "expected a whole number"),
        ({"gemma3.embedding_length": 0}, "above 0"),
        ({"gemma3.embedding_length": "wide"}, "expected a whole number"),
        ({"gemma3.rope.freq_base": float("nan")}, "expected a number above 0"),
        ({"tokenizer.ggml.tokens": []}, "lacks its vocabulary"),
        ({"tokenizer.ggml.bos_token_id": -1}, "expected a whole number"),
    ],
)
def test_metadata_of_anything_else_is_a_known_error(file: GgufFile, change: dict[str, object], message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        gemma3_config(with_metadata(file, **change))


def test_missing_and_unknown_tensors_are_named(file: GgufFile, tmp_path: Path) -> None:
    tensors = dict(file.tensors)
    tensors["rope_freqs.weight"] = tensors.pop("output_norm.weight")
    with pytest.raises(WeightsError, match=r"missing \(first: \['output_norm.weight'\]\).*rope_freqs"):
        write_gemma3_weights(GgufFile(file.metadata, tensors, file.data), tmp_path / "x", nothing)


def test_conversion_stops_when_asked_to(file: GgufFile, tmp_path: Path) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        write_gemma3_weights(file, tmp_path / "x", check)
