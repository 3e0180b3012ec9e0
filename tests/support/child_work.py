"""What child processes of tests do; in a file of its own because they import it."""

import os
import sys
import time
from multiprocessing.connection import Connection

from sana_desktop.engine.child_process import start_child


def echo(connection: Connection, *arguments: str) -> None:
    """Send back what came in, the arguments in front, until the other end is closed."""
    try:
        while True:
            connection.send_bytes(" ".join(arguments).encode() + connection.recv_bytes())
    except EOFError:
        return


def leave(connection: Connection, code: str) -> None:
    """End at once with an exit code."""
    sys.exit(int(code))


def leave_with_seven(connection: Connection, part: str, folder: str) -> None:
    """End like a process that the system ended."""
    sys.exit(7)


def sleep(connection: Connection) -> None:
    """Tell who this is, and do not listen any more."""
    connection.send_bytes(str(os.getpid()).encode())
    time.sleep(600)


def loaded_modules(connection: Connection) -> None:
    """Tell which libraries a child has that did nothing yet."""
    connection.send_bytes(" ".join(name for name in sys.modules if "." not in name).encode())


def parent_that_waits() -> None:
    """Start a child that is deaf, print its number, and wait to be killed."""
    child = start_child("deaf", sleep)
    print(child.connection.recv_bytes().decode(), flush=True)  # noqa: T201  # the test reads it
    time.sleep(600)


if __name__ == "__main__":
    parent_that_waits()
