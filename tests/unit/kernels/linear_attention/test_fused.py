import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.linear_attention.fused import example, relu_linear_attention  # noqa: E402
from sana_kernels.linear_attention.reference import relu_linear_attention as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "channels"), [(1, 1), (63, 5), (65, 32), (600, 32)])
def test_it_is_no_worse_than_the_reference(tokens: int, channels: int, dtype: torch.dtype):
    q, k, v = (noise(2, 2, tokens, channels, seed=seed).to(dtype) for seed in range(3))
    truth = reference(q.float(), k.float(), v.float()).double()
    assert_no_worse(relu_linear_attention(q, k, v), reference(q, k, v), truth)


@pytest.mark.usefixtures("poison")
def test_heads_may_be_strided_views():
    q, k, v = example(torch.device("cpu"), torch.float32)
    assert not q.is_contiguous()
    torch.testing.assert_close(relu_linear_attention(q, k, v), reference(q, k, v), rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("poison")
def test_a_query_that_sees_nothing_reads_zero_and_fp16_is_clipped():
    q = torch.full((1, 1, 70, 8), 300.0, dtype=torch.float16)
    assert torch.equal(relu_linear_attention(-q, q, q), torch.zeros_like(q))
    torch.testing.assert_close(relu_linear_attention(q, q, q), q)
