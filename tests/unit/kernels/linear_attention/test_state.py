import pytest
import torch

from sana_kernels import relu_linear_attention
from sana_kernels.linear_attention.state import key_value_state, read_state


def _tokens(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    q, k, v = (torch.randn(2, 3, 29, 8, generator=generator).to(dtype) for _ in range(3))
    return q, k, v


@pytest.mark.parametrize("portions", [(29,), (1, 28), (10, 10, 9)])
def test_portions_give_what_all_tokens_at_once_give(portions: tuple[int, ...]):
    q, k, v = _tokens(torch.float32)
    state = None
    for keys, values in zip(k.split(portions, dim=2), v.split(portions, dim=2), strict=True):
        state = key_value_state(keys, values, state)
    assert state is not None
    read = torch.cat([read_state(queries, state) for queries in q.split(portions, dim=2)], dim=2)
    torch.testing.assert_close(read, relu_linear_attention(q, k, v), rtol=1e-5, atol=1e-6)


def test_the_sums_run_in_fp32_whatever_the_tokens_are():
    q, k, v = _tokens(torch.bfloat16)
    state = key_value_state(k, v)
    assert state.products_BHCC.dtype is torch.float32
    assert torch.equal(read_state(q, state), relu_linear_attention(q, k, v))


def test_half_precision_is_clipped_to_its_finite_range():
    q, k, v = _tokens(torch.float16)
    large = key_value_state(k * 0 + 1e-3, v * 0 + 1, key_value_state(k * 0, v.float() * 1e9))
    state = large._replace(products_BHCC=large.products_BHCC * 1e9)
    assert torch.isfinite(read_state(q.abs() + 1, state)).all()
