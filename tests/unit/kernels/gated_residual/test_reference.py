import torch

from sana_kernels import gated_residual
from support.tiny_models import noise


def test_it_adds_the_gated_branch_to_the_stream():
    x, gate, y = noise(2, 5, 7), noise(1, 1, 7), noise(2, 5, 7, seed=1)
    torch.testing.assert_close(gated_residual(x, gate, y), x + gate * y)
    assert torch.equal(gated_residual(x, torch.zeros(1, 1, 7), y), x)


def test_each_row_may_have_a_gate_of_its_own():
    x, gate, y = noise(2, 5, 7), noise(2, 1, 7), noise(2, 5, 7, seed=1)
    torch.testing.assert_close(gated_residual(x, gate, y)[1], x[1] + gate[1] * y[1])
