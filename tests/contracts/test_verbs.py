"""The Makefile hands on what a person typed, letter by letter."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import REPOSITORY

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose set-up does nothing and whose program prints its arguments."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup.sh").write_text("exit 0\n")
    program = tmp_path / ".venv" / "bin" / "sana-desktop"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "print(json.dumps([sys.argv[1:], os.environ['OMP_WAIT_POLICY'], os.environ.get('PROMPT')]))\n"
    )
    program.chmod(0o755)
    return tmp_path


def make(checkout: Path, *arguments: str, **variables: str) -> str:
    """What make prints where `variables` are set."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", **variables}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout


@needs_make
@pytest.mark.parametrize(
    "prompt",
    [
        "a red apple on a blue background",
        "",
        'it\'s a "big" one for $5, $(shell touch stolen), $HOME, ${x}, `touch stolen` and 100 %',
        "grüne Äpfel, 日本, \N{RED APPLE}",
        "an unclosed $(parenthesis",
        "ends in a backslash \\",
        "# not a comment; && || > file",
        "two\nlines",
        "--begins like an option",
    ],
)
def test_a_prompt_arrives_as_it_was_typed(checkout: Path, prompt: str) -> None:
    arguments, waiting, leaked = json.loads(make(checkout, "run", f"PROMPT={prompt}"))
    assert arguments == ["generate", "--", prompt]
    assert waiting == "PASSIVE"
    assert leaked is None
    assert not (checkout / "stolen").exists()


@needs_make
def test_args_are_read_by_the_shell(checkout: Path) -> None:
    printed = make(checkout, "run", "PROMPT=a cat", 'ARGS=--seed 7 --negative "it\'s $HOME"')
    assert json.loads(printed)[0] == ["generate", "--seed", "7", "--negative", "it's /nowhere", "--", "a cat"]


@needs_make
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_without_a_prompt_it_opens_the_window(checkout: Path, variable: str) -> None:
    assert json.loads(make(checkout, "run", **{variable: "some"}))[0] == ["gui"]
    printed = make(checkout, "run", "ARGS=--pack 'my pack'", **{variable: "some"})
    assert json.loads(printed)[0] == ["gui", "--pack", "my pack"]


@needs_make
@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_prompt_and_a_display_it_says_how_to_draw(checkout: Path) -> None:
    (checkout / "scripts" / "setup.sh").write_text("echo set up; exit 1\n")
    printed = make(checkout, "run")
    assert len(printed.splitlines()) == 1
    assert 'make run PROMPT="' in printed
