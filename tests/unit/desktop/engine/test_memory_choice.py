import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import PLANS
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.device import Device, PackChoices, PrecisionChoice
from sana_desktop.engine.memory_choice import arithmetic_of, in_few_bits, memory_total, plan_to_begin_with
from sana_desktop.engine.memory_needs import Arithmetic, shape_of_pack
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder

GIB = 2**30
SIZE = Size(256, 256)
FP32 = PrecisionChoice(Precision.FP32, "every processor has it")
CHOICES = PackChoices(FP32, FP32, FP32)
SHAPE = shape_of_pack(read_pack(resources_folder() / "starter"))


def test_what_was_chosen_is_what_is_counted() -> None:
    assert arithmetic_of(CHOICES) == Arithmetic(4, 4, 4)


@pytest.mark.parametrize("on_gpu", [True, False])
def test_weights_stay_whole_where_they_fit(on_gpu: bool) -> None:
    assert in_few_bits(SHAPE, CHOICES, SIZE, total=16 * GIB, idle=0, on_gpu=on_gpu) is CHOICES


def test_a_processor_with_little_memory_keeps_them_in_4_bit_and_says_why() -> None:
    # Gemma 270M takes 1.1 GB in fp32.
    chosen = in_few_bits(SHAPE, CHOICES, SIZE, total=GIB, idle=0, on_gpu=False)
    assert {chosen.transformer.stored, chosen.text_encoder.stored} == {Precision.NF4}
    assert chosen.vae is FP32
    assert chosen.text_encoder.reason == "1 GB of memory are too few for more bits"


def test_the_plan_gives_up_no_more_than_it_must() -> None:
    def plan(room: int) -> object:
        return plan_to_begin_with(SHAPE, CHOICES, SIZE, pictures=1, passes=2, room=room, on_gpu=False)

    assert plan(8 * GIB) == PLANS[0]
    assert plan(0) == PLANS[4]


def test_the_memory_of_the_processor_is_that_of_the_machine() -> None:
    assert memory_total(Device(torch.device("cpu"), "processor", {})) > GIB
