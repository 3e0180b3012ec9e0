"""How much memory weights in 8 and 4 bit take, while they are made and once they are loaded.

    .venv/bin/python -m benchmarks.quantized_memory dit-0.6b FOLDER --csv benchmarks/results/quantized_memory.csv

FOLDER is a transformer or text encoder in diffusers' layout; `tests/support/true_checkpoints.py` makes random ones of
the true shapes. Making and loading each run in a process of their own; memory is what the process has beyond what it
had before, resident, mapped files included; what is freed is given back to the system before the loaded network is
measured, ours or theirs.

`--peer` loads the same folder with diffusers or transformers, whose bitsandbytes settings (4 bit NormalFloat, double
quantization, bf16; or LLM.int8) replace every `nn.Linear` and nothing else: what is resident then stands beside ours.
Their own loaders want a GPU for it, so the layers are replaced here as they would.
"""

import argparse
import gc
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.memory import PeakMemory
from benchmarks.record import append_row
from sana_desktop.domain.choices import Precision
from sana_desktop.engine.freed_memory import give_back_freed
from sana_desktop.engine.quantize.gemma import load_quantized_gemma
from sana_desktop.engine.quantize.linear import quantizers
from sana_desktop.engine.quantize.transformer import load_quantized_transformer

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", help="what it is: dit-0.6b, gemma-2-2b, ...")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", type=Precision, choices=(Precision.INT8, Precision.NF4), default=Precision.NF4)
    parser.add_argument("--dtype", choices=sorted(DTYPES), default="bf16", help="of what is not quantized")
    parser.add_argument("--peer", action="store_true", help="measure diffusers and transformers, too")
    parser.add_argument("--csv", type=Path, help="table to append to")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child is not None:
        print(json.dumps(_load_peer(options) if options.peer else _load(options)))
        return 0
    with tempfile.TemporaryDirectory(prefix="sana-quantized-") as kept:
        making, loading = (_in_a_process(options, kept) for _ in range(2))
        peer = _in_a_process(options, kept, "--peer") if options.peer else None
        stored = sum(path.stat().st_size for path in Path(kept).glob("*.safetensors"))
    row: dict[str, object] = {
        "model": options.model,
        "kind": options.kind.value,
        "dtype": options.dtype,
        "stored_mib": round(stored / 2**20),
        "making_peak_mib": round(making["peak"] / 2**20),
        "making_s": round(making["seconds"], 1),
        "loaded_mib": round(loading["after"] / 2**20),
        "table_mib": round(loading["table"] / 2**20),
        "peer_loaded_mib": "" if peer is None else round(peer["after"] / 2**20),
        "loading_s": round(loading["seconds"], 1),
    }
    print(", ".join(f"{name} {value}" for name, value in row.items()))
    if options.csv is not None:
        append_row(options.csv, row)
    limit = 1.25 * stored + 600 * 2**20
    print(f"wanted while making <= {limit / 2**20:.0f} MiB: {'kept' if making['peak'] <= limit else 'NOT KEPT'}")
    return 0 if making["peak"] <= limit else 1


def _in_a_process(options: argparse.Namespace, kept: str, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.quantized_memory", options.model, str(options.folder)]
    command += ["--kind", options.kind.value, "--dtype", options.dtype, "--child", kept, *more]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def _load(options: argparse.Namespace) -> dict[str, float]:
    # Libraries are not weights.
    quantizers()
    device, dtype = torch.device("cpu"), DTYPES[options.dtype]
    text_encoder = _is_text_encoder(options.folder)
    if text_encoder:
        # As above: read before the clock starts.
        importlib.import_module("transformers.models.gemma2.modeling_gemma2")
    began = time.perf_counter()
    with PeakMemory() as memory:
        if text_encoder:
            network: Any = load_quantized_gemma(
                options.folder, options.child, options.kind, dtype, device, lambda: None
            )
        else:
            network = load_quantized_transformer(
                options.folder, options.child, options.kind, dtype=dtype, device=device, check=lambda: None
            )
        _touch(network)
        seconds, peak = time.perf_counter() - began, memory.peak - memory.before
        give_back_freed()
        loaded = memory.now() - memory.before
        # What the table of words takes is counted apart: it stays in the file, and a prompt reads a few rows.
        if text_encoder:
            words: Any = network.get_input_embeddings()
            _sum_by_rows(words.table)
        table = memory.now() - memory.before - loaded
    return {"peak": peak, "after": loaded, "table": table, "seconds": seconds}


@torch.no_grad()
def _load_peer(options: argparse.Namespace) -> dict[str, float]:
    import bitsandbytes as bnb
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel
    from transformers import Gemma2Model

    quantizers()
    kind: Any = Gemma2Model if _is_text_encoder(options.folder) else SanaTransformer2DModel
    with PeakMemory() as memory:
        network: Any = kind.from_pretrained(options.folder, torch_dtype=torch.bfloat16).eval()
        for name in [name for name, each in network.named_modules() if type(each) is nn.Linear]:
            network.set_submodule(name, _peer_layer(bnb.nn, network.get_submodule(name), options.kind))
        for holder in (network.parameters(), network.buffers()):
            for tensor in holder:
                # Their loaders copy what they read; a mapped file would be counted whole.
                if tensor.dtype.is_floating_point:
                    tensor.data = tensor.data.clone()
        gc.collect()
        _touch(network)
        peak = memory.peak - memory.before
        give_back_freed()
        loaded = memory.now() - memory.before
    return {"peak": peak, "after": loaded}


def _peer_layer(layers: Any, plain: nn.Linear, kind: Precision) -> nn.Module:
    """What `BitsAndBytesConfig(load_in_4bit=True, ...)` or `load_in_8bit=True` puts in the place of a layer."""
    sides, bias = (plain.in_features, plain.out_features), "bias" in plain.state_dict()
    new: Any
    if kind is Precision.NF4:
        new = layers.Linear4bit(*sides, bias, torch.bfloat16, True, "nf4", device="meta")
        new.weight = layers.Params4bit(
            plain.weight.data, requires_grad=False, quant_type="nf4", compress_statistics=True
        )
    else:
        new = layers.Linear8bitLt(*sides, bias, has_fp16_weights=False, threshold=6.0, device="meta")
        new.weight = layers.Int8Params(plain.weight.data, requires_grad=False, has_fp16_weights=False)
    new.bias = plain.bias
    return new.to("cpu")


def _touch(network: nn.Module) -> None:
    """Mapped tensors take memory once they are read."""
    for tensor in (*network.parameters(), *network.buffers()):
        tensor.sum(dtype=torch.float32)


def _sum_by_rows(table: torch.Tensor) -> None:
    """Read every page of it and copy none."""
    for rows in torch.split(table, 4096):
        rows.sum(dtype=torch.float32)


def _is_text_encoder(folder: Path) -> bool:
    return (folder / "model.safetensors").is_file()


if __name__ == "__main__":
    sys.exit(main())
