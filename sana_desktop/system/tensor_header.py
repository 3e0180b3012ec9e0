"""What a safetensors file holds, by its header alone, read or to be written: names, types and shapes, no data.

Format: 8 bytes little-endian length, that many bytes of JSON, then the data of all tensors without
gaps. Reading the header first catches a broken file before anything is allocated for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import cast

from sana_desktop.errors import PackError, WeightsError
from sana_desktop.system.small_files import parse_json_object

LENGTH_BYTES = 8
# The format asks for 8. Mapped weights are read where they lie, and a cache line has 64.
ALIGNMENT = 64
# The limit of the safetensors library itself.
LARGEST_HEADER = 100_000_000
BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("F4",), 4),
}
DAMAGED = "The file is damaged, or its download stopped early. Download it again."


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor of a file: its safetensors type (`F32`, `BF16`, ...), shape and size in bytes."""

    dtype: str
    shape: tuple[int, ...]
    nbytes: int


def read_tensor_header(path: Path) -> dict[str, TensorInfo]:
    """Name to info of every tensor in a safetensors file.

    Raises `WeightsError` where the file is missing, damaged or shorter than its header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(LENGTH_BYTES)
            length = int.from_bytes(start, "little")
            if start.startswith(b"version "):
                raise WeightsError(
                    f"{path.name} is a Git LFS pointer, not the weights themselves.",
                    hint="Fetch the real files with `git lfs pull`.",
                )
            if len(start) < LENGTH_BYTES or length > min(LARGEST_HEADER, size - LENGTH_BYTES):
                raise WeightsError(
                    f"{path.name} is not a complete safetensors file: it has {size} bytes and its header does not end.",
                    hint=DAMAGED,
                )
            header = file.read(length)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror or type(error).__name__}).") from error
    return _parse(path.name, header, size - LENGTH_BYTES - length)


def written_header(tensors: Mapping[str, TensorInfo]) -> bytes:
    """What comes before the data of `tensors`, which follow in this order without gaps; wider types must come first."""
    # Some readers of diffusers folders insist on this note.
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, info in tensors.items():
        start, end = end, end + info.nbytes
        header[name] = {"dtype": info.dtype, "shape": list(info.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(LENGTH_BYTES + len(text)) % ALIGNMENT)
    return len(text).to_bytes(LENGTH_BYTES, "little") + text


def _parse(name: str, header: bytes, data_bytes: int) -> dict[str, TensorInfo]:
    try:
        entries = parse_json_object(header, f"the header of {name}")
    except PackError as error:
        raise WeightsError(str(error), hint=DAMAGED) from error
    entries.pop("__metadata__", None)
    tensors: dict[str, TensorInfo] = {}
    described = 0
    for key, entry in entries.items():
        info = _tensor_info(entry)
        if info is None:
            raise WeightsError(f"{name}: the header's entry for `{key[:80]}` makes no sense.", hint=DAMAGED)
        tensors[key] = info
        described += info.nbytes
    if described != data_bytes:
        raise WeightsError(
            f"{name} is not a complete safetensors file: its header describes {described} bytes of weights, "
            f"and {data_bytes} are there.",
            hint=DAMAGED,
        )
    return tensors


def _tensor_info(entry: object) -> TensorInfo | None:
    if not isinstance(entry, dict):
        return None
    values = cast(dict[str, object], entry)
    dtype, shape, offsets = values.get("dtype"), _naturals(values.get("shape")), _naturals(values.get("data_offsets"))
    if not isinstance(dtype, str) or dtype not in BITS or shape is None or offsets is None or len(offsets) != 2:
        return None
    nbytes = offsets[1] - offsets[0]
    return TensorInfo(dtype, shape, nbytes) if nbytes * 8 == prod(shape) * BITS[dtype] else None


def _naturals(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return None
    numbers = cast(list[object], value)
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        return None
    return tuple(cast(list[int], numbers))
