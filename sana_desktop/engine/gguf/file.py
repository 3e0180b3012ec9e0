"""The GGUF container: metadata, and tensors in blocks of quantised numbers.

Layout (llama.cpp, `ggml/include/gguf.h`, versions 2 and 3), all little endian: magic, version, number
of tensors, number of metadata pairs; the pairs; name, dimensions, type and offset of every tensor; then,
aligned, the data. A file is hostile until read: nothing is trusted to lie within the file or to fit memory.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sana_desktop.errors import WeightsError

GgufValue = str | int | float | bool | list[str] | NDArray[np.generic]

MAGIC = b"GGUF"
VERSIONS = (2, 3)
DEFAULT_ALIGNMENT = 32
MOST_ENTRIES = 65_536
MOST_DIMENSIONS = 4
# So many that a few copies of them stay in the processor's cache.
ROWS_AT_ONCE = 1024

_STRING, _ARRAY = 8, 9
_NUMBERS = {
    0: "<u1",
    1: "<i1",
    2: "<u2",
    3: "<i2",
    4: "<u4",
    5: "<i4",
    6: "<f4",
    7: "?",
    10: "<u8",
    11: "<i8",
    12: "<f8",
}


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """Where a tensor lies; `shape` is row-major, as torch and numpy write it (the file has it reversed)."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A parsed header over `data`, the whole file in memory or mapped."""

    metadata: Mapping[str, GgufValue]
    tensors: Mapping[str, GgufTensor]
    data: memoryview

    def float_rows(self, name: str) -> Iterator[NDArray[np.float32]]:
        """Yield the tensor `name` as fp32, dequantised a few thousand rows at a time to spare memory.

        A vector comes as one piece. Raises `WeightsError` for a type that cannot be read and for data
        that would reach past the end of the file; KeyError for an unknown name.
        """
        # Imported here because only the first start ever converts, and no picture needs it afterwards.
        import gguf

        tensor = self.tensors[name]
        try:
            kind = gguf.GGMLQuantizationType(tensor.kind)
        except ValueError as error:
            raise WeightsError(f"GGUF tensor “{name}” has the unknown type {tensor.kind}.") from error
        block_values, block_bytes = gguf.GGML_QUANT_SIZES[kind]
        width = tensor.shape[-1]
        if width % block_values:
            raise WeightsError(
                f"GGUF tensor “{name}”: expected rows of whole {kind.name} blocks, found {width} values."
            )
        row_bytes = width // block_values * block_bytes
        rows = math.prod(tensor.shape[:-1])
        if tensor.offset + rows * row_bytes > len(self.data):
            raise WeightsError(
                f"GGUF tensor “{name}” is truncated: expected {rows * row_bytes} bytes at {tensor.offset}, "
                f"found a file of {len(self.data)}."
            )
        blocks = np.frombuffer(self.data, np.uint8, rows * row_bytes, tensor.offset).reshape(rows, row_bytes)
        for start in range(0, rows, ROWS_AT_ONCE):
            try:
                values = gguf.dequantize(blocks[start : start + ROWS_AT_ONCE], kind)
            except NotImplementedError as error:
                raise WeightsError(f"GGUF tensor “{name}” has the type {kind.name}, which cannot be read.") from error
            yield values.astype(np.float32, copy=False)


def read_gguf(data: memoryview) -> GgufFile:
    """Parse the header of `data` (bytes). Raises `WeightsError` for anything that is not a sound GGUF file."""
    cursor = _Cursor(data)
    if cursor.take(4) != MAGIC:
        raise WeightsError("Not a GGUF file: expected the letters GGUF at its start.")
    version = cursor.uint32()
    if version not in VERSIONS:
        raise WeightsError(f"GGUF version {version} cannot be read: expected 2 or 3.")
    tensor_count = _checked_count(cursor.uint64(), "tensors")
    pair_count = _checked_count(cursor.uint64(), "metadata pairs")
    metadata: dict[str, GgufValue] = {}
    for _ in range(pair_count):
        key = cursor.string()
        if key in metadata:
            raise WeightsError(f"GGUF metadata “{key}” is there twice.")
        metadata[key] = _value(cursor)
    infos = [_tensor_info(cursor) for _ in range(tensor_count)]
    start = _data_start(cursor.position, metadata)
    tensors = {name: GgufTensor(name, shape, kind, start + offset) for name, shape, kind, offset in infos}
    if len(tensors) != tensor_count:
        raise WeightsError("The GGUF file has two tensors of one name.")
    return GgufFile(metadata, tensors, data)


class _Cursor:
    """Reads forward, never past the end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self.position = 0

    @property
    def left(self) -> int:
        return len(self._data) - self.position

    def take(self, count: int) -> bytes:
        start = self.position
        self.skip(count)
        return bytes(self._data[start : self.position])

    def skip(self, count: int) -> None:
        if count > self.left:
            raise WeightsError(f"The GGUF header is truncated: expected {count} more bytes, found {self.left}.")
        self.position += count

    def uint32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def uint64(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def string(self) -> str:
        raw = self.take(self.uint64())
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise WeightsError("The GGUF header holds text that is not UTF-8.") from error

    def numbers(self, kind: str, count: int) -> NDArray[np.generic]:
        dtype = np.dtype(kind)
        start = self.position
        self.skip(count * dtype.itemsize)
        return np.frombuffer(self._data, dtype, count, start)


def _checked_count(count: int, what: str) -> int:
    if count > MOST_ENTRIES:
        raise WeightsError(f"The GGUF header announces {count} {what}; at most {MOST_ENTRIES} are believed.")
    return count


def _value(cursor: _Cursor) -> GgufValue:
    kind = cursor.uint32()
    if kind == _STRING:
        return cursor.string()
    if kind != _ARRAY:
        return cursor.numbers(_number(kind), 1)[0].item()
    kind, count = cursor.uint32(), cursor.uint64()
    if kind != _STRING:
        return cursor.numbers(_number(kind), count)
    # Every string takes at least its eight bytes of length, so a false count ends here and not in memory.
    if count * 8 > cursor.left:
        raise WeightsError(f"The GGUF header announces {count} strings in {cursor.left} bytes.")
    return [cursor.string() for _ in range(count)]


def _number(kind: int) -> str:
    if kind not in _NUMBERS:
        raise WeightsError(f"GGUF metadata has the unknown type {kind}.")
    return _NUMBERS[kind]


def _tensor_info(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name = cursor.string()
    dimensions = cursor.uint32()
    if not 1 <= dimensions <= MOST_DIMENSIONS:
        raise WeightsError(f"GGUF tensor “{name}” has {dimensions} dimensions: expected 1 to {MOST_DIMENSIONS}.")
    shape = struct.unpack(f"<{dimensions}Q", cursor.take(8 * dimensions))
    if 0 in shape:
        raise WeightsError(f"GGUF tensor “{name}” is empty.")
    return name, tuple(reversed(shape)), cursor.uint32(), cursor.uint64()


def _data_start(header_end: int, metadata: Mapping[str, GgufValue]) -> int:
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if not isinstance(alignment, int) or not 1 <= alignment <= MOST_ENTRIES:
        raise WeightsError(f"GGUF alignment {alignment} is not a number between 1 and {MOST_ENTRIES}.")
    return -(-header_end // alignment) * alignment
