import os
import subprocess
import sys

import psutil
import pytest

from sana_desktop.engine.child_process import start_child
from support import child_work
from support.sources import REPOSITORY, SOURCE_ROOTS

SECONDS = 60.0


def test_a_child_works_on_what_it_is_given_and_answers() -> None:
    child = start_child("echo", child_work.echo, "you", "said: ")
    try:
        child.connection.send_bytes(b"good morning")
        assert child.connection.recv_bytes() == b"you said: good morning"
    finally:
        child.close()
    assert child.connection.closed


def test_a_child_ends_when_the_other_end_is_closed() -> None:
    child = start_child("echo", child_work.echo)
    child.connection.close()
    assert child.exit_code == 0
    child.close()


def test_a_child_that_has_ended_is_noticed_at_the_pipe() -> None:
    child = start_child("leave", child_work.leave, "3")
    with pytest.raises((EOFError, OSError)):
        child.connection.recv_bytes()
    assert child.exit_code == 3
    child.close()


def test_a_child_that_is_busy_can_be_ended() -> None:
    child = start_child("deaf", child_work.sleep)
    number = int(child.connection.recv_bytes())
    child.end()
    child.end()
    with pytest.raises((EOFError, OSError)):
        child.connection.recv_bytes()
    child.close()
    assert not psutil.pid_exists(number)


def test_a_child_is_light() -> None:
    child = start_child("light", child_work.loaded_modules)
    names = child.connection.recv_bytes().decode().split()
    child.close()
    assert "sana_desktop" in names
    assert not {"torch", "transformers", "tokenizers", "PySide6", "numpy"} & set(names)


def test_no_child_outlives_a_parent_that_was_killed() -> None:
    paths = [*SOURCE_ROOTS, REPOSITORY / "tests"]
    parent = subprocess.Popen(
        [sys.executable, "-m", "support.child_work"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        others = psutil.Process(parent.pid).children(recursive=True)
        assert child in others
        parent.kill()
    gone, alive = psutil.wait_procs(others, timeout=SECONDS)
    assert (set(gone), alive) == (set(others), [])
