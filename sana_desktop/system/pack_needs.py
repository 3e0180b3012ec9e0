"""How much memory a pack needs, and whether a machine has it: a forecast from sizes alone, nothing is loaded.

    needed = weights + one decode at the base size + the libraries

Weights: every number of the three networks takes 4, 2, 1 or 9/16 bytes (4 bit with one fp32 scale for each
64 numbers). Below 16 bit only the transformer and the text encoder shrink; word vectors and the autoencoder
stay in 16 bit. Decode: the last stages of DC-AE keep about five activations of 128 channels at full
resolution. For Sana 0.6B at 1024 px in 16 bit this gives 9.1 GB, where its authors state 9 GB, and for 1.6B
11.1 GB, where they state 12 GB.
"""

import os
import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import prod
from pathlib import Path

from sana_desktop.domain.choices import Precision
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, TextSource
from sana_desktop.system.tensor_header import read_tensor_header

LIBRARIES_BYTES = 700_000_000
DECODE_CHANNELS = 128
DECODE_ACTIVATIONS = 5
# Of all memory, how much programs can have before the system itself suffers.
SHARE_OF_MEMORY = 0.92
MOST_FILES = 20_000

# Numbers in the networks that a pack does not bring or the catalog shares.
GEMMA_2_2B = 2_614_000_000
GEMMA_2_WORDS = 256_000 * 2304
GEMMA_3_270M = 268_000_000
GEMMA_3_WORDS = 262_144 * 640
GEMMA_3_ATTENTION = 18 * 640 * (4 * 256 + 2 * 256 + 4 * 256)
DC_AE_F32C32 = 312_250_275

_COPIES = {"fp16", "bf16", "int4"}


class Bits(IntEnum):
    """How wide weights are kept."""

    B32 = 32
    B16 = 16
    B8 = 8
    B4 = 4


_BYTES = {Bits.B32: 4.0, Bits.B16: 2.0, Bits.B8: 1.0, Bits.B4: 0.5625}


class FitLevel(StrEnum):
    """Whether a pack can draw here: at once, after other programs were closed, or not at all."""

    FITS = "fits"
    TIGHT = "tight"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A forecast in bytes for the memory that counts: the card's where one draws, else the machine's."""

    level: FitLevel
    needed: int
    memory_total: int
    on_gpu: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How many numbers each network has; `words` are the text encoder's vectors, part of it."""

    transformer: int
    text_encoder: int
    words: int
    autoencoder: int


def parts_of_model(model: CatalogModel) -> Parts:
    """The networks of a published model."""
    return Parts(
        transformer=model.family.parameters,
        text_encoder=GEMMA_2_2B,
        words=GEMMA_2_WORDS,
        autoencoder=DC_AE_F32C32,
    )


def parts_of_pack(pack: PackManifest) -> Parts:
    """The networks of an installed pack, counted in the headers of its files; a part that is missing counts nothing.

    Raises `WeightsError` for a damaged file.
    """
    if pack.text.source is TextSource.GEMMA3_270M_GGUF:
        text, words = GEMMA_3_270M, GEMMA_3_WORDS
    else:
        text = count_numbers(pack.text_encoder_folder)
        words = min(GEMMA_2_WORDS, text)
    return Parts(
        transformer=count_numbers(pack.transformer_folder),
        text_encoder=text,
        words=words,
        autoencoder=count_numbers(pack.vae_folder),
    )


def count_numbers(folder: Path) -> int:
    """How many numbers the network in `folder` has. Of several copies of the weights the largest counts."""
    counts: Counter[frozenset[str]] = Counter()
    for file in sorted(folder.glob("*.safetensors"))[:MOST_FILES]:
        copy = frozenset(re.split(r"[.-]", file.name)) & _COPIES
        counts[copy] += sum(prod(info.shape) for info in read_tensor_header(file).values())
    return max(counts.values(), default=0)


def folder_bytes(folder: Path) -> int:
    """What the files below `folder` take on the disk; files that vanish meanwhile take nothing."""
    total, seen = 0, 0
    for place, _, names in os.walk(folder):
        for name in names:
            seen += 1
            if seen > MOST_FILES:
                return total
            try:
                total += (Path(place) / name).stat().st_size
            except OSError:
                continue
    return total


def needed_bytes(parts: Parts, base_size: int, bits: Bits) -> int:
    """Memory for one picture of the base size with all weights kept in `bits`."""
    return _needed(parts, base_size, bits, bits, bits)


def fit_today(parts: Parts, base_size: int, precisions: PackPrecisions, hardware: Hardware) -> Fit:
    """Whether this machine can draw with the arithmetic that the engine would choose on it."""
    fast = {Precision.FP32, Precision.BF16, Precision.FP16}
    if hardware.gpu is None:
        fast = {Precision.FP32, Precision.BF16} if hardware.fast_bf16 else {Precision.FP32}
    needed = _needed(
        parts,
        base_size,
        _width(precisions.transformer, fast),
        _width(precisions.text_encoder, fast),
        _width(precisions.vae, fast),
    )
    return fit_for(needed, hardware)


def fit_for(needed: int, hardware: Hardware) -> Fit:
    """Compare what is needed with the memory that counts."""
    place = hardware.gpu or hardware
    level = FitLevel.NO
    if needed <= place.memory_free:
        level = FitLevel.FITS
    elif needed <= SHARE_OF_MEMORY * place.memory_total:
        level = FitLevel.TIGHT
    return Fit(level=level, needed=needed, memory_total=place.memory_total, on_gpu=hardware.gpu is not None)


def _needed(parts: Parts, base_size: int, transformer: Bits, text: Bits, autoencoder: Bits) -> int:
    whole = max(autoencoder, Bits.B16)
    weights = (
        parts.transformer * _BYTES[transformer]
        + (parts.text_encoder - parts.words) * _BYTES[text]
        + parts.words * _BYTES[max(text, Bits.B16)]
        + parts.autoencoder * _BYTES[whole]
    )
    decode = DECODE_ACTIVATIONS * DECODE_CHANNELS * base_size**2 * _BYTES[whole]
    return round(weights + decode) + LIBRARIES_BYTES


def _width(allowed: tuple[Precision, ...], fast: set[Precision]) -> Bits:
    chosen = next((precision for precision in allowed if precision in fast), allowed[-1])
    return Bits.B32 if chosen is Precision.FP32 else Bits.B16
