"""The files of a Gemma text encoder: which there are, what they hold, and what tells two apart."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from sana_desktop.engine.weights.files import StoredTensor, read_tensors
from sana_desktop.errors import PackError, WeightsError
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.tensor_header import read_tensor_header

MODEL_TYPES = ("gemma2", "gemma3_text")
MOST_LAYERS = 256
NAMES_SHOWN = 5

_WEIGHTS = re.compile(r"model(?:\.(\w+))?(-\d{5}-of-\d{5})?\.safetensors")
# Causal-LM checkpoints keep the encoder under this name, and a head beside it.
_PREFIX = "model."
_HEAD = "lm_head."
_SAMPLES, _SAMPLE_BYTES = 16, 4096
_TINY_FILE = 2**20


def read_gemma_config(folder: Path) -> dict[str, object]:
    """`config.json` of `folder`; raises `WeightsError` unless it describes an unquantised Gemma-2 or Gemma-3."""
    try:
        config = read_json_object(folder / "config.json")
    except PackError as error:
        raise WeightsError(f"The text encoder in {folder} cannot be read: {error}") from error
    found = config.get("model_type")
    if found not in MODEL_TYPES:
        raise WeightsError(f"{folder}: expected a text encoder of type {' or '.join(MODEL_TYPES)}, found {found}.")
    layers = config.get("num_hidden_layers")
    if not isinstance(layers, int) or not 1 <= layers <= MOST_LAYERS:
        raise WeightsError(f"{folder}: expected a text encoder of 1 to {MOST_LAYERS} layers, found {layers}.")
    if config.get("use_bidirectional_attention"):
        raise WeightsError(f"{folder}: expected a text encoder that reads forwards, found one that reads both ways.")
    if config.get("quantization_config") is not None:
        raise WeightsError(f"{folder}: the text encoder was saved quantised; expected plain bf16 or fp32 weights.")
    return config


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files that make up one copy of the weights, the plain copy before one of a variant.

    (Published repositories keep copies called fp16 beside it that hold the same bf16 numbers.) Raises
    `WeightsError` if there are none; files in any other format could run code and are not looked at.
    """
    copies: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("model*.safetensors")):
        if match := _WEIGHTS.fullmatch(path.name):
            copies.setdefault(match[1] or "", []).append(path)
    if not copies:
        raise WeightsError(f"{folder}: expected the text encoder's weights as model.safetensors, found none.")
    variant = min(copies)
    whole = [path for path in copies[variant] if not _WEIGHTS.fullmatch(path.name).group(2)]  # pyright: ignore[reportOptionalMemberAccess]
    return whole or copies[variant]


def read_gemma_weights(
    folder: Path, expected: Mapping[str, torch.Size], dtype: torch.dtype, check: Callable[[], None]
) -> dict[str, Tensor]:
    """Tensors of `folder` in `dtype` by the names of the bare encoder; `check` is called for each.

    What is stored in `dtype` stays mapped from disk; of a file that is cast, little is in memory at a time. Raises
    `WeightsError` for a missing or unknown name, another shape than `expected`, or a broken file.
    """
    stored = {
        name: StoredTensor(name, path, info)
        for path in weight_files(folder)
        for name, info in read_tensor_header(path).items()
    }
    shapes = {bare_name(name): tensor.info.shape for name, tensor in stored.items()}
    shapes.pop("", None)
    check_gemma_shapes(folder, expected, shapes)
    wanted = [tensor for name, tensor in stored.items() if bare_name(name)]
    reading = read_tensors(wanted, dtype=dtype, device=torch.device("cpu"), check=check)
    return {bare_name(name): tensor for name, tensor in reading}


def bare_name(name: str) -> str:
    """The bare encoder's name of a checkpoint's tensor; empty for the head, which is not wanted."""
    return "" if name.startswith(_HEAD) else name.removeprefix(_PREFIX)


def gemma_fingerprint(folder: Path, dtype: torch.dtype, device: torch.device) -> str:
    """A short text that differs where the states of a prompt may differ: weights, arithmetic, libraries.

    Gigabytes are not read for it: of each file, size, header and a few samples count.
    """
    digest = hashlib.sha256()
    for part in (str(dtype), device.type, torch.__version__, version("transformers")):
        digest.update(part.encode() + b"\0")
    digest.update((folder / "config.json").read_bytes())
    for path in weight_files(folder):
        for block in _samples(path):
            digest.update(block)
    return digest.hexdigest()[:32]


def check_gemma_shapes(folder: Path, expected: Mapping[str, torch.Size], found: Mapping[str, tuple[int, ...]]) -> None:
    """Raise `WeightsError` unless the tensors of `folder` are, by name and shape, those of the bare encoder."""
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    if missing or unknown:
        raise WeightsError(
            f"The text encoder in {folder} does not fit its config.json: "
            f"{len(missing)} tensors missing{_first(missing)}, {len(unknown)} unknown{_first(unknown)}.",
            hint="The folder is incomplete or belongs to another model. Get it again.",
        )
    other = [name for name in expected if tuple(expected[name]) != found[name]]
    if other:
        raise WeightsError(
            f"The text encoder in {folder} does not fit its config.json: {len(other)} tensors of another shape; "
            f"`{other[0]}`: expected {list(expected[other[0]])}, found {list(found[other[0]])}."
        )


def _first(names: list[str]) -> str:
    return f" (first: {', '.join(names[:NAMES_SHOWN])})" if names else ""


def _samples(path: Path) -> Iterable[bytes]:
    size = path.stat().st_size
    yield f"{path.name} {size} ".encode()
    with path.open("rb") as file:
        yield file.read(_TINY_FILE)
        for sample in range(1, _SAMPLES):
            file.seek(size * sample // _SAMPLES)
            yield file.read(_SAMPLE_BYTES)
