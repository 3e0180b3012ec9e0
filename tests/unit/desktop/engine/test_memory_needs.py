from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.events import Phase
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.memory_needs import (
    Arithmetic,
    PackShape,
    TextShape,
    arithmetic_for,
    decode_bytes,
    fitting_plan,
    needs,
    shape_of_pack,
    try_shape,
)
from sana_desktop.errors import PackError
from sana_desktop.system.pack_manifest import PackPrecisions
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from sana_models.configs import DC_AE_F32C32, SANA_0_6B, SANA_1_6B, DiTConfig
from support.tiny_pack import write_tiny_pack

GB = 10**9
LARGE = Size(4096, 4096)
KILO = Size(1024, 1024)
BF16 = Arithmetic(2, 2, 2)
FP32 = Arithmetic(4, 4, 4)
GEMMA_2_2B = TextShape(
    numbers=2_614_000_000,
    words=256_000 * 2304,
    attention=26 * 2304 * 6144,
    width=2304,
    hidden=9216,
    heads=8,
    itemsize=2,
)


def real(transformer: DiTConfig, numbers: int) -> PackShape:
    """A published pack, in bf16 files."""
    return PackShape(
        transformer=transformer,
        transformer_numbers=numbers,
        transformer_itemsize=2,
        autoencoder=DC_AE_F32C32,
        decoder_numbers=159_000_000,
        encoder_numbers=153_000_000,
        autoencoder_itemsize=2,
        text=GEMMA_2_2B,
        tokens=460,
    )


SMALL, MIDDLE = real(SANA_0_6B, 592_000_000), real(SANA_1_6B, 1_604_000_000)


def test_smaller_tiles_need_less_and_larger_pictures_more() -> None:
    sizes = [decode_bytes(DC_AE_F32C32, LARGE, tile, 4) for tile in (None, 16, 8, 4)]
    assert sizes == sorted(sizes, reverse=True)
    assert decode_bytes(DC_AE_F32C32, LARGE, 8, 2) < decode_bytes(DC_AE_F32C32, LARGE, 8, 4)
    assert decode_bytes(DC_AE_F32C32, KILO, None, 4) < sizes[0]


def test_a_decode_on_a_card_is_four_tensors_of_its_widest_stage_and_a_workspace() -> None:
    assert decode_bytes(DC_AE_F32C32, KILO, None, 2, on_gpu=True) == (1024 + 32) * 2**20


def test_a_picture_smaller_than_a_tile_is_not_charged_for_more_than_itself() -> None:
    whole = decode_bytes(DC_AE_F32C32, Size(256, 256), None, 4)
    assert decode_bytes(DC_AE_F32C32, Size(256, 256), 16, 4) < 1.2 * whole


def test_the_peak_is_where_it_is_known_to_be() -> None:
    # 4096 pixels run out at the decode, whatever the model; the encoder is the largest network at small sizes.
    assert needs(SMALL, BF16, LARGE, PLANS[1], on_gpu=True).phase is Phase.DECODE
    assert needs(SMALL, BF16, KILO, PLANS[1], on_gpu=True).phase is Phase.ENCODE


def test_a_known_prompt_needs_no_encoder() -> None:
    cold = needs(SMALL, BF16, KILO, PLANS[0], on_gpu=True)
    warm = needs(SMALL, BF16, KILO, PLANS[0], on_gpu=True, text_known=True)
    assert cold.peak - warm.peak > 4 * GB


def test_few_bits_take_about_what_they_say() -> None:
    plain = needs(SMALL, BF16, KILO, PLANS[1]).sample
    for kind, times in ((Precision.INT8, 0.6), (Precision.NF4, 0.45)):
        assert needs(SMALL, replace(BF16, stored=kind), KILO, PLANS[1]).sample < times * plain + GB / 2


def test_4_bit_is_8_for_the_attention_of_a_large_text_encoder_and_for_all_of_a_small_one() -> None:
    few = replace(BF16, stored=Precision.NF4)

    def reading(numbers: int, attention: int) -> int:
        text = replace(GEMMA_2_2B, numbers=GEMMA_2_2B.words + numbers, attention=attention)
        return needs(replace(SMALL, text=text), few, KILO, PLANS[1], on_gpu=True).encode

    assert 0.48 * 10**8 < reading(10**9, 10**8) - reading(10**9, 0) < 0.49 * 10**8
    assert reading(10**8, 10**7) == reading(10**8, 0)
    assert reading(10**8 + 1000, 0) - reading(10**8, 0) == 1000


def test_1024_pixels_take_less_than_4_gigabytes_and_4096_less_than_8_in_4_bit_on_a_card() -> None:
    few = replace(BF16, stored=Precision.NF4)
    one = fitting_plan(lambda plan: needs(MIDDLE, few, KILO, plan, on_gpu=True).peak, 4 * GB, on_gpu=True)
    assert needs(MIDDLE, few, KILO, one, on_gpu=True).peak < 4 * GB
    four = fitting_plan(lambda plan: needs(MIDDLE, few, LARGE, plan, on_gpu=True).peak, 8 * GB, on_gpu=True)
    assert needs(MIDDLE, few, LARGE, four, on_gpu=True).peak < 8 * GB


@pytest.mark.parametrize(
    ("gigabytes", "plan"),
    [
        (16, MemoryPlan()),
        (12, MemoryPlan()),
        (8, MemoryPlan(resident=False)),
        (6, MemoryPlan(resident=False)),
        (4, MemoryPlan(resident=False, text_on_cpu=True)),
    ],
)
def test_every_card_has_its_plan_for_1024_pixels_in_16_bit(gigabytes: int, plan: MemoryPlan) -> None:
    # What a system and the libraries keep of a card.
    room = round(0.92 * gigabytes * 2**30) - GB // 2
    found = fitting_plan(lambda plan: needs(SMALL, BF16, KILO, plan, on_gpu=True).peak, room, on_gpu=True)
    assert found == plan


def test_arithmetic_follows_the_pack_the_machine_and_the_wish() -> None:
    rules = PackPrecisions(transformer=(Precision.FP16, Precision.FP32))
    fast = frozenset({Precision.FP32, Precision.BF16, Precision.FP16})
    slow = frozenset({Precision.FP32})
    assert arithmetic_for(rules, Precision.AUTO, fast) == Arithmetic(2, 2, 2)
    assert arithmetic_for(rules, Precision.AUTO, slow) == Arithmetic(4, 4, 4)
    assert arithmetic_for(rules, Precision.FP32, fast) == Arithmetic(4, 4, 4)
    assert arithmetic_for(rules, Precision.NF4, fast) == Arithmetic(2, 2, 2, Precision.NF4)


def test_the_shape_of_a_pack_is_read_off_its_files(tmp_path: Path) -> None:
    shape = shape_of_pack(read_pack(write_tiny_pack(tmp_path / "tiny")))
    assert shape.transformer_itemsize == 4
    assert shape.transformer_numbers > 0
    assert shape.decoder_numbers > 0
    assert 0 < shape.text.words < shape.text.numbers
    starter = shape_of_pack(read_pack(resources_folder() / "starter"))
    assert starter.text.width == 640
    assert starter.autoencoder_itemsize == 2


def test_a_pack_that_cannot_be_understood_has_no_shape(tmp_path: Path) -> None:
    pack = read_pack(write_tiny_pack(tmp_path / "tiny"))
    (pack.transformer_folder / "config.json").write_text("{}")
    assert try_shape(pack) is None
    with pytest.raises(PackError):
        shape_of_pack(pack)
