"""Finding what a test left behind."""

import threading


def threads_left(before: set[threading.Thread], seconds: float) -> list[str]:
    """Names of the threads younger than `before` that would keep the program from ending after that many seconds."""
    leaked = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in leaked:
        thread.join(seconds)
    return [thread.name for thread in leaked if thread.is_alive()]
