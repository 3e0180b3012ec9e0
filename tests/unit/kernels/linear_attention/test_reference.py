import pytest
import torch
from torch import Tensor

from sana_kernels import relu_linear_attention
from support.tiny_models import noise


def _naive(q_BHNC: Tensor, k_BHNC: Tensor, v_BHNC: Tensor, eps: float = 1e-15) -> Tensor:
    """One token at a time, as the formula is written, in fp64."""
    q, k, v = q_BHNC.double().relu(), k_BHNC.double().relu(), v_BHNC.double()
    out = torch.zeros_like(v)
    for token in range(q.shape[2]):
        weights = (q[:, :, token, None, :] * k).sum(dim=-1)
        weighted = (weights[..., None] * v).sum(dim=2)
        out[:, :, token] = weighted / (weights.sum(dim=-1, keepdim=True) + eps)
    return out


# Tokens and channels of every parity, one of each, and the 41 x 341 positions of a wide picture's latents.
@pytest.mark.parametrize(("tokens", "channels"), [(1, 1), (1, 32), (7, 5), (63, 32), (64, 32), (65, 33)])
def test_it_equals_the_formula_one_token_at_a_time(tokens: int, channels: int):
    q, k, v = (noise(2, 3, tokens, channels, seed=seed) for seed in range(3))
    expected = _naive(q, k, v)
    found = relu_linear_attention(q, k, v)
    assert found.dtype is torch.float32
    assert (found.double() - expected).abs().max() <= 1e-4 * expected.abs().max()


def test_queries_and_values_may_be_strided_views():
    rows = noise(2, 7, 3 * 4 * 5).view(2, 7, 3, 4, 5)
    q, k, v = (part.transpose(1, 2) for part in rows.unbind(2))
    apart = relu_linear_attention(q.contiguous(), k.contiguous(), v.contiguous())
    torch.testing.assert_close(relu_linear_attention(q, k, v), apart, rtol=1e-5, atol=1e-6)


def test_a_query_that_sees_nothing_reads_zero():
    q, k, v = (noise(1, 2, 9, 4, seed=seed) for seed in range(3))
    q[:, :, 3] = -1.0
    found = relu_linear_attention(q, k, v)
    assert torch.equal(found[:, :, 3], torch.zeros(1, 2, 4))
    assert torch.equal(relu_linear_attention(q, -k.abs(), v), torch.zeros_like(v))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_costs_no_more_than_rounding_the_result(dtype: torch.dtype):
    q, k, v = (noise(1, 2, 2051, 32, seed=seed).to(dtype) for seed in range(3))
    v = v + 3
    truth = _naive(q, k, v)
    found = relu_linear_attention(q, k, v)
    assert found.dtype is dtype
    # Sums over 2051 tokens in half precision would be off by several per cent; one rounding is half an ulp.
    ulp = torch.finfo(dtype).eps
    assert ((found.double() - truth).abs() <= 0.51 * ulp * truth.abs() + 1e-6).all()


def test_fp16_sums_may_leave_its_range():
    q = torch.full((1, 1, 4096, 8), 300.0, dtype=torch.float16)
    found = relu_linear_attention(q, q, q)
    assert torch.equal(found, q), "the sum of products is near 4e8; the weighted mean is 300"


def test_only_fp16_is_clipped_to_its_range():
    q = torch.ones(1, 1, 2, 1)
    v = torch.tensor([1e9, 1e9]).view(1, 1, 2, 1)
    assert torch.equal(relu_linear_attention(q, q, v), v)
    assert torch.equal(relu_linear_attention(q, q, v.bfloat16()), v.bfloat16())
    clipped = relu_linear_attention(q.half(), q.half(), torch.tensor([torch.inf, 1.0]).half().view(1, 1, 2, 1))
    assert torch.equal(clipped, torch.full_like(clipped, torch.finfo(torch.float16).max))


def test_eps_stands_in_the_denominator():
    one = torch.ones(1, 1, 1, 1)
    assert relu_linear_attention(one, one, one, eps=1.0).item() == 0.5


def test_gradients_reach_queries_keys_and_values():
    inputs = [noise(1, 2, 5, 3, seed=seed).double().add(0.5).float().requires_grad_() for seed in range(3)]
    relu_linear_attention(*inputs).square().sum().backward()
    for tensor in inputs:
        assert tensor.grad is not None
        assert torch.isfinite(tensor.grad).all()
        assert tensor.grad.abs().sum() > 0
