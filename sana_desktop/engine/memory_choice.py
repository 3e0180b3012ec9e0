"""Which plan a picture begins with, and whether weights must be kept in few bits, on the machine that there is."""

from dataclasses import replace

import psutil

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.card_memory import card_total
from sana_desktop.engine.device import Device, PackChoices
from sana_desktop.engine.memory_needs import ITEMSIZE, Arithmetic, PackShape, few_bits_for, fitting_plan, needs
from sana_desktop.system.pack_needs import SHARE_OF_MEMORY

GIB = 2**30


def arithmetic_of(choices: PackChoices) -> Arithmetic:
    """What was chosen, as forecasts of memory want it."""
    return Arithmetic(
        ITEMSIZE[choices.transformer.precision],
        ITEMSIZE[choices.text_encoder.precision],
        ITEMSIZE[choices.vae.precision],
        choices.transformer.stored,
    )


def plan_to_begin_with(
    shape: PackShape, choices: PackChoices, size: Size, *, pictures: int, passes: int, room: int, on_gpu: bool
) -> MemoryPlan:
    """The plan that gives up least and fits into `room` bytes."""
    arithmetic = arithmetic_of(choices)
    return fitting_plan(
        lambda plan: needs(shape, arithmetic, size, plan, pictures=pictures, passes=passes, on_gpu=on_gpu).peak,
        room,
        on_gpu=on_gpu,
    )


def in_few_bits(
    shape: PackShape, choices: PackChoices, size: Size, *, total: int, idle: int, on_gpu: bool
) -> PackChoices:
    """`choices`, or with weights in 8 or 4 bit where a picture of `size` fits with no plan otherwise.

    Decided by the memory that the machine has, `total`, and not by what is free: the same recipe draws the same
    picture on one machine at any time. `idle` is what the program takes without networks.
    """
    room = round(SHARE_OF_MEMORY * total) - idle
    arithmetic = arithmetic_of(choices)
    stored = few_bits_for(shape, arithmetic, size, room, on_gpu=on_gpu)
    return choices if stored is None or stored is arithmetic.stored else _stored(choices, stored, total)


def memory_total(device: Device) -> int:
    """Bytes of the memory that the networks work in."""
    if device.torch_device.type == "cuda":
        return card_total(device.torch_device)
    return psutil.virtual_memory().total


def _stored(choices: PackChoices, kind: Precision, total: int) -> PackChoices:
    reason = f"{total / GIB:.0f} GB of memory are too few for more bits"
    return replace(
        choices,
        transformer=replace(choices.transformer, stored=kind, reason=reason),
        text_encoder=replace(choices.text_encoder, stored=kind, reason=reason),
    )
