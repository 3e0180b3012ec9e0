import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize.transformer import load_quantized_transformer
from sana_desktop.engine.weights.load import load_transformer
from sana_desktop.engine.weights.save import save_transformer
from sana_desktop.errors import JobCancelledError
from sana_models.dit import SanaTransformer
from support.tiny_models import TINY_DIT, cancel_at_call, noise, random_dit

CPU = torch.device("cpu")
# Wide enough to be quantized; the feed-forward's inner width, 160, is not, so that some layers stay as they are.
CONFIG = replace(TINY_DIT, heads=8, cross_heads=4, caption_channels=64)
KINDS = [Precision.INT8, Precision.NF4, Precision.W8A8]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_transformer(random_dit(CONFIG), tmp_path / "transformer", dtype=torch.float16)
    return tmp_path / "transformer"


def _load(folder: Path, kind: Precision, check=lambda: None, dtype: torch.dtype = torch.float32) -> SanaTransformer:
    return load_quantized_transformer(folder, folder.parent / "kept", kind, dtype=dtype, device=CPU, check=check)


@torch.inference_mode()
def _drawn(network: SanaTransformer) -> torch.Tensor:
    text = network.prepare_text(noise(1, 5, 64), torch.ones(1, 5))
    return network(noise(1, 32, 4, 6), torch.tensor([500.0]), text)


@pytest.mark.parametrize(("kind", "limit"), [(Precision.INT8, 0.05), (Precision.NF4, 0.35), (Precision.W8A8, 0.05)])
def test_a_quantized_network_draws_nearly_the_same(folder: Path, kind: Precision, limit: float):
    plain = _drawn(load_transformer(folder, dtype=torch.float32, device=CPU))
    error = float((_drawn(_load(folder, kind)) - plain).norm() / plain.norm())
    assert 0 < error < limit


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_load_reads_what_the_first_wrote_and_draws_the_same_bits(folder: Path, kind: Precision):
    first = _drawn(_load(folder, kind))
    (weights,) = (folder.parent / "kept").glob("*.safetensors")
    written = weights.stat()
    assert torch.equal(_drawn(_load(folder, kind)), first)
    assert (weights.stat().st_mtime_ns, weights.stat().st_ino) == (written.st_mtime_ns, written.st_ino)


def test_what_is_kept_in_16_bit_stays_as_it_is(folder: Path):
    plain, quantized = load_transformer(folder, dtype=torch.float32, device=CPU), _load(folder, Precision.NF4)
    for name in ("proj_out.weight", "patch_embed.proj.weight"):
        assert torch.equal(quantized.get_parameter(name), plain.get_parameter(name))
    manifest = json.loads((folder.parent / "kept" / "transformer-nf4.json").read_text())
    assert "transformer_blocks.1.ff.conv_inverted" in manifest["layers"]
    assert "transformer_blocks.1.ff.conv_point" in manifest["layers"]


def test_w8a8_leaves_keys_and_values_of_the_text_in_16_bit(folder: Path):
    _load(folder, Precision.W8A8)
    layers = json.loads((folder.parent / "kept" / "transformer-w8a8.json").read_text())["layers"]
    assert "transformer_blocks.0.attn2.to_q" in layers
    assert not {"transformer_blocks.0.attn2.to_k", "transformer_blocks.0.attn2.to_v"} & set(layers)


@pytest.mark.parametrize("damage", ["shorter", "manifest", "other source"])
def test_a_store_that_is_damaged_or_of_something_else_is_made_anew(folder: Path, damage: str):
    first = _drawn(_load(folder, Precision.NF4))
    weights = folder.parent / "kept" / "transformer-nf4.safetensors"
    if damage == "shorter":
        weights.write_bytes(weights.read_bytes()[:-7])
    elif damage == "manifest":
        weights.with_suffix(".json").write_text("{")
    else:
        save_transformer(random_dit(CONFIG, seed=1), folder, dtype=torch.float16)
    second = _drawn(_load(folder, Precision.NF4))
    assert torch.equal(second, first) is (damage != "other source")


def test_a_cancel_leaves_nothing_and_the_next_load_begins_anew(folder: Path):
    for call in (1, 5, 40):
        with pytest.raises(JobCancelledError):
            _load(folder, Precision.NF4, check=cancel_at_call(call))
        kept = folder.parent / "kept"
        assert not kept.exists() or list(kept.iterdir()) == []
    _load(folder, Precision.NF4)


def test_the_rest_runs_in_the_arithmetic_that_was_chosen(folder: Path):
    network = _load(folder, Precision.INT8, dtype=torch.bfloat16)
    assert network.get_parameter("proj_out.weight").dtype is torch.bfloat16
    assert network.get_buffer("transformer_blocks.0.attn1.to_q.levels").dtype is torch.int8
    assert network.get_buffer("transformer_blocks.0.attn1.to_q.scale").dtype is torch.float32
