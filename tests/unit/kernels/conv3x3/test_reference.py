import torch
from torch.nn import functional

from sana_kernels import conv3x3
from support.tiny_models import noise


def test_it_convolves_adds_the_bias_and_finishes_what_stands_everywhere():
    x, weight, bias = noise(2, 3, 5, 7), noise(4, 3, 3, 3), noise(4, seed=1)
    expected = functional.conv2d(x, weight, bias, padding=1)
    torch.testing.assert_close(conv3x3(x, weight, bias), expected)
    added = noise(2, 5, 7, 4, seed=2)
    found = conv3x3(x, weight, bias, finish=lambda made, place: torch.relu(made) + added[place])
    torch.testing.assert_close(found, torch.relu(expected) + added.movedim(-1, 1))


def test_doubled_reads_every_position_twice_along_each_side():
    x, weight = noise(1, 3, 4, 5), noise(2, 3, 3, 3)
    enlarged = x.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    torch.testing.assert_close(conv3x3(x, weight, doubled=True), conv3x3(enlarged, weight))


def test_it_keeps_the_graph_where_gradients_are_needed():
    weight = noise(4, 3, 3, 3).requires_grad_()
    conv3x3(noise(1, 3, 60, 60), weight, finish=lambda made, _: torch.relu(made)).sum().backward()
    assert weight.grad is not None
