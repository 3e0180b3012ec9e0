"""Quantized networks on disk: written once, tensor by tensor, and mapped from there ever after.

A store is a safetensors file and a manifest beside it, which says of what and how it was made. A store that is missing,
damaged or made of something else is made anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize.linear import make_linear, quantize, stored_as
from sana_desktop.engine.weights.files import FLOATS, StoredTensor, read_tensors
from sana_desktop.engine.weights.write import TensorPlace, write_as_made, write_json
from sana_desktop.errors import BugError, KnownError, MachineError
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.tensor_header import read_tensor_header

FORMAT = 2
"""Raised whenever stores of before would be read wrongly, or the same layers would be made otherwise."""

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Store:
    """Where a quantized network is kept, and what it must have been made of."""

    folder: Path
    part: str
    kind: Precision
    made_of: str

    @property
    def weights(self) -> Path:
        """The tensors."""
        return self.folder / f"{self.part}-{self.kind}.safetensors"

    @property
    def manifest(self) -> Path:
        """What is said about them."""
        return self.folder / f"{self.part}-{self.kind}.json"


def source_fingerprint(files: Mapping[str, StoredTensor], layers: Mapping[str, Precision]) -> str:
    """A text that differs where other weights, other layers of them, or these otherwise, would be quantized.

    Gigabytes are not read for it: of each file, name, size and time of the last change count.
    """
    digest = hashlib.sha256(json.dumps([FORMAT, sorted(layers.items())]).encode())
    for path in sorted({stored.file.resolve() for stored in files.values()}):
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def is_made(store: Store) -> bool:
    """Whether the store is there, whole, and made of what it should be."""
    try:
        manifest = read_json_object(store.manifest)
        if (manifest.get("format"), manifest.get("made_of")) != (FORMAT, store.made_of):
            return False
        # The header is checked against the length of the file.
        read_tensor_header(store.weights)
        return store.weights.stat().st_size == manifest.get("bytes")
    except (KnownError, OSError):
        return False


def make_store(
    store: Store,
    weights: Mapping[str, StoredTensor],
    layers: Mapping[str, Precision],
    shapes: Mapping[str, tuple[int, ...]],
    check: Check,
    work_on: torch.device | None = None,
) -> None:
    """Quantize the weights of `layers`, one at a time and each as it says there, and write them and all other tensors.

    `weights` are the stored tensors by our names, `shapes` how our network shapes them. What is in memory at a time is
    one tensor and what is made of it. `work_on` is where that is computed, the processor if nothing is said: a
    graphics card takes seconds for what takes a processor minutes. `check` is called per tensor; what it raises leaves
    nothing behind. Raises `WeightsError` for weights that cannot be read and `MachineError` where the store cannot be
    written.
    """
    chosen = {f"{name}.weight": name for name in layers}
    places: list[TensorPlace] = []
    for name, stored in weights.items():
        if name not in chosen:
            places.append(TensorPlace(name, FLOATS[stored.info.dtype], shapes[name]))
            continue
        for key, (dtype, shape) in stored_as(layers[chosen[name]], shapes[name]).items():
            places.append(TensorPlace(f"{chosen[name]}.{key}", dtype, shape))
    made = _tensors_of_store(weights, chosen, layers, shapes, work_on or torch.device("cpu"), check)
    new = store.weights.with_suffix(".new")
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        store.manifest.unlink(missing_ok=True)
        write_as_made(new, places, made)
        new.replace(store.weights)
        write_json(
            store.manifest,
            {
                "format": FORMAT,
                "part": store.part,
                "kind": store.kind.value,
                "made_of": store.made_of,
                "bytes": store.weights.stat().st_size,
                "layers": {name: layers[name].value for name in sorted(layers)},
            },
        )
    except OSError as error:
        raise MachineError(
            f"The quantized weights could not be written to {store.folder} ({error.strerror or error}).",
            hint="Free space on the disk, or choose another precision.",
        ) from error
    finally:
        # Where the folder could not be made, there is no such file either.
        with suppress(OSError):
            new.unlink(missing_ok=True)


def fill_from_store(
    network: nn.Module,
    store: Store,
    layers: Mapping[str, Precision],
    *,
    dtype: torch.dtype,
    device: torch.device,
    check: Check,
    whole_inputs: bool = False,
) -> None:
    """Put the tensors of a store into `network`, which is on the meta device, its `layers` becoming quantized ones.

    Everything else comes in `dtype`; with `whole_inputs` no layer rounds its inputs. Raises `MachineError` for a store
    that cannot be read.
    """
    tensors: dict[str, Tensor] = {}
    try:
        with safe_open(store.weights, framework="pt", device="cpu") as file:  # pyright: ignore[reportUnknownVariableType]
            for name in read_tensor_header(store.weights):
                check()
                tensor = cast(Tensor, file.get_tensor(name))
                quantized = name.rpartition(".")[0] in layers
                tensors[name] = tensor.to(device) if quantized else tensor.to(device, dtype)
    except (SafetensorError, OSError) as error:
        raise MachineError(
            f"{store.weights} cannot be read ({error}).", hint="Remove the file; it is made again when it is needed."
        ) from error
    for name, kind in layers.items():
        prefix = f"{name}."
        own = {key.removeprefix(prefix): tensors.pop(key) for key in list(tensors) if key.startswith(prefix)}
        network.set_submodule(name, make_linear(kind, own, whole_inputs=whole_inputs))
    result = network.load_state_dict(tensors, strict=False, assign=True)
    unmade = [name for name, tensor in network.state_dict().items() if tensor.is_meta]
    if result.unexpected_keys or unmade:
        raise BugError(f"{store.weights.name}: not filled: {unmade[:3]}, not known: {result.unexpected_keys[:3]}")
    network.requires_grad_(False).eval()


def _as_stored(wanted: list[StoredTensor], check: Check) -> Iterator[tuple[str, Tensor]]:
    """Tensors as they lie in their files: mapped, so that nothing is copied before it is quantized."""
    for kind in sorted({stored.info.dtype for stored in wanted}):
        alike = [stored for stored in wanted if stored.info.dtype == kind]
        yield from read_tensors(alike, dtype=FLOATS[kind], device=torch.device("cpu"), check=check)


def _tensors_of_store(
    weights: Mapping[str, StoredTensor],
    chosen: Mapping[str, str],
    layers: Mapping[str, Precision],
    shapes: Mapping[str, tuple[int, ...]],
    work_on: torch.device,
    check: Check,
) -> Iterator[tuple[str, Tensor]]:
    """What a store holds, one tensor after the other, as it is made of what lies in the files."""
    names = {stored.name: name for name, stored in weights.items()}
    for file_name, tensor in _as_stored(list(weights.values()), check):
        name = names[file_name]
        shaped = tensor.reshape(shapes[name])
        if name not in chosen:
            yield name, shaped
        else:
            for key, value in quantize(layers[chosen[name]], shaped.to(work_on)).items():
                yield f"{chosen[name]}.{key}", value.cpu()
        # The tensor keeps the mapped file's pages in memory.
        del tensor, shaped
