"""Safetensors files of one network: finding them, listing what they hold, reading them mapped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from sana_desktop.errors import PackError, WeightsError
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.tensor_header import DAMAGED, TensorInfo, read_tensor_header

STEM = "diffusion_pytorch_model"
SUFFIX = ".safetensors"

# While a cast copies tensors out of a mapped file, the pages read stay in memory until the file is
# closed. Opening it anew after so many bytes keeps that part of the peak small.
BYTES_PER_OPENING = 64 * 2**20

FLOATS = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}

_VARIANTS = {
    torch.float32: ("", "fp16", "bf16"),
    torch.float16: ("fp16", "", "bf16"),
    torch.bfloat16: ("bf16", "", "fp16"),
}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor on disk: its published name, the file that holds it, and what that file's header says."""

    name: str
    file: Path
    info: TensorInfo


def list_tensors(folder: Path, dtype: torch.dtype) -> dict[str, StoredTensor]:
    """Every tensor of the network in `folder`, by published name.

    Of several copies (`.fp16.`, `.bf16.`, none) the one closest to `dtype` is taken; a copy may be
    one file, or shards with an index. Raises `WeightsError` for files that are missing, damaged,
    quantised, not safetensors, or outside the folder.
    """
    files, promised = _find_files(folder, dtype)
    tensors: dict[str, StoredTensor] = {}
    for file in files:
        for name, info in read_tensor_header(file).items():
            if name in tensors:
                raise WeightsError(f"`{name}` is both in {tensors[name].file.name} and in {file.name}.", hint=DAMAGED)
            tensors[name] = StoredTensor(name, file, info)
    absent = [name for name, file in promised.items() if name not in tensors or tensors[name].file.name != file]
    if absent:
        raise WeightsError(
            f"{folder.name}: {len(absent)} tensors are not in the file that the index names (first: `{absent[0]}`).",
            hint=DAMAGED,
        )
    strange = sorted({stored.info.dtype for stored in tensors.values()} - set(FLOATS))
    if strange:
        raise WeightsError(
            f"{folder.name}: expected 16 or 32 bit floating-point weights, found {', '.join(strange)}.",
            hint="Use the model's 16-bit files; quantised ones of other programs cannot be read.",
        )
    return tensors


def read_tensors(
    stored: Iterable[StoredTensor], *, dtype: torch.dtype, device: torch.device, check: Callable[[], None]
) -> Iterator[tuple[str, Tensor]]:
    """Yield name and tensor in `dtype` on `device`, file by file.

    A tensor that needs neither cast nor move stays mapped: it takes memory only as it is read, and
    the system may drop and re-read its pages. Do not change the file as long as the tensor lives.
    `check` is called before every file and every tensor.
    """
    by_file = sorted(stored, key=lambda tensor: (tensor.file, tensor.name))
    for file, tensors in groupby(by_file, key=lambda tensor: tensor.file):
        check()
        for opening in _openings(tensors):
            yield from _read_opening(file, opening, dtype, device, check)


def _read_opening(
    file: Path, tensors: list[StoredTensor], dtype: torch.dtype, device: torch.device, check: Callable[[], None]
) -> Iterator[tuple[str, Tensor]]:
    try:
        with safe_open(file, framework="pt", device="cpu") as opened:  # pyright: ignore[reportUnknownVariableType]
            for tensor in tensors:
                check()
                yield tensor.name, opened.get_tensor(tensor.name).to(device=device, dtype=dtype)
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{file.name} cannot be read as safetensors ({error}).", hint=DAMAGED) from error


def _openings(tensors: Iterable[StoredTensor]) -> Iterator[list[StoredTensor]]:
    opening: list[StoredTensor] = []
    for tensor in tensors:
        opening.append(tensor)
        if sum(each.info.nbytes for each in opening) >= BYTES_PER_OPENING:
            yield opening
            opening = []
    if opening:
        yield opening


def _find_files(folder: Path, dtype: torch.dtype) -> tuple[list[Path], dict[str, str]]:
    """The files to read and, for shards, which of them is to hold which tensor."""
    for variant in _VARIANTS.get(dtype, _VARIANTS[torch.float32]):
        dotted = f".{variant}" if variant else ""
        single = folder / f"{STEM}{dotted}{SUFFIX}"
        if single.is_file():
            return [single], {}
        # diffusers has written the variant of an index in two places over the years.
        for name in (f"{STEM}{SUFFIX}.index{dotted}.json", f"{STEM}{dotted}{SUFFIX}.index.json"):
            if (folder / name).is_file():
                promised = _read_index(folder / name)
                return [folder / shard for shard in sorted(set(promised.values()))], promised
    others = sorted(path.name for path in folder.glob("*.*") if path.suffix in (SUFFIX, ".bin", ".pth", ".pt"))
    found = f"found {', '.join(others[:5])}" if others else "found no weights"
    raise WeightsError(
        f"{folder.name}: expected {STEM}{SUFFIX}, {found}.",
        hint="Only safetensors are read from a pack. Original .pth checkpoints come in by `sana-desktop packs import`.",
    )


def _read_index(path: Path) -> dict[str, str]:
    try:
        weight_map = read_json_object(path).get("weight_map")
    except PackError as error:
        raise WeightsError(str(error), hint=DAMAGED) from error
    if not isinstance(weight_map, dict) or not weight_map:
        raise WeightsError(f"{path.name}: expected a table “weight_map” from tensor to file.", hint=DAMAGED)
    promised: dict[str, str] = {}
    for name, file in weight_map.items():  # pyright: ignore[reportUnknownVariableType] - checked one by one
        if not isinstance(name, str) or not isinstance(file, str) or not _is_plain_name(file):
            raise WeightsError(
                f"{path.name}: expected names of safetensors files beside it, found {str(file)[:80]!r}.",  # pyright: ignore[reportUnknownArgumentType]
                hint="The index points outside its folder or is damaged. Get the model from its original source.",
            )
        if not (path.parent / file).is_file():
            raise WeightsError(f"{path.parent.name}: the shard {file} is missing.", hint=DAMAGED)
        promised[name] = file
    return promised


def _is_plain_name(file: str) -> bool:
    return file.endswith(SUFFIX) and not any(letter in file for letter in "/\\:\0") and not file.startswith(".")
