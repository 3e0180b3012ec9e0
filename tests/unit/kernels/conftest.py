"""What the tests of Triton's kernels share; they run in its interpreter, see `tests/conftest.py`."""

import pytest
import torch


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill whatever is allocated without a value with NaN, or 77, so that nothing forgotten passes for a result."""

    def poisoned(allocate):
        def allocated(*args, **kwargs):
            out = allocate(*args, **kwargs)
            return out.fill_(float("nan") if out.is_floating_point() else 77)

        return allocated

    monkeypatch.setattr(torch, "empty", poisoned(torch.empty))
    monkeypatch.setattr(torch, "empty_like", poisoned(torch.empty_like))
