"""Python processes beside this one, for what would hold up its threads; none outlives this one.

They are spawned, so a bundle's executable can be the child too, provided that it calls
`multiprocessing.freeze_support()` before anything else.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

_SECONDS_TO_END = 5.0


class Child:
    """A running process and the pipe to it: `connection` raises EOFError or OSError once it has ended."""

    def __init__(self, process: BaseProcess, connection: "Connection[bytes, bytes]") -> None:
        self._process = process
        self.connection = connection

    @property
    def exit_code(self) -> int | None:
        """As the system gave it, negative for a signal; None while it runs. Waits a moment for one about to end."""
        self._process.join(_SECONDS_TO_END)
        return self._process.exitcode

    def end(self) -> None:
        """End the process now, whatever it is doing. May be called twice, and from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and give back what belongs to it; only once nobody uses `connection` any more."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()


def start_child(name: str, work: Callable[..., None], *arguments: str) -> Child:
    """Run `work(connection, *arguments)`, a function of a module, in a new process.

    That module and the program's main one are imported there, so both must be quick to import.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    # A daemon: should the program end without `close`, multiprocessing ends it.
    process = context.Process(target=_run, args=(work, theirs, arguments), name=name, daemon=True)
    try:
        process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        # The child has its own; while this one is open, its end would go unnoticed.
        theirs.close()
    return Child(process, ours)


def _run(work: Callable[..., None], connection: "Connection[bytes, bytes]", arguments: tuple[str, ...]) -> None:
    # Ctrl+C reaches the whole group of the terminal; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    work(connection, *arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        # Returns also when the parent was killed: the system closes its end of a pipe.
        parent.join()
        os._exit(1)
