"""How the terminal program ends, for scripts that want to know."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; they do not change between versions."""

    OK = 0
    # A picture that was drawn again came out otherwise, the gallery is not sound, or a part of a list was left out.
    DIFFERENT = 1
    # Input or environment: one line says what was expected and found. Wrong options count as well.
    BAD_INPUT = 2
    # A mistake of ours.
    BUG = 70
    # Ctrl+C.
    CANCELLED = 130
    # Whoever read the output went away; what shells report for a program ended by SIGPIPE.
    PIPE_CLOSED = 141
