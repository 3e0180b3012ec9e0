"""Random checkpoints of the true shapes, for measuring memory without the published weights.

    .venv/bin/python -m support.true_checkpoints dit-0.6b FOLDER        (with PYTHONPATH=.:models:kernels:tests)

Written tensor by tensor, so that making one takes no more memory than its largest tensor. Names and shapes are those of
the published diffusers folders; values are normal with the variance that keeps activations in range.

    ... pack-0.6b FOLDER --transformer T --vae V --text-encoder E --tokenizer FILE   links them, as a repository
    ... pth-0.6b FILE.pth --transformer T       the same numbers under NVlabs' names in a pickle, all in memory once
    ... pth-dc-ae FILE.pth --vae V              the autoencoder's under MIT Han Lab's

No tokenizer is made: that of Gemma 3 270M, which the starter pack brings, gives numbers that Gemma 2's table has for
plain English.
"""

import argparse
import math
import os
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from sana_desktop.engine.weights.configs import CONFIG_NAME, autoencoder_config_json, transformer_config_json
from sana_desktop.engine.weights.files import STEM, SUFFIX
from sana_desktop.engine.weights.load import published_shapes
from sana_desktop.engine.weights.write import TensorSource, write_json, write_safetensors
from sana_models.configs import DC_AE_F32C32, SANA_0_6B, SANA_1_6B, DiTConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer

# Numbers that are drawn; a prime, so that rows of a matrix do not repeat.
NOISE = 4_194_301
CPU = torch.device("cpu")

Network = TypeVar("Network", SanaTransformer, DCAutoencoder)

# google/gemma-2-2b, config.json.
GEMMA_2_2B: dict[str, Any] = {
    "model_type": "gemma2",
    "vocab_size": 256000,
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 26,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "hidden_activation": "gelu_pytorch_tanh",
    "query_pre_attn_scalar": 256,
    "sliding_window": 4096,
    "attn_logit_softcapping": 50.0,
    "final_logit_softcapping": 30.0,
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": 1,
}


def write_true_transformer(
    folder: Path, config: DiTConfig, dtype: torch.dtype = torch.bfloat16, device: torch.device = CPU
) -> Path:
    """A linear DiT of this configuration, as a pack's `transformer/`; the numbers are drawn on `device`."""
    with torch.device("meta"):
        shapes = published_shapes(SanaTransformer(config))
    return _write(folder, f"{STEM}{SUFFIX}", shapes, transformer_config_json(config), dtype, device)


def write_true_autoencoder(folder: Path, dtype: torch.dtype = torch.bfloat16, device: torch.device = CPU) -> Path:
    """The DC-AE, as a pack's `vae/`."""
    with torch.device("meta"):
        shapes = published_shapes(DCAutoencoder(DC_AE_F32C32))
    return _write(folder, f"{STEM}{SUFFIX}", shapes, autoencoder_config_json(DC_AE_F32C32), dtype, device)


def write_true_gemma(
    folder: Path,
    dtype: torch.dtype = torch.bfloat16,
    shape: Mapping[str, Any] = GEMMA_2_2B,
    device: torch.device = CPU,
) -> Path:
    """Gemma-2-2b without its head, as a pack's `text_encoder/`."""
    from transformers import Gemma2Config, Gemma2Model

    with torch.device("meta"):
        model: Any = Gemma2Model(Gemma2Config(**{key: value for key, value in shape.items() if key != "model_type"}))
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    return _write(folder, f"model{SUFFIX}", shapes, dict(shape), dtype, device)


def write_true_pack(
    folder: Path, *, transformer: Path, vae: Path, text_encoder: Path, tokenizer: Path, flow_shift: float = 3.0
) -> Path:
    """A repository in diffusers' layout around parts that are there already; weights are linked, not copied."""
    for name, part in (("transformer", transformer), ("vae", vae), ("text_encoder", text_encoder)):
        (folder / name).mkdir(parents=True)
        for file in part.iterdir():
            os.link(file, folder / name / file.name)
    for name in ("tokenizer", "scheduler"):
        (folder / name).mkdir()
    os.link(tokenizer, folder / "tokenizer" / "tokenizer.json")
    write_json(folder / "tokenizer" / "tokenizer_config.json", {"tokenizer_class": "GemmaTokenizerFast"})
    write_json(
        folder / "scheduler" / "scheduler_config.json",
        {
            "_class_name": "DPMSolverMultistepScheduler",
            "flow_shift": flow_shift,
            "prediction_type": "flow_prediction",
            "use_flow_sigmas": True,
        },
    )
    write_json(
        folder / "model_index.json",
        {
            "_class_name": "SanaPipeline",
            "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
            "text_encoder": ["transformers", "Gemma2Model"],
            "tokenizer": ["transformers", "GemmaTokenizerFast"],
            "transformer": ["diffusers", "SanaTransformer2DModel"],
            "vae": ["diffusers", "AutoencoderDC"],
        },
    )
    return folder


def write_true_pth(file: Path, transformer: Path, config: DiTConfig) -> Path:
    """The transformer in `transformer` as NVlabs' own file would hold it."""
    from support.tiny_checkpoints import original_transformer, write_pth

    with torch.device("meta"):
        network = SanaTransformer(config)
    return write_pth(file, original_transformer(_filled(network, transformer)))


def write_true_autoencoder_pth(file: Path, vae: Path) -> Path:
    """The autoencoder in `vae` as MIT Han Lab's own file would hold it."""
    from support.tiny_checkpoints import original_autoencoder, write_pth

    with torch.device("meta"):
        network = DCAutoencoder(DC_AE_F32C32)
    return write_pth(file, original_autoencoder(_filled(network, vae)))


def _filled(network: Network, folder: Path) -> Network:
    from safetensors.torch import load_file

    weights = load_file(folder / f"{STEM}{SUFFIX}")
    own = network.state_dict()
    network.load_state_dict({name: weights[name].reshape(own[name].shape) for name in own}, assign=True)
    return network


def _write(
    folder: Path,
    file: str,
    shapes: Mapping[str, tuple[int, ...]],
    config: dict[str, object],
    dtype: torch.dtype,
    device: torch.device,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    row = torch.randn(NOISE, generator=torch.Generator().manual_seed(0)).to(device)
    sources = [TensorSource(name, dtype, shape, _random(name, shape, row, dtype)) for name, shape in shapes.items()]
    write_safetensors(folder / file, sources, check=lambda: None)
    write_json(folder / CONFIG_NAME, config)
    return folder


def _random(name: str, shape: tuple[int, ...], row: Tensor, dtype: torch.dtype) -> Callable[[], Tensor]:
    def draw() -> Tensor:
        if len(shape) < 2:
            return torch.ones(shape) if "norm" in name else torch.zeros(shape)
        # Pieces of one long row of noise, elsewhere for every tensor: billions of numbers in seconds.
        count, begin = math.prod(shape), zlib.crc32(name.encode()) % NOISE
        noise = row.roll(-begin).repeat(-(-count // NOISE))[:count].reshape(shape)
        return (noise * math.prod(shape[1:]) ** -0.5).to(dtype).cpu()

    return draw


SIZES = {"0.6b": SANA_0_6B, "1.6b": SANA_1_6B}
WRITERS: dict[str, Callable[[Path], Path]] = {
    "dit-0.6b": lambda folder: write_true_transformer(folder, SANA_0_6B),
    "dit-1.6b": lambda folder: write_true_transformer(folder, SANA_1_6B),
    "dc-ae": write_true_autoencoder,
    "gemma-2-2b": write_true_gemma,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kind", choices=(*WRITERS, "pack-0.6b", "pack-1.6b", "pth-0.6b", "pth-1.6b", "pth-dc-ae"))
    parser.add_argument("target", type=Path)
    for part in ("--transformer", "--vae", "--text-encoder", "--tokenizer"):
        parser.add_argument(part, type=Path)
    options = parser.parse_args(arguments)
    if options.kind in WRITERS:
        WRITERS[options.kind](options.target)
    elif options.kind == "pth-dc-ae":
        write_true_autoencoder_pth(options.target, options.vae)
    elif options.kind.startswith("pth"):
        write_true_pth(options.target, options.transformer, SIZES[options.kind.removeprefix("pth-")])
    else:
        parts = {name: getattr(options, name) for name in ("transformer", "vae", "text_encoder", "tokenizer")}
        write_true_pack(options.target, **parts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
