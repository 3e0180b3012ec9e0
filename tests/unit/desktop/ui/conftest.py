"""What holds for every test of a widget."""

import pytest

from sana_desktop.ui.basics.lasting_constants import make_constants_last


@pytest.fixture(autouse=True, scope="session")
def lasting_constants() -> None:
    """Keep the interpreter alive over more signals than Qt for Python can count; see there."""
    make_constants_last()
