"""What holds for every test of a widget."""

import pytest

from sana_desktop.ui.lasting_true import make_true_last


@pytest.fixture(autouse=True, scope="session")
def lasting_true() -> None:
    """Keep the interpreter alive over more signals than Qt for Python can count; see there."""
    make_true_last()
