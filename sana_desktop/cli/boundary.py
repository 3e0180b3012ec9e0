"""The edge of the terminal program: whatever happens inside leaves as a line of text and an exit code."""

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.errors import BugError, JobCancelledError, KnownError
from sana_desktop.system.log import log_file

_log = logging.getLogger(__name__)


class PoliteGroup(TyperGroup):
    """Commands whose misuse is answered with one line, and that end quietly when nobody reads on."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and leave the program with its exit code."""
        try:
            # Not standalone: errors are raised instead of printed, and exit codes returned.
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            sys.stdout.flush()
        except typer.TyperException as error:
            say_error(error.format_message(), "Add --help to the command to see what it takes.")
            code = ExitCode.BAD_INPUT
        except typer.Abort:
            code = ExitCode.CANCELLED
        # In this mode typer leaves by itself for one reason, a pipe that broke.
        except (BrokenPipeError, SystemExit):
            _drop_output()
            code = ExitCode.PIPE_CLOSED
        sys.exit(code if isinstance(code, int) else ExitCode.OK)


@contextlib.contextmanager
def reporting(logs: Path) -> Generator[None]:
    """Turn errors of a command into lines on standard error and `typer.Exit`; bugs also go to the log."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except BrokenPipeError as error:
        _drop_output()
        raise typer.Exit(ExitCode.PIPE_CLOSED) from error
    except KnownError as error:
        say_error(str(error), error.hint)
        raise typer.Exit(ExitCode.BAD_INPUT) from error
    except JobCancelledError as error:
        raise typer.Exit(ExitCode.CANCELLED) from error
    except BugError as error:
        _report_bug(str(error), error.details or _trace(error), logs)
        raise typer.Exit(ExitCode.BUG) from error
    # The outer edge of the program: nobody else is left to handle it.
    except Exception as error:
        _report_bug(f"{type(error).__name__}: {error}", _trace(error), logs)
        raise typer.Exit(ExitCode.BUG) from error


def say(text: str) -> None:
    """Tell the person at the terminal something that is not a result."""
    typer.echo(one_line(text), err=True)


def say_error(message: str, hint: str = "") -> None:
    """One line for what is wrong and, if there is something to do, one for that."""
    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")


def one_line(text: str) -> str:
    """`text` without line breaks, and without the control characters that a hostile file may bring."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))


def _report_bug(message: str, details: str, logs: Path) -> None:
    with log_file(logs) as path:
        if path is not None:
            _log.error("%s\n%s", message, details)
    if path is None:
        typer.echo(details, err=True)
    where = "above" if path is None else f"in {path}"
    say_error(f"Sana Desktop made a mistake: {message}", f"The details are {where}; please report them.")


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _drop_output() -> None:
    """Send what is still in Python's buffers nowhere; at exit it would be written, fail and complain."""
    # Without a file behind it, as in tests, there is nothing to do.
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
