"""Whether a machine can draw with a pack, and by giving up what: the arithmetic of `engine.memory_needs`, as the engine
would choose there.

Before a pack was drawn with, what libraries take is not known: as much as was seen on machines with and without a card.
"""

from dataclasses import replace

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.memory_needs import (
    Arithmetic,
    PackShape,
    arithmetic_for,
    few_bits_for,
    fitting_plan,
    needs,
)
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackPrecisions
from sana_desktop.system.pack_needs import SHARE_OF_MEMORY, Fit, fit_for

LIBRARIES_BYTES = 700_000_000
_16_BIT = 2


def fit_of(shape: PackShape, precisions: PackPrecisions, size: Size, hardware: Hardware) -> Fit:
    """Whether `hardware` can draw one picture of `size`, with the plan and the bits that it would be drawn with.

    Bits are chosen by the memory that there is, and the plan by what of it is free, as the engine does.
    """
    on_gpu, place = hardware.gpu is not None, hardware.gpu or hardware
    plain = arithmetic_for(precisions, Precision.AUTO, fast_on(hardware))
    room = round(SHARE_OF_MEMORY * place.memory_total) - LIBRARIES_BYTES
    stored = few_bits_for(shape, plain, size, room, on_gpu=on_gpu)
    arithmetic = replace(plain, stored=stored)

    def needed(plan: MemoryPlan) -> int:
        return needs(shape, arithmetic, size, plan, on_gpu=on_gpu).peak + LIBRARIES_BYTES

    plan = fitting_plan(needed, place.memory_free, on_gpu=on_gpu)
    return fit_for(needed(plan), hardware, plan, stored)


def bytes_by_bits(shape: PackShape, size: Size, *, on_gpu: bool) -> tuple[tuple[int, int], ...]:
    """The least that a picture takes with weights of 16, 8 and 4 bit, decoded in tiles of 512 px."""
    plain = Arithmetic(_16_BIT, _16_BIT, _16_BIT)
    lean = MemoryPlan(resident=False, tile=16, text_on_cpu=on_gpu)
    kinds = ((16, None), (8, Precision.INT8), (4, Precision.NF4))
    return tuple(
        (bits, needs(shape, replace(plain, stored=kind), size, lean, on_gpu=on_gpu).peak + LIBRARIES_BYTES)
        for bits, kind in kinds
    )


def fast_on(hardware: Hardware) -> frozenset[Precision]:
    """In which arithmetic this machine computes fast."""
    if hardware.gpu is not None:
        return frozenset({Precision.FP32, Precision.BF16, Precision.FP16})
    return frozenset({Precision.FP32, Precision.BF16} if hardware.fast_bf16 else {Precision.FP32})
