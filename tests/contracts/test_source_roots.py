"""`models/` and `kernels/` are folders, never import names.

`kernels` is a package of Hugging Face that transformers and bitsandbytes look for when they are imported. A regular
package of that name in our tree would be run, and break them (docs/decisions/0001-source-roots.md).
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("root", "package"), [("models", "sana_models"), ("kernels", "sana_kernels")])
def test_a_source_root_holds_one_package_and_is_none_itself(repository: Path, root: str, package: str) -> None:
    folder = repository / root
    inside = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    assert inside == {package}
    assert (folder / package / "__init__.py").is_file()
    assert (folder / package / "py.typed").is_file()


@pytest.mark.parametrize("name", ["kernels", "models"])
def test_the_folder_is_never_found_as_a_regular_package(repository: Path, name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is None or spec.origin is None or not Path(spec.origin).is_relative_to(repository)


def test_transformers_does_not_take_our_folder_for_the_package_it_probes(repository: Path) -> None:
    # A process of its own in the checkout, where the folder is found first if it is found at all.
    code = (
        "import importlib.metadata as m, json, transformers.utils as u;"
        "has = any(d.metadata['Name'] == 'kernels' for d in m.distributions());"
        "print(json.dumps([has, u.is_kernels_available()]))"
    )
    environment = os.environ | {"PYTHONPATH": str(repository / "kernels")}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, env=environment, capture_output=True, text=True, check=True
    )
    installed, taken = json.loads(result.stdout)
    assert installed or not taken
