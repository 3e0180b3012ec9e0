import json
from pathlib import Path

import gguf
import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.gguf.file import GgufFile, read_gguf
from sana_desktop.engine.gguf.gemma3 import gemma3_config, gemma3_weights
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


def with_metadata(file: GgufFile, **change: object) -> GgufFile:
    return GgufFile({**file.metadata, **change}, file.tensors, file.data)  # pyright: ignore[reportArgumentType]


def test_matrices_are_what_llama_cpp_reads_rounded_once_to_bf16(file: GgufFile) -> None:
    values = tiny_gguf_tensors()["blk.1.ffn_down.weight"]
    expected = torch.from_numpy(gguf.dequantize(gguf.quantize(values, Q8), Q8)).bfloat16()
    assert torch.equal(gemma3_weights(file, nothing)["layers.1.mlp.down_proj.weight"], expected)


@pytest.mark.parametrize(
    ("name", "translated"),
    [
        ("output_norm.weight", "norm.weight"),
        ("blk.0.attn_k_norm.weight", "layers.0.self_attn.k_norm.weight"),
        ("blk.1.post_ffw_norm.weight", "layers.1.post_feedforward_layernorm.weight"),
    ],
)
def test_norms_lose_the_one_that_llama_cpp_adds(file: GgufFile, name: str, translated: str) -> None:
    expected = (torch.from_numpy(tiny_gguf_tensors()[name]) - 1.0).bfloat16()
    assert torch.equal(gemma3_weights(file, nothing)[translated], expected)


def test_configuration_and_weights_make_a_network_of_transformers(file: GgufFile, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(gemma3_config(file)))
    save_file(gemma3_weights(file, nothing), tmp_path / "model.safetensors")
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


def test_missing_and_unknown_tensors_are_named(file: GgufFile) -> None:
    tensors = dict(file.tensors)
    tensors["rope_freqs.weight"] = tensors.pop("output_norm.weight")
    with pytest.raises(WeightsError, match=r"missing \(first: \['output_norm.weight'\]\).*rope_freqs"):
        gemma3_weights(GgufFile(file.metadata, tensors, file.data), nothing)


def test_conversion_stops_when_asked_to(file: GgufFile) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        gemma3_weights(file, check)
