"""Imports point downwards, and a machine says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import PACKAGES, REPOSITORY, imported_modules, python_files, sources

# One forbidden line for each contract of pyproject.toml, and where it would stand.
VIOLATIONS = {
    "The application imports downwards": ("sana_desktop/domain", "import sana_desktop.system"),
    "Networks know kernels, kernels know nobody, and neither knows the application": (
        "kernels/sana_kernels",
        "import sana_models",
    ),
    "Only the engine uses networks, torch and text encoders": ("sana_desktop/system", "import torch"),
    "Only the window knows Qt": ("sana_desktop/engine", "import PySide6"),
    "Only the gallery, its library and the queue's journal know SQL": ("sana_desktop/system", "import sqlite3"),
    "The product never imports its oracle": ("models/sana_models", "def late():\n    import diffusers"),
}


def lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a checkout, installed or not."""
    roots = os.pathsep.join(str(checkout / root) for root in ("", "models", "kernels"))
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": roots, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    result = lint_imports(REPOSITORY)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(VIOLATIONS)} kept, 0 broken" in result.stdout


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    for package in PACKAGES[:3]:
        shutil.copytree(
            package, tmp_path / package.relative_to(REPOSITORY), ignore=shutil.ignore_patterns("__pycache__")
        )
    for number, (folder, line) in enumerate(VIOLATIONS.values()):
        (tmp_path / folder / f"violation{number}.py").write_text(f"{line}\n")
    output = lint_imports(tmp_path).stdout
    assert [name for name in VIOLATIONS if f"{name} BROKEN" not in output] == []


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    allowed = sys.stdlib_module_names | {"sana_desktop.domain", "sana_desktop.errors"}
    foreign = [
        f"{path.relative_to(REPOSITORY)}: {module}"
        for path in python_files(REPOSITORY / "sana_desktop" / "domain")
        for module in imported_modules(path)
        if not any(module == name or module.startswith(f"{name}.") for name in allowed)
    ]
    assert foreign == []


@pytest.mark.parametrize("oracle", ["diffusers", "piexif"])
def test_nothing_outside_the_tests_imports_an_oracle(oracle: str) -> None:
    guilty = [path for path in sources() if any(name.split(".")[0] == oracle for name in imported_modules(path))]
    assert guilty == []
