"""What a person waits for first is light: no torch before something is drawn, no Qt in the terminal."""

import os
import subprocess
import sys

import pytest

from support.sources import SOURCE_ROOTS

HEAVY = ("PySide6", "torch", "transformers", "tokenizers", "bitsandbytes", "triton", "numpy.f2py")


def heavy_modules_after(statement: str) -> list[str]:
    """Which of the heavy libraries a fresh interpreter has loaded after `statement`."""
    code = f"import sys\n{statement}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return eval(result.stdout)  # noqa: S307  # a list that the line above printed


@pytest.mark.parametrize("module", ["sana_desktop.cli", "sana_desktop.domain.codec", "sana_desktop.system.paths"])
def test_importing_it_loads_no_heavy_library(module: str) -> None:
    assert heavy_modules_after(f"import {module}") == []


@pytest.mark.parametrize("module", ["sana_desktop.app", "sana_desktop.ui.window.main_window"])
def test_the_window_brings_qt_and_nothing_else_that_is_heavy(module: str) -> None:
    assert heavy_modules_after(f"import {module}") == ["PySide6"]


def test_the_check_sees_a_heavy_library_when_there_is_one() -> None:
    assert heavy_modules_after("import tokenizers") == ["tokenizers"]
