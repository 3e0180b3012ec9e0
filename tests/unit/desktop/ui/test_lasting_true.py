import os
import subprocess
import sys

SEND_MANY_SIGNALS = """
from PySide6.QtCore import QObject, Signal
from sana_desktop.ui.lasting_true import make_true_last

class Bell(QObject):
    rung = Signal()

make_true_last()
bell = Bell()
for _ in range(100_000):
    bell.rung.emit()
"""


def test_a_program_survives_many_signals() -> None:
    # A process of its own: the fault ends the interpreter.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        [sys.executable, "-c", SEND_MANY_SIGNALS], env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
