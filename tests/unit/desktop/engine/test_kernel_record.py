import pytest
import torch

from sana_desktop.engine.kernel_record import kernels_used, with_graphs
from sana_kernels import OPERATIONS, dispatch

CPU = torch.device("cpu")


def test_versions_that_differ_are_told_with_their_operations():
    text = kernels_used(CPU, torch.float32)
    assert text.startswith("lean: conv3x3 ")
    assert "; reference: " in text
    assert all(operation.name in text for operation in OPERATIONS)


def test_one_version_for_all_is_one_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(dispatch.WISH, "reference")
    assert kernels_used(CPU, torch.float32) == "reference"


def test_what_is_said_about_the_steps_stands_behind_the_kernels():
    assert with_graphs("fused", "steps replayed as CUDA graphs") == "fused; steps replayed as CUDA graphs"
    assert with_graphs("fused", "") == "fused"
