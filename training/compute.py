"""Where a stage computes, and how: fp32 on plain processors, bf16 where it is fast, compiled on a GPU."""

from contextlib import AbstractContextManager

import torch
from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.device import Device, find_device


class Compute:
    """The device of a run and the arithmetic that is fast on it (`reason` says why)."""

    def __init__(self, device: Device | None = None) -> None:
        found = device or find_device()
        self.device = found.torch_device
        self.bf16 = Precision.BF16 in found.fast
        # Emulated bf16 took ten times as long as fp32 on a processor with AVX2 only (docs/log.md).
        self.reason = found.fast.get(Precision.BF16, f"bf16 is not fast on {found.name}")
        if self.device.type == "cuda":
            # Batches keep their shapes, so the search for the fastest convolutions is made once.
            torch.backends.cudnn.benchmark = True

    def autocast(self) -> AbstractContextManager[object]:
        """Mixed precision where it pays, else nothing."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def placed(self, network: nn.Module) -> nn.Module:
        """`network` on the device, channels last."""
        network.to(self.device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        return network

    def compile(self, network: nn.Module) -> None:
        """Compile in place on a GPU; on CPUs it was slower than it saved (docs/log.md)."""
        if self.device.type == "cuda":
            network.compile()

    def batch(self, size: int) -> int:
        """How many to take at once where `size` keeps processors busy: a GPU takes eight times as many."""
        return 8 * size if self.device.type == "cuda" else size
