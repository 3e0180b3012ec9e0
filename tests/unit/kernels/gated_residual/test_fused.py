import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.gated_residual.fused import gated_residual  # noqa: E402
from sana_kernels.gated_residual.reference import gated_residual as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "width", "rows"), [(1, 1, 1), (7, 63, 2), (5, 1150, 1)])
def test_it_is_no_worse_than_the_reference(tokens: int, width: int, rows: int, dtype: torch.dtype):
    x, gate, y = (
        part.to(dtype) for part in (noise(2, tokens, width), noise(rows, 1, width), noise(2, tokens, width, seed=1))
    )
    truth = reference(x.double(), gate.double(), y.double())
    assert_no_worse(gated_residual(x, gate, y), reference(x, gate, y), truth)


@pytest.mark.usefixtures("poison")
def test_everything_may_be_a_strided_view():
    x, y = noise(2, 14, 6).transpose(1, 2), noise(2, 6, 28)[:, :, ::2]
    gate = noise(2, 6, 14).chunk(6, dim=1)[2]
    torch.testing.assert_close(gated_residual(x, gate, y), reference(x, gate, y))
