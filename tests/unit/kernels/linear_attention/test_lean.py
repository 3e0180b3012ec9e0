import pytest
import torch

from sana_kernels.linear_attention.lean import relu_linear_attention
from sana_kernels.linear_attention.reference import relu_linear_attention as reference
from support.tiny_models import noise


@pytest.mark.parametrize(("tokens", "channels"), [(1, 1), (7, 5), (63, 32), (65, 33)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_it_equals_the_reference(tokens: int, channels: int, dtype: torch.dtype):
    q, k, v = (noise(2, 3, tokens, channels, seed=seed).to(dtype) for seed in range(3))
    torch.testing.assert_close(relu_linear_attention(q, k, v), reference(q, k, v))


def test_heads_may_be_strided_views_and_are_left_as_they_are():
    rows = noise(2, 7, 3 * 4 * 5).view(2, 7, 3, 4, 5)
    before = rows.clone()
    q, k, v = (part.transpose(1, 2) for part in rows.unbind(2))
    torch.testing.assert_close(relu_linear_attention(q, k, v), reference(q, k, v))
    assert torch.equal(rows, before)


def test_joining_the_heads_of_the_result_copies_nothing():
    out = relu_linear_attention(noise(2, 3, 7, 4), noise(2, 3, 7, 4, seed=1), noise(2, 3, 7, 4, seed=2))
    assert out.transpose(1, 2).is_contiguous()


def test_a_query_that_sees_nothing_reads_zero_and_fp16_is_clipped():
    q = torch.full((1, 1, 4, 2), 300.0, dtype=torch.float16)
    assert torch.equal(relu_linear_attention(-q, q, q), torch.zeros_like(q))
    assert torch.equal(relu_linear_attention(q, q, q), q)
