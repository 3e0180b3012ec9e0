"""The self-test says for each step whether it works, and does nothing to what is the user's."""

from pathlib import Path

import pytest

from sana_desktop.cli import self_test as module
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.self_test import Outcome, outcomes, show_window_unseen
from sana_desktop.domain.events import Phase
from sana_desktop.errors import MachineError
from sana_desktop.system.bundle import Bundle, list_files
from support.fake_engine import FakeEngine
from support.terminal import Terminal

STEPS = ["files", "machine", "load", "encode", "sample", "decode", "save", "metadata", "window"]


def window_at_once(collaborators: Collaborators) -> float:
    return 0.25


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The user's folder, in which nothing may change."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "show_window_unseen", window_at_once)


def test_every_step_has_a_line_and_the_code_is_0(home: Path) -> None:
    result = Terminal(home).run("self-test")
    assert result.exit_code == 0, result.output
    words = [line.split()[:2] for line in result.stdout.splitlines()]
    assert words == [["ok", step] for step in STEPS]


def test_it_leaves_the_users_folders_alone(home: Path) -> None:
    terminal = Terminal(home)
    before = sorted(home.rglob("*"))
    terminal.run("self-test")
    assert sorted(home.rglob("*")) == before


def test_it_draws_with_the_pack_that_ships_whatever_else_is_installed(home: Path) -> None:
    terminal = Terminal(home)
    terminal.run("self-test")
    ((recipe,),) = terminal.engine.batches  # pyright: ignore[reportAttributeAccessIssue]
    assert (recipe.pack, recipe.seed, recipe.prompt) == ("toy", module.SEED, module.PROMPT)


def test_a_step_that_fails_says_how_and_the_others_are_tried(home: Path) -> None:
    def fail(phase: Phase) -> None:
        if phase is Phase.DECODE:
            raise MachineError("Too little memory.", hint="Close something.")

    result = Terminal(home, FakeEngine(on_phase=fail)).run("self-test")
    assert result.exit_code == 2
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert lines[2] == ["FAIL", "decode", "Too little memory."]
    assert lines[3][:2] == ["ok", "window"]
    assert "hint: Close something." in result.stderr


def test_a_mistake_of_ours_has_its_own_code_and_goes_to_the_log(home: Path) -> None:
    def fail(phase: Phase) -> None:
        raise ZeroDivisionError("oops")

    terminal = Terminal(home, FakeEngine(on_phase=fail))
    result = terminal.run("self-test")
    assert result.exit_code == 70
    (log,) = terminal.paths.logs.glob("*.log")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert str(log) in result.stderr


def test_without_the_pack_the_rest_is_still_tried(home: Path) -> None:
    terminal = Terminal(home)
    (terminal.shipped / "toy" / "pack.toml").unlink()
    found = list(outcomes(terminal.collaborators, None, window_at_once))
    assert [outcome.step for outcome in found] == ["files", "machine", "pack", "window"]
    assert [outcome.error is None for outcome in found] == [True, True, False, True]


def test_a_bundle_is_read_to_the_last_byte(home: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "library").write_bytes(b"whole")
    (program / "files.txt").write_text(list_files(program, program / "files.txt"))
    bundle = Bundle(program, program / "files.txt")
    collaborators = Terminal(home).collaborators
    assert next(outcomes(collaborators, bundle, window_at_once)).text == "all 1 are as they were packed"
    (program / "library").write_bytes(b"wh0le")
    assert "library was changed" in next(outcomes(collaborators, bundle, window_at_once)).text


def test_folders_that_cannot_be_written_are_no_failure_but_said(home: Path) -> None:
    terminal = Terminal(home)
    terminal.paths.pictures.write_text("a file where the folder should be")
    result = terminal.run("self-test")
    assert result.exit_code == 0
    assert "note: " in result.stderr
    assert "portable.txt" in result.stderr


def test_a_line_is_one_line() -> None:
    assert Outcome("load", "broken\nin two", ValueError()).line == "FAIL  load      broken in two"


def test_the_window_is_painted_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(module.PLATFORM_VARIABLE, raising=False)
    platforms: list[str | None] = []

    def open_window(collaborators: Collaborators, *, probe: Path) -> int:
        platforms.append(module.os.environ.get(module.PLATFORM_VARIABLE))
        probe.write_text("{}")
        return 0

    monkeypatch.setattr(module, "open_window", open_window)
    assert show_window_unseen(Terminal(tmp_path).collaborators) >= 0
    assert platforms == ["offscreen"]
    assert module.PLATFORM_VARIABLE not in module.os.environ


def test_a_window_that_closes_before_it_is_painted_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_window(collaborators: Collaborators, *, probe: Path) -> int:
        return 0

    monkeypatch.setattr(module, "open_window", open_window)
    with pytest.raises(Exception, match="before it was painted"):
        show_window_unseen(Terminal(tmp_path).collaborators)
