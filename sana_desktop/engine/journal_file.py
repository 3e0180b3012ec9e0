"""One entry of the journal as bytes: a safetensors file that says what it belongs to and proves to be whole.

Shapes: B pictures, K latent channels, h w latent height and width.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from sana_desktop.engine.sampling import SamplerState
from sana_desktop.errors import PackError
from sana_desktop.system.small_files import parse_json_object
from sana_desktop.system.tensor_header import LENGTH_BYTES

_TENSOR = "x and clean"
_FLOAT_BYTES = 4
# For the header around the texts, and the notices.
_ROOM_BYTES = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an entry must say to be of use: the recipes drawn together and what draws them, both as text.

    `shape` is [B, K, h, w] of the latents.
    """

    recipes: str
    made_by: str
    shape: tuple[int, int, int, int]

    @property
    def most_bytes(self) -> int:
        """More than any entry with this stamp has."""
        batch, channels, height, width = self.shape
        tensors = 2 * _FLOAT_BYTES * batch * channels * height * width
        # The texts are JSON inside JSON, where every quotation mark takes two letters.
        return tensors + 2 * len(self.recipes.encode() + self.made_by.encode()) + _ROOM_BYTES


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A batch under way: where its solver stands, and what its user should know of each picture."""

    state: SamplerState
    notices: tuple[tuple[str, ...], ...]


def work_to_bytes(work: Work, stamp: Stamp) -> bytes:
    """The entry of `work`; `work_from_bytes` gives it back, bit for bit and on the CPU."""
    # Stacked, because the two are one and the same after the last step, which the format does not allow.
    both = torch.stack((work.state.x, work.state.clean)).detach().to("cpu", torch.float32)
    progress = json.dumps({"step": work.state.step, "notices": work.notices})
    return save(
        {_TENSOR: both},
        {
            "recipes": stamp.recipes,
            "made_by": stamp.made_by,
            "progress": progress,
            "sha256": _proof(stamp, progress, both),
        },
    )


def work_from_bytes(data: bytes, stamp: Stamp) -> Work:
    """Read what `work_to_bytes` wrote; `data` may come from anywhere.

    Raises ValueError for anything but a whole entry that bears exactly this stamp.
    """
    said = _metadata(data)
    if said.get("recipes") != stamp.recipes:
        raise ValueError("it belongs to other recipes")
    if said.get("made_by") != stamp.made_by:
        raise ValueError("another version of the program or the pack, or another device, began it")
    try:
        both = load(data)[_TENSOR]
    except (SafetensorError, KeyError) as error:
        raise ValueError(f"it is damaged ({error})") from error
    progress = said.get("progress")
    if both.shape != (2, *stamp.shape) or both.dtype != torch.float32 or not isinstance(progress, str):
        raise ValueError("it does not hold fp32 latents of this size")
    if said.get("sha256") != _proof(stamp, progress, both):
        raise ValueError("it is damaged (wrong checksum)")
    step, notices = _progress(progress, stamp.shape[0])
    # Memory of its own, well aligned: the last bit of a result may depend on alignment.
    x, clean = (tensor.clone() for tensor in both)
    return Work(SamplerState(step, x, clean), notices)


def _proof(stamp: Stamp, progress: str, both: Tensor) -> str:
    """A flipped bit, or zeros where a power cut left a hole, must not become a picture."""
    digest = hashlib.sha256("\n".join((stamp.recipes, stamp.made_by, progress)).encode())
    digest.update(both.numpy().data)
    return digest.hexdigest()


def _metadata(data: bytes) -> Mapping[str, object]:
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    if not 0 < length <= len(data) - LENGTH_BYTES:
        raise ValueError("it is cut short")
    try:
        header = parse_json_object(data[LENGTH_BYTES : LENGTH_BYTES + length], "its header")
    except PackError as error:
        raise ValueError(str(error)) from error
    said = header.get("__metadata__")
    return cast(Mapping[str, object], said) if isinstance(said, dict) else {}


def _progress(text: str, pictures: int) -> tuple[int, tuple[tuple[str, ...], ...]]:
    try:
        plain = parse_json_object(text.encode(), "its progress")
    except PackError as error:
        raise ValueError(str(error)) from error
    step, notices = plain.get("step"), plain.get("notices")
    if type(step) is not int or step < 1 or not isinstance(notices, list):
        raise ValueError("it does not say how far it got")
    own = cast(list[object], notices)
    if len(own) != pictures or not all(isinstance(one, list) for one in own):
        raise ValueError("it does not say what to know of each picture")
    return step, tuple(tuple(str(notice) for notice in cast(list[object], one)) for one in own)
