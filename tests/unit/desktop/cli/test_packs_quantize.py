from pathlib import Path

from sana_desktop.domain.choices import Precision
from support.fake_engine import FakeEngine
from support.terminal import Terminal


def test_a_pack_is_loaded_in_few_bits_once_and_the_engine_closed(tmp_path: Path):
    engine = FakeEngine()
    result = Terminal(tmp_path, engine).run("packs", "quantize", "toy", "--to", "int8")
    assert result.exit_code == 0
    assert [(recipe.pack, recipe.precision) for recipe in engine.prepared] == [("toy", Precision.INT8)]
    assert engine.closed
    assert "--pack toy --precision int8" in result.stderr


def test_4_bit_is_what_is_meant_when_nothing_is_said(tmp_path: Path):
    engine = FakeEngine()
    Terminal(tmp_path, engine).run("packs", "quantize", "toy")
    assert [recipe.precision for recipe in engine.prepared] == [Precision.NF4]


def test_an_arithmetic_is_no_way_to_store_weights(tmp_path: Path):
    engine = FakeEngine()
    result = Terminal(tmp_path, engine).run("packs", "quantize", "toy", "--to", "bf16")
    assert result.exit_code == 2
    assert result.stderr == "error: Weights cannot be quantized to bf16.\nhint: Use --to int8, --to nf4 or --to w8a8.\n"
    assert engine.prepared == []
