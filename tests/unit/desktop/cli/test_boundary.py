from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sana_desktop.cli.boundary import PoliteGroup, one_line, reporting
from sana_desktop.errors import BugError, JobCancelledError, KnownError


def run(work: Callable[[], None], logs: Path, *arguments: str) -> Result:
    """The result of a program with one command that does `work`."""
    app = typer.Typer(cls=PoliteGroup, rich_markup_mode=None)

    @app.callback()
    def start() -> None:
        pass

    @app.command()
    def work_(number: int = 1) -> None:
        with reporting(logs):
            work()

    return CliRunner().invoke(app, arguments or ("work-",), catch_exceptions=False)


def failing(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_success_is_silent(tmp_path: Path):
    result = run(lambda: None, tmp_path)

    assert (result.exit_code, result.output) == (0, "")


def test_an_error_of_the_user_is_one_line_and_a_hint(tmp_path: Path):
    result = run(failing(KnownError("Width 1 is\nwrong.", hint="Take 32.")), tmp_path)

    assert result.exit_code == 2
    assert result.stderr == "error: Width 1 is wrong.\nhint: Take 32.\n"
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())


def test_an_error_without_a_hint_is_one_line(tmp_path: Path):
    assert run(failing(KnownError("No.")), tmp_path).stderr == "error: No.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("work-", "--number", "x"), "--number"),
        (("work-", "--numbr", "1"), "--numbr"),
        (("word-",), "word-"),
        ((), ""),
    ],
)
def test_wrong_options_are_one_line_and_a_hint(tmp_path: Path, arguments: tuple[str, ...], told: str):
    result = run(lambda: None, tmp_path, *arguments) if arguments else run(failing(typer.BadParameter("")), tmp_path)

    lines = result.stderr.splitlines()
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in lines] == ["error", "hint"]
    assert told in lines[0]
    assert result.stdout == ""


def test_a_bug_of_the_engine_is_short_and_its_details_are_in_the_log(tmp_path: Path):
    result = run(failing(BugError("Oops.", details="Traceback (most recent call last): deep inside")), tmp_path)

    assert result.exit_code == 70
    assert result.stderr.startswith("error: Sana Desktop made a mistake: Oops.\nhint: The details are in ")
    log = tmp_path / "sana-desktop.log"
    assert str(log) in result.stderr
    assert "deep inside" in log.read_text(encoding="utf-8")


def test_a_bug_anywhere_else_is_told_in_the_same_way(tmp_path: Path):
    result = run(failing(ZeroDivisionError("division by zero")), tmp_path)

    assert result.exit_code == 70
    assert "mistake: ZeroDivisionError: division by zero" in result.stderr
    assert "in work" in (tmp_path / "sana-desktop.log").read_text(encoding="utf-8")


def test_details_are_printed_when_no_log_can_be_written(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    result = run(failing(BugError("Oops.", details="deep inside")), tmp_path / "file")

    assert result.exit_code == 70
    assert "deep inside\nerror:" in result.stderr
    assert "details are above" in result.stderr


@pytest.mark.parametrize("error", [JobCancelledError("cancelled"), KeyboardInterrupt(), typer.Abort()])
def test_being_stopped_has_its_own_code(tmp_path: Path, error: BaseException):
    assert run(failing(error), tmp_path).exit_code == 130


def test_a_broken_pipe_is_quiet(tmp_path: Path):
    result = run(failing(BrokenPipeError()), tmp_path)

    assert (result.exit_code, result.output) == (141, "")
    assert not list(tmp_path.iterdir())


def test_an_exit_keeps_its_code(tmp_path: Path):
    assert run(failing(typer.Exit(5)), tmp_path).exit_code == 5


def test_text_of_strangers_cannot_command_the_terminal():
    assert one_line("a\n  b\tc") == "a b c"
    assert one_line("\x1b[2Jred \ud800") == "\ufffd[2Jred \ufffd"
    assert one_line("Ä 狐 \U0001f98a") == "Ä 狐 \U0001f98a"
