from pathlib import Path

import pytest

from sana_desktop import __version__
from support.terminal import Terminal


def test_the_version_is_told(tmp_path: Path):
    result = Terminal(tmp_path).run("--version")

    assert (result.exit_code, result.stdout) == (0, f"sana-desktop {__version__}\n")


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_command(tmp_path: Path, arguments: tuple[str, ...]):
    result = Terminal(tmp_path).run(*arguments)

    assert result.exit_code == 0
    for command in ("generate", "packs", "doctor", "gui"):
        assert f"\n  {command} " in result.stdout


def test_help_of_a_command_names_its_options(tmp_path: Path):
    text = Terminal(tmp_path).run("generate", "--help").stdout

    for option in (
        "negative", "size", "steps", "guidance", "seed", "solver", "pack", "precision", "conditioning", "flow-shift",
        "latents", "count", "batch", "out", "overwrite", "json",
    ):  # fmt: skip
        assert f"--{option} " in text


def test_an_unknown_command_is_answered_with_the_one_that_was_meant(tmp_path: Path):
    result = Terminal(tmp_path).run("generat")

    assert result.exit_code == 2
    assert "Did you mean 'generate'?" in result.stderr.splitlines()[0]


def test_a_group_without_a_command_is_a_mistake(tmp_path: Path):
    assert Terminal(tmp_path).run("packs").exit_code == 2
