import os
import subprocess
import sys

from support.sources import SOURCE_ROOTS

# In a process of its own: what is imported stays imported.
CODE = """
import builtins, linecache
from sana_desktop.ui.basics.plain_imports import load_qt_with_plain_imports
if {plain}: load_qt_with_plain_imports()
from PySide6.QtWidgets import QApplication, QLabel
import sana_desktop.ui.window.main_window
print("feature" in builtins.__import__.__name__, any("drawing_desk" in name for name in linecache.cache))
label = QLabel if QApplication(["test"]) else None
assert label("text").text() == "text"
"""


def printed(plain: bool) -> str:
    result = subprocess.run(
        [sys.executable, "-c", CODE.format(plain=plain)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS)), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_no_source_is_read_for_qt() -> None:
    assert printed(plain=True) == "False False"


def test_the_check_sees_the_hook_when_it_is_there() -> None:
    # When this fails, Qt for Python has no such hook any more, and the workaround can go.
    assert printed(plain=False) == "True True"
