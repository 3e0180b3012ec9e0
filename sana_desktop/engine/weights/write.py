"""Writing weights without a second copy of them in memory, and folders that appear whole or not at all."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from pathlib import Path
from typing import BinaryIO, TypeVar

import torch
from torch import Tensor

from sana_desktop.engine.weights.files import FLOATS
from sana_desktop.errors import MachineError
from sana_desktop.system.tensor_header import TensorInfo, written_header

STAGING_PREFIX = ".unfinished-"

_Place = TypeVar("_Place", bound="TensorPlace")
_NAMES = {dtype: name for name, dtype in FLOATS.items()} | {torch.int8: "I8", torch.uint8: "U8"}


@dataclass(frozen=True, slots=True)
class TensorPlace:
    """A tensor to be written: what the header says of it."""

    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Size in the file."""
        return prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class TensorSource(TensorPlace):
    """A tensor to be written, and how to get it when its turn comes."""

    read: Callable[[], Tensor]


def write_safetensors(path: Path, sources: Sequence[TensorSource], *, check: Callable[[], None]) -> None:
    """Write a safetensors file tensor by tensor; at no time is more than one of them in memory here.

    `check` is called before every tensor. Raises OSError; the file is then incomplete and must not be used.
    """

    def read() -> Iterator[tuple[str, Tensor]]:
        for source in _ordered(sources):
            check()
            yield source.name, source.read()

    write_as_made(path, sources, read())


def write_as_made(path: Path, places: Sequence[TensorPlace], made: Iterable[tuple[str, Tensor]]) -> None:
    """Write a safetensors file of tensors that come in any order, each straight to its place; none is kept.

    `made` gives every tensor of `places` once, by name; ValueError where it does not. Format: 8 bytes little-endian
    header length, JSON header padded with spaces, then the data without gaps; wider types first, so that every tensor
    is aligned. Raises OSError, too; the file is then incomplete and must not be used.
    """
    ordered = _ordered(places)
    header = written_header({one.name: TensorInfo(_NAMES[one.dtype], one.shape, one.nbytes) for one in ordered})
    ends = accumulate((one.nbytes for one in ordered), initial=len(header))
    begins = dict(zip((one.name for one in ordered), ends, strict=False))
    missing = {place.name: place for place in places}
    with path.open("wb") as file:
        file.write(header)
        for name, tensor in made:
            place = missing.pop(name, None)
            if place is None or tuple(tensor.shape) != place.shape:
                raise ValueError(f"{name} {tuple(tensor.shape)} is not among what is missing of {path.name}: {place}")
            file.seek(begins[name])
            _write_tensor(file, tensor.detach().to("cpu", place.dtype).contiguous())
            # Before the next one is made, or two would be in memory.
            del tensor
        if missing:
            raise ValueError(f"{path.name}: {len(missing)} tensors were not made (first: {next(iter(missing))})")
        file.flush()
        os.fsync(file.fileno())


def _ordered(places: Iterable[_Place]) -> list[_Place]:
    return sorted(places, key=lambda place: (-place.dtype.itemsize, place.name))


def _write_tensor(file: BinaryIO, tensor: Tensor) -> None:
    if tensor.numel():
        file.write(tensor.reshape(-1).view(torch.uint8).numpy().data)


def write_json(path: Path, values: dict[str, object]) -> None:
    """Write `values` as indented JSON and wait until it is on disk."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(values, file, indent=2, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def staged_folder(target: Path) -> Generator[Path]:
    """A new folder to fill, which becomes `target` when the block ends well and vanishes when it does not.

    `target` must not exist; its parent is created. Errors of the file system become `MachineError`.
    """
    staging = target.parent / f"{STAGING_PREFIX}{target.name}-{secrets.token_hex(4)}"
    try:
        staging.mkdir(parents=True)
        yield staging
        staging.rename(target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MachineError(
            f"{target} could not be written ({reason}).", hint="Free space on the disk, or choose another folder."
        ) from error
    finally:
        # Nothing is left to remove after the rename.
        shutil.rmtree(staging, ignore_errors=True)
