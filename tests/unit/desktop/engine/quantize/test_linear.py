import sys

import pytest
import torch
from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize import linear
from sana_desktop.engine.quantize.linear import (
    BLOCK,
    Nf4Linear,
    fits,
    make_linear,
    quantize,
    quantizers,
    stored_as,
    sums_of_levels,
    unpack,
)
from sana_desktop.errors import MachineError
from support.tiny_models import noise

KINDS = [Precision.INT8, Precision.NF4, Precision.W8A8]
# Relative errors of a product with N(0, 1) weights and inputs: 8 bits of both; 4 bits of the weights.
ERRORS = {Precision.INT8: 0.02, Precision.NF4: 0.11, Precision.W8A8: 0.02}


def _relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    expected = expected.detach().float()
    return float((found.detach().float() - expected).norm() / expected.norm())


def _layer(kind: Precision, plain: nn.Linear) -> nn.Module:
    tensors = quantize(kind, plain.weight.detach())
    if "bias" in plain.state_dict():
        tensors["bias"] = plain.bias.detach()
    return make_linear(kind, tensors)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_gives_nearly_what_its_weights_give(kind: Precision, bias: bool, dtype: torch.dtype):
    torch.manual_seed(0)
    plain = nn.Linear(192, 80, bias=bias)
    with torch.no_grad():
        plain.weight.copy_(noise(80, 192))
    x = noise(2, 17, 192).to(dtype)
    found = _layer(kind, plain)(x)
    assert found.dtype is dtype
    assert found.shape == (2, 17, 80)
    assert _relative(found, plain(x.float())) < ERRORS[kind] + (0.01 if dtype is torch.bfloat16 else 0)


@pytest.mark.parametrize("bias", [True, False])
def test_whole_inputs_are_not_rounded_however_far_apart_they_are(bias: bool, monkeypatch: pytest.MonkeyPatch):
    plain = nn.Linear(192, 80, bias=bias)
    # Below the limit for outliers, and next to it nothing is left of the others in 8 bit.
    x = noise(2, 17, 192) * 0.01
    x[..., 3] = 5.9
    expected = plain(x) - plain(x * (torch.arange(192) == 3))
    tensors = quantize(Precision.INT8, plain.weight.detach())
    tensors |= {"bias": plain.bias.detach()} if bias else {}
    layer = make_linear(Precision.INT8, tensors, whole_inputs=True)
    whole = layer(x)
    assert _relative(layer(x) - layer(x * (torch.arange(192) == 3)), expected) < 0.02
    rounded = _layer(Precision.INT8, plain)
    assert _relative(rounded(x) - rounded(x * (torch.arange(192) == 3)), expected) > 0.2
    monkeypatch.setattr(linear, "WEIGHTS_AT_ONCE", 192 * 7)
    torch.testing.assert_close(layer(x), whole)


def test_outliers_do_not_drown_the_other_inputs_of_8_bit():
    plain = nn.Linear(64, 32, bias=False)
    x = noise(5, 64) * 0.1
    x[2, 7] = 4000.0
    layer = _layer(Precision.INT8, plain)
    without = x.clone()
    without[:, 7] = 0
    # What the outlier's column brings is exact, so the rest of its row shows.
    assert _relative(layer(x) - layer(x - without), plain(without)) < 0.05


def test_8_bit_keeps_activations_that_fp16_could_not():
    plain = nn.Linear(64, 32, bias=False)
    x = torch.full((3, 64), 1e6)
    assert torch.isfinite(_layer(Precision.INT8, plain)(x)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_zero_weights_and_inputs_stay_zero(kind: Precision):
    plain = nn.Linear(64, 32, bias=False)
    nn.init.zeros_(plain.weight)
    layer = _layer(kind, plain)
    assert not layer(torch.zeros(4, 64)).any()
    assert not layer(noise(4, 64)).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_that_has_run_still_stores_what_it_stored(kind: Precision):
    # bitsandbytes' own 4-bit layer rearranges its weights at the first call on some processors.
    layer = _layer(kind, nn.Linear(64, 32))
    before = {name: tensor.clone() for name, tensor in layer.state_dict().items()}
    layer(noise(3, 64))
    assert all(torch.equal(before[name], tensor) for name, tensor in layer.state_dict().items())


def test_4_bit_takes_an_eighth_of_fp32_and_its_scales_little():
    layer = _layer(Precision.NF4, nn.Linear(1024, 1024, bias=False))
    stored = sum(tensor.nbytes for tensor in layer.state_dict().values())
    assert stored / 1024**2 < 0.517


@pytest.mark.parametrize("at_once", [2**21, 128 * 7])
def test_unpacked_weights_are_those_of_bitsandbytes_however_many_are_done_at_once(
    monkeypatch: pytest.MonkeyPatch, at_once: int
):
    monkeypatch.setattr("sana_desktop.engine.quantize.linear.WEIGHTS_AT_ONCE", at_once)
    weight = noise(96, 128)
    packed, state = quantizers().quantize_4bit(weight, blocksize=64, compress_statistics=True, quant_type="nf4")
    layer = make_linear(Precision.NF4, quantize(Precision.NF4, weight))
    assert isinstance(layer, Nf4Linear)
    assert torch.equal(unpack(layer, 128, torch.float32), quantizers().dequantize_4bit(packed, state))


def test_8_bit_weights_are_the_same_however_the_rows_are_cut(monkeypatch: pytest.MonkeyPatch):
    weight = noise(96, 128)
    whole = quantize(Precision.INT8, weight)
    monkeypatch.setattr("sana_desktop.engine.quantize.linear.WEIGHTS_AT_ONCE", 128 * 7)
    parts = quantize(Precision.INT8, weight)
    assert all(torch.equal(whole[name], parts[name]) for name in ("levels", "scale"))


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((32, 64), True), ((32, 96), True), ((32, 72), False), ((32, 48), False), ((64, 32, 1, 1), False)],
)
def test_odd_and_narrow_weights_do_not_fit(shape: tuple[int, ...], expected: bool):
    assert fits(shape) is expected
    if not expected:
        with pytest.raises(ValueError, match="multiple of 16"):
            quantize(Precision.NF4, torch.zeros(shape))


def test_a_missing_library_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "bitsandbytes.functional", None)
    with pytest.raises(MachineError, match="need bitsandbytes") as caught:
        quantizers()
    assert "Choose another precision" in str(caught.value.hint)


@pytest.mark.parametrize("shape", [(1, 64), (3, 64), (5, 320), (260, 64), (7, 112)])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_of_a_weight_is_known_before_it_is_made(kind: Precision, shape: tuple[int, int]):
    made = quantize(kind, noise(*shape))
    assert {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in made.items()} == stored_as(kind, shape)


@pytest.mark.parametrize("vnni", [False, True])
def test_sums_of_levels_are_those_of_whole_numbers(vnni: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(linear, "has_int8_instructions", lambda: vnni)
    monkeypatch.setattr(linear, "WEIGHTS_AT_ONCE", 7 * 64)
    x_MK, weight_NK = (torch.randint(-127, 128, (rows, 64), dtype=torch.int8) for rows in (18, 33))
    expected = x_MK.double() @ weight_NK.double().T
    assert torch.equal(sums_of_levels(x_MK.float(), weight_NK).double(), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_a_width_that_is_no_whole_number_of_blocks_is_as_good_as_any(kind: Precision):
    # As the last layer of the 1.6B's feed-forward, whose width is 87.5 blocks.
    plain = nn.Linear(5 * BLOCK + BLOCK // 2, 48)
    x = noise(9, plain.in_features)
    assert fits(tuple(plain.weight.shape))
    assert _relative(_layer(kind, plain)(x), plain(x)) < ERRORS[kind]
