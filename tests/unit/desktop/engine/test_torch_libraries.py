import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sana_desktop.engine import torch_libraries
from sana_desktop.engine.torch_libraries import load_torch_libraries
from support.sources import SOURCE_ROOTS


@pytest.mark.skipif(sys.platform != "linux", reason="other systems load libraries their own way")
def test_torch_finds_its_libraries_loaded_and_works() -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from sana_desktop.engine.torch_libraries import load_torch_libraries\n"
        "loaded = load_torch_libraries()\n"
        "assert 'torch' not in sys.modules\n"
        "mapped = 'libtorch_cpu.so' in Path('/proc/self/maps').read_text()\n"
        "import torch\n"
        "print(loaded, mapped, torch.ones(2, 2).matmul(torch.ones(2)).tolist())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "True True [2.0, 2.0]", done.stderr


def test_where_torch_is_loaded_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", threading)
    assert not load_torch_libraries()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_are_left_alone(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert not load_torch_libraries()


def test_a_torch_that_is_not_there_is_left_to_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(torch_libraries, "find_spec", lambda name: None)
    assert not load_torch_libraries()


def test_a_library_that_cannot_be_loaded_is_left_to_the_import(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Spec:
        origin = str(tmp_path / "torch" / "__init__.py")

    (tmp_path / "torch" / "lib").mkdir(parents=True)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(torch_libraries, "find_spec", lambda name: Spec())
    assert not load_torch_libraries()
    (tmp_path / "torch" / "lib" / "libtorch.so").write_bytes(b"no library")
    assert not load_torch_libraries()
