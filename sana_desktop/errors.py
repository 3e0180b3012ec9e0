"""The error tree.

SanaError
|-- KnownError            the world or the input: shown as one line with a hint, exit code 2
|   |-- RecipeError       a value of a recipe that cannot be drawn
|   |   `-- PromptListError   a line of a prompt list that was not understood
|   |-- PackError         a pack that is unknown, incomplete or broken
|   |   `-- WeightsError  a weights file that is missing keys, truncated or dangerous
|   |-- FetchError        a file that could not be fetched from elsewhere
|   |-- MachineError      the machine lacks something (memory, a folder that can be written)
|   `-- OutputError       a picture could not be written
|-- JobCancelledError     the user asked to stop; not a failure
`-- BugError              ours: crash report, exit code 70
"""


class SanaError(Exception):
    """Root of every error that this program raises on purpose."""


class KnownError(SanaError):
    """Environment or input: says what was expected and what was found; `hint` says what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class RecipeError(KnownError):
    """A value of a recipe that cannot be drawn (size, steps, seed, ...)."""


class PromptListError(RecipeError):
    """A line of a prompt list that was not understood; `column` (1-based) is where in the line."""

    def __init__(self, message: str, *, column: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.column = column


class PackError(KnownError):
    """A pack that is unknown, incomplete or broken."""


class WeightsError(PackError):
    """A weights file that is truncated, has the wrong keys, or would run code."""


class FetchError(KnownError):
    """Something could not be fetched from another machine, or is not what was promised."""


class MachineError(KnownError):
    """The machine lacks something that the job needs."""


class OutputError(KnownError):
    """A picture could not be written; nothing half-written is left behind."""


class JobCancelledError(SanaError):
    """The user asked to stop. Raised inside the engine, caught at the worker boundary."""


class BugError(SanaError):
    """An error of ours; `details` carries the traceback for the crash report."""

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.details = details
