"""The source files of the project, for the tests that look at all of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = (REPOSITORY, REPOSITORY / "models", REPOSITORY / "kernels")
PACKAGES = (
    REPOSITORY / "sana_desktop",
    REPOSITORY / "models" / "sana_models",
    REPOSITORY / "kernels" / "sana_kernels",
    REPOSITORY / "training",
    REPOSITORY / "bundling",
)


def python_files(folder: Path) -> list[Path]:
    """Every Python file below `folder`, in order; hidden folders are not ours."""
    inside = (path.relative_to(folder) for path in folder.rglob("*.py"))
    return sorted(folder / path for path in inside if not any(part.startswith(".") for part in path.parts))


def sources() -> list[Path]:
    """Every Python file of the product and its training."""
    return [path for package in PACKAGES for path in python_files(package)]


def imported_modules(path: Path) -> Iterator[str]:
    """The full names of what a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
