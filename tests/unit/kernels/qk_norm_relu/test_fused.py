import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.qk_norm_relu.fused import rms_norm_relu  # noqa: E402
from sana_kernels.qk_norm_relu.reference import rms_norm_relu as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "width"), [(1, 1), (7, 63), (3, 1150)])
def test_it_is_no_worse_than_the_reference(tokens: int, width: int, dtype: torch.dtype):
    x, weight = noise(2, tokens, width).to(dtype), noise(width).to(dtype)
    truth = reference(x.double(), weight.double())
    assert_no_worse(rms_norm_relu(x, weight), reference(x, weight), truth)


@pytest.mark.usefixtures("poison")
def test_a_third_of_a_joined_projection_may_be_given():
    joined, weight = noise(2, 5, 21), noise(7)
    part = joined[..., 7:14]
    torch.testing.assert_close(rms_norm_relu(part, weight), reference(part, weight))
