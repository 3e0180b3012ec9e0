"""Finding parts of widgets."""

from typing import TypeVar

from PySide6.QtWidgets import QWidget

_Part = TypeVar("_Part", bound=QWidget)


def part(whole: QWidget, kind: type[_Part]) -> _Part:
    """The first part of that kind; fails the test if there is none."""
    found = whole.findChild(kind)
    assert found is not None, f"no {kind.__name__} in {type(whole).__name__}"
    return found
