from pathlib import Path

import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.device import (
    Device,
    choose_for_pack,
    choose_precision,
    describe_machine,
    find_device,
    precision_lines,
)
from sana_desktop.errors import RecipeError
from support.packs import manifest

PLAIN = Device(torch.device("cpu"), "plain processor", {Precision.FP32: "every processor has it"})
MODERN = Device(
    torch.device("cpu"), "modern processor", {Precision.FP32: "every processor has it", Precision.BF16: "it has AMX"}
)
BF16_FIRST = (Precision.BF16, Precision.FP32)
FP16_FIRST = (Precision.FP16, Precision.FP32)


def test_the_best_that_the_pack_allows_is_taken_where_it_is_fast() -> None:
    choice = choose_precision(MODERN, BF16_FIRST, Precision.AUTO, "transformer")
    assert (choice.precision, choice.dtype) == (Precision.BF16, torch.bfloat16)
    assert choice.reason == "the pack allows it and it has AMX"


def test_emulated_bf16_is_not_taken() -> None:
    assert choose_precision(PLAIN, BF16_FIRST, Precision.AUTO, "transformer").precision is Precision.FP32


def test_an_fp16_pack_never_runs_in_bf16() -> None:
    assert choose_precision(MODERN, FP16_FIRST, Precision.AUTO, "transformer").precision is Precision.FP32
    with pytest.raises(RecipeError, match="noise instead of a picture") as caught:
        choose_precision(MODERN, FP16_FIRST, Precision.BF16, "transformer")
    assert "fp16, fp32" in caught.value.hint


def test_where_nothing_allowed_is_fast_the_reason_says_so() -> None:
    choice = choose_precision(PLAIN, (Precision.FP16,), Precision.AUTO, "transformer")
    assert (choice.precision, choice.reason) == (
        Precision.FP16,
        "the pack allows nothing that is fast on plain processor",
    )


def test_16_bit_is_asked_for_the_transformer_alone_and_fp32_for_everything(tmp_path: Path) -> None:
    pack = manifest(tmp_path)
    asked = choose_for_pack(PLAIN, pack, Precision.BF16)
    assert [asked.transformer.precision, asked.text_encoder.precision, asked.vae.precision] == [
        Precision.BF16,
        Precision.FP32,
        Precision.FP32,
    ]
    exact = choose_for_pack(MODERN, pack, Precision.FP32)
    assert {exact.transformer.precision, exact.text_encoder.precision, exact.vae.precision} == {Precision.FP32}


def test_few_bits_are_asked_for_transformer_and_text_encoder_and_the_arithmetic_follows(tmp_path: Path) -> None:
    pack = manifest(tmp_path)
    asked, plain = choose_for_pack(PLAIN, pack, Precision.NF4), choose_for_pack(PLAIN, pack)
    assert [asked.transformer.stored, asked.text_encoder.stored, asked.vae.stored] == [
        Precision.NF4,
        Precision.NF4,
        None,
    ]
    assert asked.transformer.dtype is plain.transformer.dtype
    assert str(asked.text_encoder) == "nf4 computed in fp32"


def test_this_machine_has_a_device_on_which_fp32_is_fast() -> None:
    assert Precision.FP32 in find_device().fast


def test_the_machine_is_described_in_lines_with_labels() -> None:
    labels = [label for label, _ in describe_machine().lines]
    assert labels[:4] == ["system", "torch", "device", "fast here"]
    assert "memory" in labels


def test_every_part_of_a_pack_gets_a_precision_and_a_reason(tmp_path: Path) -> None:
    lines = precision_lines(manifest(tmp_path))
    assert [part for part, _, _ in lines] == ["transformer", "text encoder", "autoencoder"]
    assert all(precision and reason for _, precision, reason in lines)
