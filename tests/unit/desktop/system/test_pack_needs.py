import json
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision
from sana_desktop.errors import WeightsError
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.pack_manifest import PackPrecisions, PackText, TextSource
from sana_desktop.system.pack_needs import (
    GEMMA_3_270M,
    Bits,
    FitLevel,
    Parts,
    count_numbers,
    fit_for,
    fit_today,
    folder_bytes,
    needed_bytes,
    parts_of_model,
    parts_of_pack,
)
from sana_desktop.system.packs import shipped_catalog
from support.pack_surveys import GIB, gpu_machine, processor_machine
from support.packs import manifest

PARTS = Parts(transformer=10**9, text_encoder=2 * 10**9, words=10**9, autoencoder=10**9)


def write_weights(path: Path, numbers: int) -> None:
    """A safetensors file with one fp16 tensor of so many numbers."""
    header = {"a": {"dtype": "F16", "shape": [numbers], "data_offsets": [0, 2 * numbers]}}
    text = json.dumps(header).encode("ascii")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * 2 * numbers)


def model(name: str) -> CatalogModel:
    found = shipped_catalog().named(name)
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "stated"), [("sana-600m-1024px", 9e9), ("sana-1600m-1024px", 12e9)])
def test_the_forecast_is_near_what_the_authors_state(name: str, stated: float) -> None:
    entry = model(name)
    assert needed_bytes(parts_of_model(entry), entry.base_size, Bits.B16) == pytest.approx(stated, rel=0.1)


def test_four_bits_bring_it_below_eight_gigabytes_as_the_authors_state() -> None:
    entry = model("sana-1600m-1024px")
    assert needed_bytes(parts_of_model(entry), entry.base_size, Bits.B4) < 8e9


def test_fewer_bits_need_less_but_never_halve_words_and_autoencoder() -> None:
    needs = [needed_bytes(PARTS, 1024, bits) for bits in (Bits.B32, Bits.B16, Bits.B8, Bits.B4)]
    assert needs == sorted(needs, reverse=True)
    # Two of the four billions shrink from two bytes to one.
    assert needs[1] - needs[2] == 2 * 10**9


def test_a_larger_picture_needs_more() -> None:
    assert needed_bytes(PARTS, 2048, Bits.B16) - needed_bytes(PARTS, 1024, Bits.B16) == 5 * 128 * 3 * 1024**2 * 2


def test_a_processor_without_bf16_works_in_32_bit() -> None:
    precisions = PackPrecisions(transformer=(Precision.BF16, Precision.FP32))
    slow = processor_machine(memory=64)
    without = fit_today(PARTS, 512, precisions, replace(slow, fast_bf16=False))
    assert without.needed == needed_bytes(PARTS, 512, Bits.B32)
    assert fit_today(PARTS, 512, precisions, slow).needed == needed_bytes(PARTS, 512, Bits.B16)


def test_an_fp16_transformer_takes_32_bit_on_a_processor_and_16_on_a_card() -> None:
    precisions = PackPrecisions(transformer=(Precision.FP16, Precision.FP32))
    on_processor = fit_today(PARTS, 512, precisions, processor_machine(64))
    on_card = fit_today(PARTS, 512, precisions, gpu_machine(64))
    assert on_processor.needed - on_card.needed == 2 * PARTS.transformer
    assert on_card.on_gpu
    assert not on_processor.on_gpu


@pytest.mark.parametrize(("gib", "level"), [(6, FitLevel.FITS), (7.2, FitLevel.TIGHT), (7.9, FitLevel.NO)])
def test_what_is_free_fits_what_is_there_is_tight_and_the_rest_does_not(gib: float, level: FitLevel) -> None:
    assert fit_for(int(gib * GIB), gpu_machine(8)).level is level


def test_of_several_copies_of_weights_one_counts(tmp_path: Path) -> None:
    write_weights(tmp_path / "diffusion_pytorch_model-00001-of-00002.safetensors", 30)
    write_weights(tmp_path / "diffusion_pytorch_model-00002-of-00002.safetensors", 12)
    write_weights(tmp_path / "diffusion_pytorch_model.fp16.safetensors", 42)
    assert count_numbers(tmp_path) == 42
    assert count_numbers(tmp_path / "missing") == 0


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"x" * 20)
    with pytest.raises(WeightsError, match="not a complete"):
        count_numbers(tmp_path)


def test_the_parts_of_a_pack_are_counted_in_its_files(tmp_path: Path) -> None:
    for part, numbers in (("transformer", 5), ("vae", 7), ("text_encoder", 11)):
        write_weights(tmp_path / part / "model.safetensors", numbers)
    parts = parts_of_pack(manifest(tmp_path))
    assert (parts.transformer, parts.autoencoder, parts.text_encoder, parts.words) == (5, 7, 11, 11)


def test_the_starters_text_encoder_is_known_without_its_files(tmp_path: Path) -> None:
    pack = replace(manifest(tmp_path), text=PackText(source=TextSource.GEMMA3_270M_GGUF))
    assert parts_of_pack(pack).text_encoder == GEMMA_3_270M


def test_the_size_on_disk_is_that_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"12345")
    (tmp_path / "c").write_bytes(b"123")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert folder_bytes(tmp_path) == 8
