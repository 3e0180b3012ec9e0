"""Imports at their usual speed, although Qt for Python is loaded."""

import builtins
from typing import cast


def load_qt_with_plain_imports() -> None:
    """Load Qt, and take its hook out of Python's `import`; to be called before anything else brings Qt.

    The hook looks whether a module wants Qt's names in another spelling (`from __feature__ import snake_case`),
    which nothing here does. For that it reads the source of every module that is imported from then on, torch's
    included, and keeps the text: 0.1 s until the window is there, and then a sixth of the time and 40 MB that
    torch takes, measured with PySide6 6.12.
    """
    # Imported here because its coming is what puts the hook in place.
    import PySide6.QtCore  # noqa: F401  # pyright: ignore[reportUnusedImport]

    plain = cast(object, getattr(builtins, "__orig_import__", None))
    # Releases that have no hook have no such name either.
    if callable(plain):
        builtins.__import__ = plain  # pyright: ignore[reportAttributeAccessIssue]
