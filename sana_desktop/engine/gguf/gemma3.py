"""A Gemma 3 in llama.cpp's names and units, translated to those of transformers.

Two things differ besides names: llama.cpp stores every RMS norm as 1 + w, transformers as w; and the
file says nothing about rotary positions of the sliding-window layers, which are Gemma's own constant.
"""

import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sana_desktop.engine.gguf.file import GgufFile
from sana_desktop.errors import WeightsError
from sana_desktop.system.tensor_header import TensorInfo, written_header

# Gemma 3 report (arXiv 2503.19786), section 2: five local layers to one global, base 10k for the local ones.
LAYERS_PER_GLOBAL = 6
LOCAL_ROPE_BASE = 10_000.0
MOST_LAYERS = 256

_BLOCK_NAMES = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
    "attn_q_norm.weight": "self_attn.q_norm.weight",
    "attn_k_norm.weight": "self_attn.k_norm.weight",
    "post_attention_norm.weight": "post_attention_layernorm.weight",
    "ffn_norm.weight": "pre_feedforward_layernorm.weight",
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
    "post_ffw_norm.weight": "post_feedforward_layernorm.weight",
}
_OUTER_NAMES = {"token_embd.weight": "embed_tokens.weight", "output_norm.weight": "norm.weight"}


def gemma3_config(file: GgufFile) -> dict[str, object]:
    """The `config.json` of a `Gemma3TextModel`. Raises `WeightsError` if the file holds anything else."""
    architecture = file.metadata.get("general.architecture")
    if architecture != "gemma3":
        raise WeightsError(f"Expected a GGUF file of architecture gemma3, found {architecture}.")
    layers = _count(file, "gemma3.block_count")
    if layers > MOST_LAYERS:
        raise WeightsError(f"The GGUF file announces {layers} layers; at most {MOST_LAYERS} are believed.")
    head_dim = _count(file, "gemma3.attention.key_length")
    kinds = ["sliding_attention" if number % LAYERS_PER_GLOBAL else "full_attention" for number in range(1, layers + 1)]
    return {
        "architectures": ["Gemma3TextModel"],
        "model_type": "gemma3_text",
        "dtype": "bfloat16",
        "vocab_size": _vocabulary_size(file),
        "hidden_size": _count(file, "gemma3.embedding_length"),
        "intermediate_size": _count(file, "gemma3.feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": _count(file, "gemma3.attention.head_count"),
        "num_key_value_heads": _count(file, "gemma3.attention.head_count_kv"),
        "head_dim": head_dim,
        # The 1B and 4B scale queries by their head width as well; only the 27B does not, and is not read here.
        "query_pre_attn_scalar": head_dim,
        "max_position_embeddings": _count(file, "gemma3.context_length"),
        "sliding_window": _count(file, "gemma3.attention.sliding_window"),
        "rms_norm_eps": _number(file, "gemma3.attention.layer_norm_rms_epsilon"),
        "layer_types": kinds,
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": _number(file, "gemma3.rope.freq_base")},
            "sliding_attention": {"rope_type": "default", "rope_theta": LOCAL_ROPE_BASE},
        },
        "bos_token_id": _index(file, "tokenizer.ggml.bos_token_id"),
        "eos_token_id": _index(file, "tokenizer.ggml.eos_token_id"),
        "pad_token_id": _index(file, "tokenizer.ggml.padding_token_id"),
    }


def write_gemma3_weights(file: GgufFile, path: Path, check: Callable[[], None]) -> None:
    """Write the weights of a `Gemma3TextModel` in bf16, by transformers' names, as safetensors; `check` per tensor.

    No tensor is in memory whole, and torch stays out: importing it takes longer than the writing. Raises
    `WeightsError` if the names are not exactly those of the announced number of layers; OSError leaves a file that
    must not be used.
    """
    names = _names(_count(file, "gemma3.block_count"))
    missing = [name for name in names if name not in file.tensors]
    unknown = [name for name in file.tensors if name not in names]
    if missing or unknown:
        raise WeightsError(
            f"The GGUF file is not a Gemma 3: {len(missing)} tensors missing (first: {missing[:5]}), "
            f"{len(unknown)} unknown (first: {unknown[:5]})."
        )
    ordered = sorted(names, key=names.__getitem__)
    shapes = {name: file.tensors[name].shape for name in ordered}
    header = {names[name]: TensorInfo("BF16", shape, 2 * math.prod(shape)) for name, shape in shapes.items()}
    with path.open("wb") as stream:
        stream.write(written_header(header))
        for name in ordered:
            check()
            # llama.cpp's norms have the one in them.
            offset = np.float32(1.0) if name.endswith("norm.weight") else None
            for values in file.float_rows(name):
                stream.write(as_bfloat16(values if offset is None else values - offset).data)
        stream.flush()
        os.fsync(stream.fileno())


def as_bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The bits of finite `values` rounded to bf16, to the nearest and halves to even, as torch rounds."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    rounded = bits >> 16
    rounded &= 1
    rounded += 0x7FFF
    rounded += bits
    rounded >>= 16
    return rounded.astype("<u2")


def _names(layers: int) -> dict[str, str]:
    names = dict(_OUTER_NAMES)
    for layer in range(layers):
        names |= {f"blk.{layer}.{ours}": f"layers.{layer}.{theirs}" for ours, theirs in _BLOCK_NAMES.items()}
    return names


def _vocabulary_size(file: GgufFile) -> int:
    tokens = file.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, list) or not tokens:
        raise WeightsError("The GGUF file lacks its vocabulary (tokenizer.ggml.tokens).")
    return len(tokens)


def _count(file: GgufFile, key: str) -> int:
    value = _index(file, key)
    if value == 0:
        raise WeightsError(f"GGUF metadata “{key}”: expected a number above 0, found 0.")
    return value


def _index(file: GgufFile, key: str) -> int:
    value = file.metadata.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise WeightsError(f"GGUF metadata “{key}”: expected a whole number, found {value}.")
    return value


def _number(file: GgufFile, key: str) -> float:
    value = file.metadata.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise WeightsError(f"GGUF metadata “{key}”: expected a number above 0, found {value}.")
    return float(value)
