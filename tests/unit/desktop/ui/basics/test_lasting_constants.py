import os
import subprocess
import sys

import pytest

BEGIN = """
from PySide6.QtCore import QObject, QRect, Signal
from sana_desktop.ui.basics.lasting_constants import make_constants_last

make_constants_last()
"""
SEND_MANY_SIGNALS = """
class Bell(QObject):
    rung = Signal()

bell = Bell()
for _ in range(100_000):
    bell.rung.emit()
"""
CALL_MUCH_THAT_RETURNS_NOTHING = """
box = QRect()
for number in range(100_000):
    box.setWidth(number)
"""


@pytest.mark.parametrize("work", [SEND_MANY_SIGNALS, CALL_MUCH_THAT_RETURNS_NOTHING])
def test_a_program_survives_a_day_of_qt(work: str) -> None:
    # A process of its own: the fault ends the interpreter.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        [sys.executable, "-c", BEGIN + work], env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
