from pathlib import Path

import torch
from torch import nn

from training.loop import Pace
from training.trainee import Trainee


def trainee(layer: nn.Module, out: Path) -> Trainee:
    return Trainee(layer, out, rate=0.1, pace=Pace(100))


def test_learning_lowers_the_loss(tmp_path: Path) -> None:
    layer = nn.Linear(3, 1)
    run = trainee(layer, tmp_path)
    inputs, targets = torch.randn(16, 3), torch.randn(16, 1)
    losses: list[float] = []
    for step in range(40):
        loss = (layer(inputs) - targets).square().mean()
        losses.append(loss.item())
        run.learn(loss, step)
    assert losses[-1] < losses[0]


def test_what_needs_no_gradient_keeps_its_bits(tmp_path: Path) -> None:
    layers = nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 1))
    before = [parameter.clone() for parameter in layers.parameters()]
    trainee(layers, tmp_path).learn(layers(torch.randn(4, 2)).square().mean(), 60)
    same = [torch.equal(a, b) for a, b in zip(before, layers.parameters(), strict=True)]
    assert same == [True, True, False, False]


def test_a_saved_run_goes_on_with_its_network_optimiser_and_step(tmp_path: Path) -> None:
    one = nn.Linear(2, 1)
    first = trainee(one, tmp_path)
    first.learn(one(torch.ones(1, 2)).square().mean(), 0)
    first.save(1)
    other = nn.Linear(2, 1)
    second = trainee(other, tmp_path)
    assert second.step == 1
    for run, layer in ((first, one), (second, other)):
        run.learn(layer(torch.ones(1, 2)).square().mean(), 1)
    assert torch.equal(one.weight, other.weight)
