"""Writing weights without a second copy of them in memory, and folders that appear whole or not at all."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch
from torch import Tensor

from sana_desktop.engine.weights.files import FLOATS
from sana_desktop.errors import MachineError
from sana_desktop.system.tensor_header import TensorInfo, written_header

STAGING_PREFIX = ".unfinished-"

_NAMES = {dtype: name for name, dtype in FLOATS.items()} | {torch.int8: "I8", torch.uint8: "U8"}


@dataclass(frozen=True, slots=True)
class TensorSource:
    """A tensor to be written: what the header says of it, and how to get it when its turn comes."""

    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]
    read: Callable[[], Tensor]

    @property
    def nbytes(self) -> int:
        """Size in the file."""
        return prod(self.shape) * self.dtype.itemsize


def write_safetensors(path: Path, sources: Sequence[TensorSource], *, check: Callable[[], None]) -> None:
    """Write a safetensors file tensor by tensor; at no time is more than one of them in memory here.

    `check` is called before every tensor. Format: 8 bytes little-endian header length, JSON header
    padded with spaces, then the data without gaps; wider types first, so that every tensor is
    aligned. Raises OSError; the file is then incomplete and must not be used.
    """
    ordered = sorted(sources, key=lambda source: (-source.dtype.itemsize, source.name))
    infos = {source.name: TensorInfo(_NAMES[source.dtype], source.shape, source.nbytes) for source in ordered}
    with path.open("wb") as file:
        file.write(written_header(infos))
        for source in ordered:
            check()
            tensor = source.read().detach().to("cpu", source.dtype).contiguous()
            if source.nbytes:
                file.write(tensor.reshape(-1).view(torch.uint8).numpy().data)
        file.flush()
        os.fsync(file.fileno())


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
