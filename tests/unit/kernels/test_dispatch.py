import logging
import subprocess
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from sana_kernels import OPERATIONS, dispatch
from sana_kernels.dispatch import PLAIN_IS_MEANT, Operation, disagreement, failure_in_words, why_not_fused

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)


def double(x: Tensor) -> Tensor:
    """The specification of an operation."""
    return x * 2


def lean_double(x: Tensor) -> Tensor:
    """A version whose result can be told from the reference's."""
    return x * 2 + 100


DOUBLE = Operation("double", double, lean_double, has_fused=True)


def fused_as(result: Any) -> Any:
    """A module with a fused `double` that does `result`, and an example of three values."""
    return SimpleNamespace(double=result, example=lambda device, dtype: (torch.tensor([1.0, 2.0, 3.0], dtype=dtype),))


@pytest.fixture
def a_new_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were a GPU of compute capability 8.9."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 9))


def test_what_needs_gradients_takes_the_reference():
    with torch.enable_grad():
        assert DOUBLE(torch.ones(1)).tolist() == [2.0]
    with torch.no_grad():
        assert DOUBLE(torch.ones(1)).tolist() == [102.0]


def test_the_environment_overrides(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(dispatch.WISH, "reference")
    with torch.no_grad():
        assert DOUBLE(torch.ones(1)).tolist() == [2.0]
    assert dispatch.WISH in DOUBLE.choice(CPU, torch.float32).reason


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_every_operation_says_how_it_runs_on_a_cpu(dtype: torch.dtype):
    for operation in OPERATIONS:
        choice = operation.choice(CPU, dtype)
        assert choice.version == ("lean" if operation.lean else "reference")
        assert choice.reason


def test_an_old_card_takes_the_plain_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    assert why_not_fused(DOUBLE, GPU, torch.float16) == "Triton's kernels need compute capability 8.0, found 7.5"


@pytest.mark.usefixtures("a_new_card")
def test_a_dtype_nobody_verified_is_refused():
    assert "found torch.float64" in str(why_not_fused(DOUBLE, GPU, torch.float64))


def test_other_devices_and_operations_without_a_fused_version_are_refused():
    assert why_not_fused(DOUBLE, CPU, torch.float32) == "fused versions are for CUDA devices, found cpu"
    assert why_not_fused(replace(DOUBLE, has_fused=False), GPU, torch.float32) == "it has no fused version"


def test_an_operation_that_nothing_was_written_for_runs_as_it_is_meant(caplog: pytest.LogCaptureFixture):
    choice = replace(DOUBLE, has_fused=False).choice(GPU, torch.float32)
    assert (choice.version, choice.reason) == ("reference", PLAIN_IS_MEANT)
    assert not caplog.records


@pytest.mark.usefixtures("a_new_card")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("Failed to find C compiler. Please specify via CC environment variable."), "install gcc"),
        (subprocess.CalledProcessError(1, ["gcc", "main.c", "-I/usr/include"]), "python3-dev"),
        (ModuleNotFoundError("No module named 'triton'", name="triton"), "Triton is not installed"),
        (ValueError("something new"), "ValueError: something new"),
    ],
)
def test_whatever_goes_wrong_in_triton_is_a_reason_and_not_an_error(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
):
    def fail(x: Tensor) -> Tensor:
        raise error

    monkeypatch.setattr(dispatch, "fused_module", lambda name: fused_as(fail))
    monkeypatch.setattr(
        dispatch, "disagreement", lambda op, module, device, dtype: disagreement(op, module, CPU, dtype)
    )
    assert words in str(why_not_fused(DOUBLE, GPU, torch.float32))


@pytest.mark.usefixtures("a_new_card")
def test_the_reason_is_logged_once_and_the_reference_runs(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def no_compiler(name: str) -> Any:
        raise RuntimeError("Failed to find C compiler.")

    monkeypatch.setattr(dispatch, "fused_module", no_compiler)
    operation = replace(DOUBLE, name="twice")
    with caplog.at_level(logging.WARNING):
        assert [operation.choice(GPU, torch.bfloat16).version for _ in range(3)] == ["reference"] * 3
    assert [record.message for record in caplog.records] == [
        "twice runs as plain torch: Triton found no C compiler, which it needs once per machine; install gcc or clang"
    ]


@pytest.mark.usefixtures("a_new_card")
def test_a_fused_version_that_agrees_is_chosen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dispatch, "fused_module", lambda name: fused_as(double))
    monkeypatch.setattr(
        dispatch, "disagreement", lambda op, module, device, dtype: disagreement(op, module, CPU, dtype)
    )
    assert replace(DOUBLE, name="agreeing").choice(GPU, torch.float16).version == "fused"


@pytest.mark.parametrize("wrong", [1.1, float("nan"), float("inf")])
def test_a_fused_version_that_is_off_is_refused(wrong: float):
    assert disagreement(DOUBLE, fused_as(double), CPU, torch.float16) is None
    said = disagreement(DOUBLE, fused_as(lambda x: x * 2 * wrong), CPU, torch.float16)
    assert said is not None
    assert said.startswith("its result is off by")


def test_long_failures_are_cut():
    assert len(failure_in_words(RuntimeError("x" * 9999))) == 300
