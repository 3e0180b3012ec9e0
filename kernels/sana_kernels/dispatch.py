"""The one place that chooses how an operation runs, and can say why.

    reference   plain torch, the specification; whatever needs gradients takes it
    lean        the same arithmetic in fewer passes, for CPUs
    fused       Triton, for NVIDIA GPUs of compute capability 8.0 and up

A fused version is trusted on a machine only after it agreed with the reference there: the first use of an
operation with a device and dtype runs both on a small odd-sized example. What fails, a missing C compiler for
Triton's launcher for one, is logged once, and the reference is used for the rest of the run.
`SANA_KERNELS=reference|lean|fused|auto` overrides; `fused` skips the example, for benchmarks and tests.
"""

import importlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Generic, ParamSpec, cast

import torch
from torch import Tensor

P = ParamSpec("P")

WISH = "SANA_KERNELS"
FIRST_CAPABILITY = (8, 0)
# Of the largest true value; a fused version may be as wrong as rounding its result makes it, and twice the plain one.
ROUNDING = {torch.float32: 1e-5, torch.bfloat16: 8e-3, torch.float16: 1e-3}

PLAIN_IS_MEANT = "plain torch is the fastest known on GPUs"
"""The reason of operations that nothing was written for: nothing is lost there, and nobody needs to be told."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """How an operation runs on a device with a dtype, and the reason in words for people."""

    version: str
    reason: str


# Compared by identity: hashing the fields at every call takes longer than all else that chooses.
@dataclass(frozen=True, eq=False)
class Operation(Generic[P]):
    """An operation as networks call it: the arguments of its reference, the first one a tensor."""

    name: str
    reference: Callable[P, Tensor]
    lean: Callable[P, Tensor] | None = None
    has_fused: bool = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Tensor:
        """Run the version that fits the first argument."""
        x = cast(Tensor, args[0])
        if torch.is_grad_enabled():
            return self.reference(*args, **kwargs)
        return _runner(self, x.device, x.dtype, os.environ.get(WISH, "auto"))(*args, **kwargs)

    def choice(self, device: torch.device, dtype: torch.dtype) -> Choice:
        """What runs on `device` with `dtype` where no gradients are needed; asked once, then remembered."""
        return _choice(self, device, dtype, os.environ.get(WISH, "auto"))


@cache
def _runner(operation: Operation[P], device: torch.device, dtype: torch.dtype, wish: str) -> Callable[P, Tensor]:
    """The function that was chosen: a step of the network asks some hundred times."""
    version = _choice(operation, device, dtype, wish).version
    if version == "fused":
        return cast("Callable[P, Tensor]", getattr(fused_module(operation.name), operation.reference.__name__))
    return operation.lean if version == "lean" and operation.lean is not None else operation.reference


@cache
def _choice(operation: Operation[...], device: torch.device, dtype: torch.dtype, wish: str) -> Choice:
    if wish == "reference":
        return Choice("reference", f"{WISH} asks for it")
    if device.type == "cpu":
        if operation.lean is None:
            return Choice("reference", "plain torch is the fastest known on CPUs")
        return Choice("lean", "fewer passes than the reference on CPUs")
    if not operation.has_fused:
        return Choice("reference", PLAIN_IS_MEANT)
    refusal = why_not_fused(operation, device, dtype, trusted=wish == "fused")
    if refusal is None:
        return Choice("fused", "agrees with the reference on this machine")
    _log.warning("%s runs as plain torch: %s", operation.name, refusal)
    return Choice("reference", refusal)


def why_not_fused(
    operation: Operation[...], device: torch.device, dtype: torch.dtype, *, trusted: bool = False
) -> str | None:
    """The reason for not using Triton, or None. Anything that goes wrong in Triton or on the way to it is a reason."""
    if not operation.has_fused:
        return "it has no fused version"
    if device.type != "cuda":
        return f"fused versions are for CUDA devices, found {device.type}"
    capability = torch.cuda.get_device_capability(device)
    if capability < FIRST_CAPABILITY:
        return f"Triton's kernels need compute capability 8.0, found {capability[0]}.{capability[1]}"
    if dtype not in ROUNDING:
        return f"expected one of {', '.join(str(known) for known in ROUNDING)}, found {dtype}"
    try:
        module = fused_module(operation.name)
        return None if trusted else disagreement(operation, module, device, dtype)
    except Exception as error:  # noqa: BLE001  # compilers, drivers and missing files fail in ways nobody can list
        return failure_in_words(error)


def fused_module(name: str) -> ModuleType:
    """The Triton version of an operation; Triton is imported here and nowhere earlier."""
    return importlib.import_module(f"sana_kernels.{name}.fused")


def disagreement(operation: Operation[...], module: ModuleType, device: torch.device, dtype: torch.dtype) -> str | None:
    """Run both versions on the module's example; None where the fused one is right.

    Right is no further from the fp32 reference than twice the reference in `dtype`, or than rounding the result.
    """
    example = cast("tuple[object, ...]", module.example(device, dtype))
    as_fp32 = [arg.float() if isinstance(arg, Tensor) and arg.is_floating_point() else arg for arg in example]
    truth = operation.reference(*as_fp32).double()
    plain = operation.reference(*example).double()
    fused = cast("Callable[..., Tensor]", getattr(module, operation.reference.__name__))(*example).double()
    largest = truth.abs().max()
    allowed = torch.maximum(2 * (plain - truth).abs().max(), ROUNDING[dtype] * largest)
    error = (fused - truth).abs().max()
    # A comparison with something that is not a number is false, so it is written the way that refuses.
    if not bool(error <= allowed):
        return f"its result is off by {float(error):.2g} where {float(allowed):.2g} is allowed"
    return None


def failure_in_words(error: Exception) -> str:
    """What went wrong, with what to do about the two that ordinary machines meet."""
    text = f"{type(error).__name__}: {error}".strip()
    if isinstance(error, ModuleNotFoundError) and error.name == "triton":
        return "Triton is not installed"
    if "C compiler" in text:
        return "Triton found no C compiler, which it needs once per machine; install gcc or clang"
    if "Python.h" in text or "CalledProcessError" in text:
        return "Triton could not build its launcher; install the headers of Python (python3-dev)"
    return text[:300]
