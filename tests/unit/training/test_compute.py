import torch
from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.device import Device
from training.compute import Compute


def on_cpu(*fast: Precision) -> Compute:
    return Compute(Device(torch.device("cpu"), "a processor", dict.fromkeys(fast, "it has it")))


def test_bf16_is_used_only_where_it_is_fast() -> None:
    layer, given = nn.Linear(4, 4), torch.randn(2, 4)
    for compute, dtype in ((on_cpu(), torch.float32), (on_cpu(Precision.BF16), torch.bfloat16)):
        with compute.autocast():
            assert layer(given).dtype == dtype


def test_the_choice_has_a_reason() -> None:
    assert on_cpu(Precision.BF16).reason == "it has it"
    assert on_cpu().reason == "bf16 is not fast on a processor"


def test_a_network_is_placed_where_it_stands_and_channels_last() -> None:
    layer = nn.Conv2d(4, 4, 3)
    assert on_cpu().placed(layer) is layer
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)


def test_nothing_is_compiled_on_a_processor() -> None:
    layer = nn.Linear(2, 2)
    on_cpu().compile(layer)
    assert layer._compiled_call_impl is None
