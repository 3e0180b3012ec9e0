from dataclasses import replace

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.published_shapes import shape_of_model
from sana_desktop.services.pack_fit import bytes_by_bits, fast_on, fit_of
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.pack_manifest import PackPrecisions
from sana_desktop.system.pack_needs import Fit, FitLevel
from sana_desktop.system.packs import shipped_catalog
from support.pack_surveys import gpu_machine, processor_machine

KILO = Size(1024, 1024)


def model(name: str) -> CatalogModel:
    found = shipped_catalog().named(name)
    assert found is not None
    return found


def on_card(gib: int, name: str = "sana-600m-1024px", size: Size = KILO) -> Fit:
    entry = model(name)
    return fit_of(shape_of_model(entry), PackPrecisions(transformer=entry.precisions), size, gpu_machine(gib))


def test_every_published_model_can_be_forecast() -> None:
    for entry in shipped_catalog().models:
        size = Size(entry.base_size, entry.base_size)
        in_16_bit = bytes_by_bits(shape_of_model(entry), size, on_gpu=True)[0][1]
        roomy = fit_of(shape_of_model(entry), PackPrecisions(transformer=entry.precisions), size, gpu_machine(80))
        assert 10**9 < in_16_bit < roomy.needed


def test_a_large_card_gives_nothing_up() -> None:
    fit = on_card(16)
    assert (fit.level, fit.plan, fit.stored) == (FitLevel.FITS, MemoryPlan(), None)


def test_a_smaller_card_has_one_network_at_a_time_before_fewer_bits() -> None:
    fit = on_card(8)
    assert (fit.level, fit.plan.resident, fit.stored) == (FitLevel.FITS, False, None)


def test_a_small_card_draws_1024_pixels() -> None:
    fit = on_card(4)
    assert fit.level is FitLevel.FITS
    assert fit.plan.text_on_cpu or fit.stored is not None


def test_the_largest_model_is_stored_in_few_bits_where_it_would_not_fit_otherwise() -> None:
    fit = on_card(8, "sana1.5-4.8b-1024px")
    assert fit.stored in (Precision.INT8, Precision.NF4)


def test_what_does_not_fit_by_any_plan_is_said_not_to() -> None:
    assert on_card(1).level is FitLevel.NO


def test_larger_pictures_need_more_and_fewer_bits_less() -> None:
    assert on_card(24, size=Size(2048, 2048)).needed > on_card(24).needed
    sizes = [needed for _, needed in bytes_by_bits(shape_of_model(model("sana-1600m-1024px")), KILO, on_gpu=True)]
    assert sizes == sorted(sizes, reverse=True)


def test_a_processor_without_bf16_works_in_32_bit() -> None:
    slow = replace(processor_machine(64), fast_bf16=False)
    assert fast_on(slow) == {Precision.FP32}
    entry = model("sana-600m-1024px")
    shape, precisions = shape_of_model(entry), PackPrecisions(transformer=(Precision.BF16, Precision.FP32))
    wide, narrow = (fit_of(shape, precisions, KILO, machine) for machine in (slow, processor_machine(64)))
    assert wide.needed > 1.5 * narrow.needed
    assert fast_on(gpu_machine()) == {Precision.FP32, Precision.FP16, Precision.BF16}
