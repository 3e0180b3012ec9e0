"""A guard against a fault of Qt for Python that ends the program on Python 3.11."""

import ctypes
import sys

# More calls than anybody lives to see.
MANY = 2**40


def make_constants_last() -> None:
    """Give `None` and `True` more references than Qt can take away; to be called before the first call of Qt.

    Changes nothing on Python 3.12 and newer, where constants have no counted references.
    """
    # WORKAROUND PySide6 6.12.0 (not reported yet): calls of Qt that return nothing, and each `Signal.emit`, which
    # returns True, forget to count the reference, so that after some thousand of them Python 3.11 aborts with
    # “deallocating None” or “deallocating True or False”. Remove when Python 3.12 is the oldest that is supported.
    if sys.version_info < (3, 12):
        for constant in (None, True):
            # The count is the first field of every object of CPython.
            ctypes.c_ssize_t.from_address(id(constant)).value += MANY
