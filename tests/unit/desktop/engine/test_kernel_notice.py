import pytest
import torch

from sana_desktop.engine.kernel_notice import kernel_notice
from sana_kernels import dispatch

GPU = torch.device("cuda", 0)


@pytest.fixture(autouse=True)
def forgets() -> None:
    """Choices are remembered; each of these tests meets the machine for the first time."""
    dispatch._choice.cache_clear()


def test_a_processor_is_told_nothing():
    assert kernel_notice(torch.device("cpu"), torch.float32) is None


def test_a_card_that_runs_everything_is_told_nothing(monkeypatch: pytest.MonkeyPatch):
    def agrees(operation: dispatch.Operation[...], *rest: object, **named: object) -> str | None:
        # Some have no fused version, which is as it is meant.
        return None if operation.has_fused else "it has no fused version"

    monkeypatch.setattr(dispatch, "why_not_fused", agrees)
    assert kernel_notice(GPU, torch.bfloat16) is None
    dispatch._choice.cache_clear()


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (RuntimeError("Failed to find C compiler. Please specify via CC."), "install gcc or clang"),
        (RuntimeError("fatal error: Python.h: No such file"), "install the headers of Python"),
    ],
)
def test_a_machine_without_a_compiler_or_headers_draws_on_and_is_told_once_what_to_install(
    failure: Exception, words: str, monkeypatch: pytest.MonkeyPatch
):
    def fails(name: str) -> None:
        raise failure

    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 6))
    monkeypatch.setattr(dispatch, "fused_module", fails)
    said = kernel_notice(GPU, torch.bfloat16)
    assert said is not None
    assert said.count(words) == 1
    dispatch._choice.cache_clear()
