"""The program as a bundle starts it: looks whether it is whole, and opens the window where nothing is asked for."""

import sys
from collections.abc import Sequence

from sana_desktop.cli.boundary import say_error
from sana_desktop.cli.composition import main as run
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.errors import MachineError
from sana_desktop.system.bundle import Bundle
from sana_desktop.system.plain_message import show_message


def main(arguments: Sequence[str]) -> None:
    """Run the command line `arguments`, whose first word is the program, and leave with its exit code."""
    trouble = damage(Bundle.running())
    if trouble is not None:
        say_error(str(trouble), trouble.hint)
        # A double click has no terminal.
        if len(arguments) == 1:
            show_message("Sana Desktop", f"{trouble}\n\n{trouble.hint}")
        sys.exit(ExitCode.BAD_INPUT)
    sys.argv = with_command(arguments)
    run()


def damage(bundle: Bundle | None) -> MachineError | None:
    """What is wrong with the program's own files by their sizes, None if nothing is.

    A library that was cut off would end the process without a word as soon as it is used.
    """
    if bundle is None:
        return None
    try:
        bundle.check()
    except MachineError as error:
        return error
    return None


def with_command(arguments: Sequence[str]) -> list[str]:
    """`arguments` as they stand, and the window's command where there are none.

    `--self-test` is another name of the command.
    """
    if len(arguments) == 1:
        return [*arguments, "gui"]
    return ["self-test" if word == "--self-test" and place == 1 else word for place, word in enumerate(arguments)]
