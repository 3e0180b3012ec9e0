"""A GGUF file of a Gemma 3 of a few thousand weights, written by llama.cpp's own library."""

import hashlib
from pathlib import Path

import gguf
import numpy as np
import pytest
from numpy.typing import NDArray

from sana_desktop.engine import starter_conversion
from support.tiny_gemma import SPECIAL, tiny_vocabulary

HIDDEN, FEED_FORWARD, HEADS, HEAD_DIM, LAYERS = 32, 64, 2, 32, 2
_CONTROL, _NORMAL, _BYTE, _USER_DEFINED = 3, 1, 6, 4


def tiny_gguf_tokens() -> list[str]:
    """The tiny vocabulary as llama.cpp writes it: runs of spaces as spaces."""
    tokens = list(tiny_vocabulary()[0])
    return [" " * len(token) if set(token) == {"\u2581"} and len(token) > 1 else token for token in tokens]


def tiny_gguf_tensors(seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Random weights by llama.cpp's names."""
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(tiny_gguf_tokens()), HIDDEN),
        "output_norm.weight": (HIDDEN,),
    }
    for layer in range(LAYERS):
        block = {
            "attn_norm": (HIDDEN,),
            "attn_q": (HEADS * HEAD_DIM, HIDDEN),
            "attn_k": (HEAD_DIM, HIDDEN),
            "attn_v": (HEAD_DIM, HIDDEN),
            "attn_output": (HIDDEN, HEADS * HEAD_DIM),
            "attn_q_norm": (HEAD_DIM,),
            "attn_k_norm": (HEAD_DIM,),
            "post_attention_norm": (HIDDEN,),
            "ffn_norm": (HIDDEN,),
            "ffn_gate": (FEED_FORWARD, HIDDEN),
            "ffn_up": (FEED_FORWARD, HIDDEN),
            "ffn_down": (HIDDEN, FEED_FORWARD),
            "post_ffw_norm": (HIDDEN,),
        }
        shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in block.items()}
    random = np.random.default_rng(seed)
    return {name: random.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}


def write_tiny_gguf(path: Path, tensors: dict[str, NDArray[np.float32]]) -> None:
    """Write `tensors` as a Gemma 3: matrices in 8 bit, vectors in fp32."""
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_context_length(512)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD_DIM)
    writer.add_value_length(HEAD_DIM)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_sliding_window(64)
    tokens = tiny_gguf_tokens()
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_types([_kind(token) for token in tokens])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)
    for name, values in tensors.items():
        if values.ndim == 1:
            writer.add_tensor(name, values)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def install_tiny_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let the converter of this process find a tiny encoder in three parts in place of the installed package."""
    whole = folder / "tiny.gguf"
    write_tiny_gguf(whole, tiny_gguf_tensors())
    data = whole.read_bytes()
    parts = [folder / f"part{number}" for number in range(3)]
    for number, part in enumerate(parts):
        part.write_bytes(data[number * 20_000 : (number + 1) * 20_000 if number < 2 else None])
    monkeypatch.setattr(starter_conversion, "_parts", lambda: parts)
    monkeypatch.setattr(starter_conversion, "SOURCE_BYTES", len(data))
    monkeypatch.setattr(starter_conversion, "SOURCE_SHA256", hashlib.sha256(data).hexdigest())
    return parts


def _kind(token: str) -> int:
    if token in SPECIAL:
        return _CONTROL
    if token.startswith("<0x"):
        return _BYTE
    return _USER_DEFINED if token == "\n" else _NORMAL
