"""Original checkpoints of NVlabs (`.pth`, or the same names in one safetensors file), read without running anything."""

import re
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError  # noqa: TID251 - the name of an error; nothing is unpickled here but by torch
from typing import cast

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from sana_desktop.errors import WeightsError
from sana_desktop.system.tensor_header import DAMAGED, read_tensor_header

# Where training scripts keep the weights, in the order of preference.
WEIGHT_KEYS = ("state_dict", "model")
# What wrappers put before every name.
WRAPPERS = ("model.diffusion_model.", "_orig_mod.", "module.", "model.")

_GLOBAL = re.compile(r"GLOBAL\s+([\w.]+)|class:?\s+([\w.]+)|function:?\s+([\w.]+)", re.IGNORECASE)

# All that torch's restricted unpickler was seen to raise for malformed files.
_MALFORMED = (
    OSError, RuntimeError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError,
    OverflowError, MemoryError, RecursionError, struct.error, zipfile.BadZipFile,
)  # fmt: skip


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Name to tensor of the checkpoint in `path`, mapped from the file, without wrappers' prefixes.

    Only tensors are unpickled (`weights_only`): a file with code in it is refused and the code is
    not run. Raises `WeightsError` for such a file, for a damaged one, and for one without weights.
    """
    _check_openable(path)
    weights = _mapped(path) if path.suffix == ".safetensors" else _tensors_in(_unpickled(path), path.name)
    for name, tensor in weights.items():
        _check_tensor(tensor, f"{path.name}: `{name[:80]}`")
    return _unwrapped(weights)


def _check_openable(path: Path) -> None:
    """Separates a file that cannot be opened from one that is damaged, where torch raises OSError too."""
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise WeightsError(f"There is no file {path}.") from error
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror or type(error).__name__}).") from error


def _mapped(path: Path) -> dict[str, Tensor]:
    names = read_tensor_header(path)
    try:
        with safe_open(path, framework="pt", device="cpu") as opened:  # pyright: ignore[reportUnknownVariableType]
            return {name: opened.get_tensor(name) for name in names}
    except SafetensorError as error:
        raise WeightsError(f"{path.name} cannot be read as safetensors ({error}).", hint=DAMAGED) from error


def _refuse_compressed(path: Path) -> None:
    """A few kilobytes of compressed zeros become any number of bytes; torch itself compresses nothing."""
    with zipfile.ZipFile(path) as archive:
        packed = next((entry for entry in archive.infolist() if entry.compress_type != zipfile.ZIP_STORED), None)
    if packed is not None:
        raise WeightsError(
            f"{path.name} holds compressed data (`{packed.filename[:80]}`, {packed.file_size} bytes once unpacked), "
            "which no checkpoint does. It was refused; nothing was unpacked.",
            hint="Get the checkpoint from its original source, or as safetensors.",
        )


def _unpickled(path: Path) -> object:
    try:
        is_archive = zipfile.is_zipfile(path)
        if is_archive:
            _refuse_compressed(path)
        with warnings.catch_warnings():
            # torch warns of a pickle that it is about to refuse; the error says it better.
            warnings.filterwarnings("ignore", "Detected pickle protocol", UserWarning)
            # Files older than torch 1.6 are not zip archives and cannot be mapped.
            return torch.load(path, map_location="cpu", weights_only=True, mmap=is_archive)
    except UnpicklingError as error:
        found = _GLOBAL.search(str(error))
        name = next((group for group in found.groups() if group), None) if found else None
        if name is None and "Unsupported operand" in str(error):
            raise WeightsError(
                f"{path.name} is a Python pickle that is no checkpoint. It was refused; nothing in it was run.",
                hint="Get the checkpoint from its original source, or as safetensors.",
            ) from error
        if name is None:
            raise WeightsError(f"{path.name} is not a readable checkpoint.", hint=DAMAGED) from error
        raise WeightsError(
            f"{path.name} holds more than weights: it asks for `{name}`. It was refused; nothing in it was run.",
            hint="Get the checkpoint from its original source, or as safetensors.",
        ) from error
    except _MALFORMED as error:
        raise WeightsError(f"{path.name} is not a readable checkpoint.", hint=DAMAGED) from error


def _tensors_in(loaded: object, where: str) -> dict[str, Tensor]:
    entries = _table(loaded)
    for key in WEIGHT_KEYS:
        entries = _table(entries.get(key)) or entries
    if not entries:
        raise WeightsError(f"{where}: expected a table of weights, found {type(loaded).__name__}.")
    strange = next(
        (key for key, value in entries.items() if not (isinstance(key, str) and torch.is_tensor(value))), None
    )
    if strange is not None:
        raise WeightsError(f"{where}: expected weights only, found another value under {str(strange)[:80]!r}.")
    return dict(cast(Mapping[str, Tensor], entries))


def _table(value: object) -> Mapping[object, object]:
    return cast(Mapping[object, object], value) if isinstance(value, Mapping) else {}


def _check_tensor(tensor: Tensor, where: str) -> None:
    """Refuse what is no plain block of numbers; a few bytes can describe a tensor of any size."""
    plain = tensor.layout is torch.strided and tensor.device.type == "cpu" and tensor.is_floating_point()
    if not plain or tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise WeightsError(f"{where} is not a plain floating-point tensor.", hint=DAMAGED)


def _unwrapped(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    for prefix in WRAPPERS:
        if all(name.startswith(prefix) for name in weights):
            return _unwrapped({name.removeprefix(prefix): tensor for name, tensor in weights.items()})
    return weights
