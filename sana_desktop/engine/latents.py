"""Starting noise: drawn from a seed, or read from a file; and finished latents, to and from files.

Shapes: K latent channels, h w latent height and width (one position per 32 pixels).
"""

import hashlib
import io
import math
import tokenize
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor

from sana_desktop.domain.sizes import Size
from sana_desktop.errors import RecipeError

LATENT_CHANNELS = 32

_ARRAY_MAGIC = b"\x93NUMPY"
_ARCHIVE_MAGIC = b"PK"
_LONGEST_HEADER = 1024
_READABLE_FLOATS = (np.float16, np.float32, np.float64)


def initial_noise(seed: int, size: Size, channels: int = LATENT_CHANNELS) -> Tensor:
    """Draw the N(0, 1) noise a picture starts from: fp32 [1, K, h, w] on the CPU.

    Always drawn there and in fp32, so that a seed means the same picture on every device, in every
    precision and in every position of a batch.
    """
    return _draw(_generator(seed), size, channels)


def step_noise(seeds: Sequence[int], size: Size, channels: int = LATENT_CHANNELS) -> Callable[[int], Tensor]:
    """Fresh N(0, 1) noise for the steps of Sprint: fp32 [len(seeds), K, h, w] on the CPU.

    Each picture's stream goes on where its `initial_noise` ended, also when that came from a file, so
    saved noise draws the same picture as the seed it was saved from. Steps count from 1 and may be left
    out, as a drawing does that goes on after a pause; ValueError for an earlier one than the last, because
    a stream cannot go back.
    """
    generators = [_generator(seed) for seed in seeds]
    for generator in generators:
        _draw(generator, size, channels)
    drawn = 0

    def noise(step: int) -> Tensor:
        nonlocal drawn
        if step <= drawn:
            raise ValueError(f"noise is drawn in the order of the steps: expected one after {drawn}, found {step}")
        rows: list[Tensor] = []
        while drawn < step:
            rows = [_draw(generator, size, channels) for generator in generators]
            drawn += 1
        return torch.cat(rows)

    return noise


def latents_sha256(latents: Tensor) -> str:
    """Fingerprint of latents: SHA-256 of their little-endian fp32 values in row order, in hex."""
    values = latents.detach().to("cpu", torch.float32).contiguous().numpy()
    return hashlib.sha256(values.astype("<f4", copy=False).tobytes()).hexdigest()


def latents_to_halves(latents: Tensor) -> bytes:
    """Latents as little-endian 16-bit floats in row order, for whoever wants to decode them again."""
    values = latents.detach().to("cpu", torch.float32).contiguous().numpy()
    # What is beyond the range of 16 bits was no picture.
    largest = np.finfo(np.float16).max
    return values.clip(-largest, largest).astype("<f2").tobytes()


def read_latents(path: Path, size: Size, channels: int = LATENT_CHANNELS) -> Tensor:
    """Read starting noise from a NumPy file: fp32 [1, K, h, w] on the CPU, N(0, 1) scale.

    The file is not trusted: its header is read first, and nothing larger than the latents of `size` is
    ever allocated; no pickle runs. Raises `RecipeError` for anything but finite 16, 32 or 64 bit floats
    of shape [1, K, h, w] or [K, h, w].
    """
    try:
        # A named pipe would wait forever for somebody to write.
        if not path.is_file():
            raise RecipeError(f"Latents file {path} was not found.", hint="Give the path of a .npy file.")
        with path.open("rb") as file:
            return _read_array(file, path, (1, channels, size.latent_height, size.latent_width))
    except OSError as error:
        reason = error.strerror or error
        raise RecipeError(f"Latents file {path} could not be read: {reason}.", hint="Check the path.") from error


def _generator(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def _draw(generator: torch.Generator, size: Size, channels: int) -> Tensor:
    shape = (1, channels, size.latent_height, size.latent_width)
    return torch.randn(shape, generator=generator, dtype=torch.float32)


def _read_array(file: BinaryIO, path: Path, expected: tuple[int, ...]) -> Tensor:
    shape, column_order, dtype = _read_header(file, path)
    if dtype.hasobject:
        raise RecipeError(
            f"Latents file {path} holds Python objects, which could run code; expected numbers.",
            hint="Save plain floats: numpy.save(file, array.astype('float32')).",
        )
    if dtype.type not in _READABLE_FLOATS:
        raise RecipeError(
            f"Latents file {path} holds values of type {dtype}; expected float16, float32 or float64.",
            hint="Convert them: numpy.save(file, array.astype('float32')).",
        )
    if shape not in (expected, expected[1:]):
        raise RecipeError(
            f"Latents file {path} has shape {_shape_text(shape)}; expected {_shape_text(expected)}.",
            hint="A picture has one latent per 32 pixels: choose the size that the file was made for.",
        )
    length = math.prod(shape) * dtype.itemsize
    content = file.read(length)
    if len(content) < length:
        raise RecipeError(
            f"Latents file {path} is cut short: expected {length} bytes of values, found {len(content)}.",
            hint="Copy or save it again.",
        )
    stored = np.frombuffer(content, dtype).reshape(shape, order="F" if column_order else "C")
    # A float64 beyond the range of fp32 becomes infinite here and is refused below.
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(stored, dtype=np.float32).reshape(expected)
    if not np.isfinite(values).all():
        count = int(np.count_nonzero(~np.isfinite(values)))
        raise RecipeError(
            f"Latents file {path} holds {count} values that are not finite numbers (NaN or infinity).",
            hint="Starting noise must be finite; make the file again.",
        )
    return torch.tensor(values)


def _read_header(file: BinaryIO, path: Path) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether columns come first, and type of a .npy file, from at most its first kilobyte."""
    # A short copy in memory: a header that claims to be gigabytes long meets the end of it.
    start = io.BytesIO(file.read(_LONGEST_HEADER))
    magic = start.getvalue()
    if magic.startswith(_ARCHIVE_MAGIC):
        raise RecipeError(
            f"Latents file {path} is an archive (.npz); expected a single array (.npy).",
            hint="Save one array: numpy.save(file, array).",
        )
    if not magic.startswith(_ARRAY_MAGIC):
        raise RecipeError(
            f"Latents file {path} is not a NumPy array file (.npy).", hint="Save one with numpy.save(file, array)."
        )
    try:
        version = np.lib.format.read_magic(start)
        if version == (1, 0):
            header = np.lib.format.read_array_header_1_0(start, max_header_size=_LONGEST_HEADER)
        else:
            header = np.lib.format.read_array_header_2_0(start, max_header_size=_LONGEST_HEADER)
    except (ValueError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError) as error:
        # NumPy evaluates the header as a Python literal; these are the ways in which a broken one ends.
        raise RecipeError(
            f"Latents file {path} has a header that is cut short or broken.", hint="Copy or save it again."
        ) from error
    file.seek(start.tell())
    return header


def _shape_text(shape: Sequence[int]) -> str:
    return f"[{', '.join(map(str, shape))}]"
