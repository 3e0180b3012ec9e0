"""Linear layers whose weights are stored in 8 or 4 bit, on top of bitsandbytes' operations.

bitsandbytes' own layers are not used: on processors with AVX512-BF16 they rearrange their weights at the first call,
which is slow, and what is saved afterwards is silently wrong; its 8-bit layer computes in fp16, which Gemma's
activations leave. Here weights never change after loading, and nothing but the operations is taken.

Shapes: M tokens, N outputs, K inputs of a layer.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from sana_desktop.domain.choices import Precision
from sana_desktop.errors import MachineError
from sana_kernels import w8a8_linear
from sana_kernels.w8a8.lean import has_int8_instructions

BLOCK = 64
"""Weights that share a scale in 4 bit. Rows are filled up with zeros to a multiple of it."""

STEP = 16
"""Input widths are multiples of this, which products of bytes on graphics cards want."""

NESTED_BLOCK = 256
"""Scales that share a scale of their own: double quantization."""

OUTLIER = 6.0
"""Inputs with a larger magnitude anywhere in a column are multiplied in 16 bit (LLM.int8, arXiv 2208.07339)."""

WEIGHTS_AT_ONCE = 2**21
"""Weights that are quantized at a time."""

_LEVELS = 127.0
# Said at import about a library that would be downloaded behind our back.
_NOISY = ("bitsandbytes.backends.cpu.ops", "bitsandbytes.autograd._functions")

Tensors = Mapping[str, Tensor]


class StoredInt8(nn.Module):
    """What a layer with 8-bit weights holds: `levels` int8 [N, K], `scale` fp32 [N], and `bias` [N] if it has one."""

    levels: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, tensors: Tensors) -> None:
        super().__init__()
        self.register_buffer("levels", tensors["levels"])
        self.register_buffer("scale", tensors["scale"])
        self.register_buffer("bias", tensors.get("bias"))


class Int8Linear(StoredInt8):
    """A linear layer with 8-bit weights and, but for outliers, 8-bit inputs: LLM.int8."""

    def forward(self, x: Tensor) -> Tensor:
        """[..., K] to [..., N] in the dtype of `x`; sums and scales are fp32."""
        x_MK = x.reshape(-1, x.shape[-1])
        outliers = (x_MK.abs() > OUTLIER).any(dim=0).nonzero().flatten()
        plain_MK = x_MK.float()
        if len(outliers):
            plain_MK = plain_MK.index_fill(1, outliers, 0.0)
        scale_M1 = plain_MK.abs().amax(dim=1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny) / _LEVELS
        levels_MK = (plain_MK / scale_M1).round()
        y_MN = sums_of_levels(levels_MK, self.levels) * scale_M1 * self.scale
        if len(outliers):
            few_NO = self.levels[:, outliers].float() * self.scale[:, None]
            y_MN = y_MN.addmm(x_MK[:, outliers].float(), few_NO.T)
        if self.bias is not None:
            y_MN = y_MN + self.bias.float()
        return torch.unflatten(y_MN.to(x.dtype), 0, tuple(x.shape[:-1]))


def sums_of_levels(x_MK: Tensor, weight_NK: Tensor) -> Tensor:
    """Products of whole numbers, fp32 [M, N]: of fp32 `x_MK` and int8 `weight_NK`, both within -127..127.

    Processors without VNNI have no product of bytes worth the name: torch's takes 25 times as long as the same numbers
    in fp32 (docs/log.md), which is exact up to sums of 2^24 and rounds as fp32 always does beyond.
    """
    if x_MK.device.type != "cpu" or has_int8_instructions():
        return quantizers().int8_linear_matmul(x_MK.to(torch.int8), weight_NK).float()
    y_MN = x_MK.new_empty(len(x_MK), len(weight_NK))
    rows = _rows_at_once(weight_NK)
    for first in range(0, len(weight_NK), rows):
        these = slice(first, first + rows)
        y_MN[:, these] = x_MK @ weight_NK[these].float().T
    return y_MN


class Int8WeightLinear(StoredInt8):
    """A linear layer that stores what `Int8Linear` does and takes its inputs as they are.

    For what runs once and not in every step: inputs in 8 bit cost Gemma's states far more than weights in 8 bit do.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[..., K] to [..., N] in the dtype of `x`; some outputs at a time, so that few weights are unpacked."""
        parts: list[Tensor] = []
        rows = _rows_at_once(self.levels)
        for first in range(0, len(self.levels), rows):
            these = slice(first, first + rows)
            parts.append(functional.linear(x, (self.levels[these].float() * self.scale[these, None]).to(x.dtype)))
        y = torch.cat(parts, dim=-1)
        return y if self.bias is None else y + self.bias.to(x.dtype)


class W8a8Linear(nn.Module):
    """A linear layer that multiplies 8-bit weights with 8-bit inputs, a scale per output and per token (paper, 4.2).

    It stores what `Int8Linear` does, keeps nothing of its input in 16 bit, and is computed by our own kernels.
    """

    levels: Tensor
    scale_N1: Tensor
    bias: Tensor | None

    def __init__(self, tensors: Tensors) -> None:
        super().__init__()
        self.register_buffer("levels", tensors["levels"])
        self.register_buffer("scale_N1", tensors["scale"][:, None])
        self.register_buffer("bias", tensors.get("bias"))

    def forward(self, x: Tensor) -> Tensor:
        """[..., K] to [..., N] in the dtype of `x`; products are summed exactly, scales are fp32."""
        y_MN = w8a8_linear(x.reshape(-1, x.shape[-1]), self.levels, self.scale_N1, self.bias)
        return y_MN.reshape(*x.shape[:-1], y_MN.shape[-1])


class Nf4Linear(nn.Module):
    """A linear layer with weights in 4-bit NormalFloat and doubly quantized scales (QLoRA, arXiv 2305.14314).

    `tensors` are `packed` uint8 [N * K / 2, 1], `absmax` uint8 [blocks], `nested_absmax` fp32, `offset` fp32 [1], and
    `bias` [N] where the layer has one. Weights are unpacked for every call into the dtype of its input.
    """

    packed: Tensor
    absmax: Tensor
    nested_absmax: Tensor
    offset: Tensor
    bias: Tensor | None

    def __init__(self, tensors: Tensors) -> None:
        super().__init__()
        for name in ("packed", "absmax", "nested_absmax", "offset"):
            self.register_buffer(name, tensors[name])
        self.register_buffer("bias", tensors.get("bias"))

    def forward(self, x: Tensor) -> Tensor:
        """[..., K] to [..., N] in the dtype of `x`."""
        weight_NK = unpack(self, x.shape[-1], x.dtype)
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return functional.linear(x, weight_NK, bias)


def unpack(layer: Nf4Linear, width_in: int, dtype: torch.dtype) -> Tensor:
    """The weight [N, K] of a 4-bit layer in `dtype`."""
    operations = quantizers()
    columns = _filled_up(width_in)
    levels, nested_levels = _levels_of_4_bit(layer.packed.device)
    nested = operations.QuantState(
        absmax=layer.nested_absmax,
        blocksize=NESTED_BLOCK,
        code=nested_levels,
        dtype=torch.float32,
    )
    state = operations.QuantState(
        absmax=layer.absmax,
        shape=torch.Size((2 * layer.packed.numel() // columns, columns)),
        blocksize=BLOCK,
        code=levels,
        quant_type="nf4",
        dtype=dtype,
        offset=layer.offset[0],
        state2=nested,
    )
    return operations.dequantize_4bit(layer.packed, state)[:, :width_in]


@cache
def _levels_of_4_bit(device: torch.device) -> tuple[Tensor, Tensor]:
    """What 4 bits and the scales' 8 bits stand for.

    Making them takes a thousandth of a second, and a GPU waits while they are copied to it: too much for every layer
    of every step.
    """
    operations = quantizers()
    with torch.inference_mode(mode=False):
        return operations.get_4bit_type("nf4", device=device), operations.create_dynamic_map().to(device)


def fits(shape: tuple[int, ...]) -> bool:
    """Whether a weight [N, K] is stored in few bits: narrow ones would be mostly zeros."""
    return len(shape) == 2 and shape[1] >= BLOCK and shape[1] % STEP == 0


def _filled_up(width: int) -> int:
    """Columns of what is stored in 4 bit: blocks that straddle rows would be unpacked wrongly."""
    return -(-width // BLOCK) * BLOCK


def stored_as(kind: Precision, shape: tuple[int, ...]) -> dict[str, tuple[torch.dtype, tuple[int, ...]]]:
    """Type and shape of what `quantize` makes of a weight [N, K] that fits."""
    rows, columns = shape
    if kind is not Precision.NF4:
        return {"levels": (torch.int8, (rows, columns)), "scale": (torch.float32, (rows,))}
    blocks = rows * _filled_up(columns) // BLOCK
    return {
        "packed": (torch.uint8, (blocks * BLOCK // 2, 1)),
        "absmax": (torch.uint8, (blocks,)),
        "nested_absmax": (torch.float32, (-(-blocks // NESTED_BLOCK),)),
        "offset": (torch.float32, (1,)),
    }


def quantize(kind: Precision, weight_NK: Tensor) -> dict[str, Tensor]:
    """What a layer of this kind stores of a weight, without the bias. ValueError for a weight that does not fit."""
    if not fits(tuple(weight_NK.shape)):
        raise ValueError(f"expected [N, K] with K >= {BLOCK} and a multiple of {STEP}, found {tuple(weight_NK.shape)}")
    if kind is Precision.NF4:
        return _quantize_to_4_bit(weight_NK)
    return _quantize_to_8_bit(weight_NK)


def _quantize_to_8_bit(weight_NK: Tensor) -> dict[str, Tensor]:
    """The tensors of an 8-bit layer, made some rows at a time."""
    levels_NK = torch.empty(weight_NK.shape, dtype=torch.int8, device=weight_NK.device)
    scale_N = torch.empty(len(weight_NK), dtype=torch.float32, device=weight_NK.device)
    rows = _rows_at_once(weight_NK)
    for first in range(0, len(weight_NK), rows):
        these = slice(first, first + rows)
        plain_nK = weight_NK[these].float()
        scale_n = scale_N[these]
        scale_n.copy_(plain_nK.abs().amax(dim=1).clamp_min(torch.finfo(torch.float32).tiny) / _LEVELS)
        levels_NK[these].copy_((plain_nK / scale_n[:, None]).round())
    return {"levels": levels_NK, "scale": scale_N}


def _quantize_to_4_bit(weight_NK: Tensor) -> dict[str, Tensor]:
    """The tensors of a 4-bit layer. Some rows at a time: bitsandbytes takes twenty times what it makes of them."""
    operations = quantizers()
    rows = _rows_at_once(weight_NK)
    missing = _filled_up(weight_NK.shape[1]) - weight_NK.shape[1]
    parts = [functional.pad(weight_NK[first : first + rows], (0, missing)) for first in range(0, len(weight_NK), rows)]
    packed, largest = zip(*(_quantized_rows(operations, part.float().contiguous()) for part in parts), strict=True)
    largest_in_block = torch.cat(largest)
    # The second quantization, as bitsandbytes does it for a whole weight.
    offset = largest_in_block.mean()
    absmax, nested = operations.quantize_blockwise(largest_in_block - offset, blocksize=NESTED_BLOCK)
    return {
        "packed": torch.cat(packed),
        "absmax": absmax,
        "nested_absmax": nested.absmax,
        "offset": offset.reshape(1).float(),
    }


def _rows_at_once(weight_NK: Tensor) -> int:
    return max(1, WEIGHTS_AT_ONCE // weight_NK.shape[1])


def _quantized_rows(operations: Any, weight_nK: Tensor) -> tuple[Tensor, Tensor]:
    packed, state = operations.quantize_4bit(weight_nK, blocksize=BLOCK, compress_statistics=False, quant_type="nf4")
    return packed, state.absmax


QuantizedLinear = Int8Linear | Int8WeightLinear | Nf4Linear | W8a8Linear


def make_linear(kind: Precision, tensors: Tensors, *, whole_inputs: bool = False) -> QuantizedLinear:
    """A layer of stored tensors; with `whole_inputs` one that does not round its inputs to 8 bit."""
    if whole_inputs and kind is not Precision.NF4:
        return Int8WeightLinear(tensors)
    if kind is Precision.W8A8:
        return W8a8Linear(tensors)
    return Nf4Linear(tensors) if kind is Precision.NF4 else Int8Linear(tensors)


def quantizers() -> Any:
    """bitsandbytes' operations, imported when they are first needed: it takes seconds. Any: they are untyped.

    Raises `MachineError` where the library is missing or does not work here.
    """
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        # Imported here because it brings half of torch's compiler with it.
        import bitsandbytes.functional as operations
    except (ImportError, OSError, RuntimeError) as error:
        raise MachineError(
            f"8 and 4 bit weights need bitsandbytes, which does not work here ({error}).",
            hint="Choose another precision, or install it: pip install bitsandbytes.",
        ) from error
    return operations
