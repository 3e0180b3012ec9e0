import os
import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop import __version__
from sana_desktop.cli import composition
from sana_desktop.cli.collaborators import ImportPack, MakeEngine
from sana_desktop.errors import PackError
from sana_desktop.system.packs import read_pack
from sana_desktop.system.paths import AppPaths

REAL_ENGINE: MakeEngine = composition.make_engine
REAL_IMPORT: ImportPack = composition.import_pack


def start(*arguments: str, home: Path, stdout: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    """The real program in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in composition.ENVIRONMENT}
    return subprocess.Popen(
        [sys.executable, "-m", "sana_desktop", *arguments],
        env=environment | {"SANA_DESKTOP_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_the_program_starts_as_a_module(tmp_path: Path):
    with start("--version", home=tmp_path) as process:
        out, err = process.communicate()

    assert (process.returncode, out, err) == (0, f"sana-desktop {__version__}\n", "")


def test_bad_input_reaches_the_shell_as_exit_code_2(tmp_path: Path):
    with start("generate", "fox", "--size", "100x100", home=tmp_path) as process:
        out, err = process.communicate()

    assert (process.returncode, out) == (2, "")
    assert err == "error: Width 100 is not a multiple of 32. Nearest: 96 or 128.\n"


@pytest.mark.parametrize("arguments", [("--help",), ("packs", "info", "starter")])
def test_a_reader_that_goes_away_is_no_reason_to_complain(tmp_path: Path, arguments: tuple[str, ...]):
    read_end, write_end = os.pipe()
    os.close(read_end)
    with start(*arguments, home=tmp_path, stdout=write_end) as process:
        os.close(write_end)
        _, err = process.communicate()

    assert (process.returncode, err) == (141, "")


def test_the_environment_is_set_before_anything_runs_and_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch):
    for name in composition.ENVIRONMENT:
        # Set first, so that pytest takes back what the program sets.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setattr(sys, "argv", ["sana-desktop", "--version"])

    with pytest.raises(SystemExit) as caught:
        composition.main()

    assert caught.value.code == 0
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_the_starter_pack_ships():
    assert read_pack(composition.shipped_packs()).missing_parts() == ()


def test_the_real_engine_and_machine_answer(tmp_path: Path):
    engine = composition.make_engine(AppPaths.below(tmp_path), lambda name: read_pack(composition.shipped_packs()))
    engine.close()
    machine = composition.inspect_machine()

    assert "device" in dict(machine.lines)
    assert [part for part, _, _ in machine.precisions(read_pack(composition.shipped_packs()))] == [
        "transformer",
        "text encoder",
        "autoencoder",
    ]


def test_the_real_importer_refuses_what_is_no_pack(tmp_path: Path):
    with pytest.raises(PackError):
        composition.import_pack(tmp_path / "nothing", tmp_path / "packs")
    assert not (tmp_path / "packs").exists()
