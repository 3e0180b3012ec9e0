"""A guard against a fault of Qt for Python that ends the program on Python 3.11."""

import ctypes
import sys

# More signals than anybody lives to see.
MANY = 2**40


def make_true_last() -> None:
    """Give `True` more references than signals can take away; to be called before the first signal is sent.

    Changes nothing on Python 3.12 and newer, where constants have no counted references.
    """
    # WORKAROUND PySide6 6.12.0 (not reported yet): each `Signal.emit` returns True and forgets to count the
    # reference, so that after some hundred signals Python 3.11 aborts with “deallocating True or False”.
    # Remove when Python 3.12 is the oldest that is supported.
    if sys.version_info < (3, 12):
        # The count is the first field of every object of CPython.
        ctypes.c_ssize_t.from_address(id(True)).value += MANY
