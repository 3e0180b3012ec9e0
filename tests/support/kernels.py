"""When a fused kernel is right, and where its interpreter is."""

import pytest
import torch
from torch import Tensor

DTYPES = [torch.float32, torch.bfloat16, torch.float16]
ROUNDING = {torch.float32: 1e-5, torch.bfloat16: 8e-3, torch.float16: 1e-3}


def need_triton() -> None:
    """Skip a module of tests on machines that Triton has no wheel for."""
    pytest.importorskip("triton", reason="Triton has wheels for Linux only")


def assert_no_worse(fused: Tensor, plain: Tensor, truth: Tensor) -> None:
    """Hold a fused result against the reference in the same dtype and in fp64.

    Its error may be twice the reference's, or one rounding of the largest value.
    """
    assert fused.shape == plain.shape
    assert fused.dtype is plain.dtype
    assert not fused.isnan().any()
    allowed = max(2 * float((plain.double() - truth).abs().max()), ROUNDING[fused.dtype] * float(truth.abs().max()))
    assert float((fused.double() - truth).abs().max()) <= allowed + 1e-6
