"""The window of the bundle, on a screen of its own, used with keys."""

import logging
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from PIL import ImageGrab

from sana_desktop.gallery.metadata import read_recipe
from support.unpacked import IS_ROOT, STRANGER, STRANGER_ID, Unpacked

pytestmark = [
    pytest.mark.bundle,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed"),
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed"),
]
PATIENCE = 900.0
_log = logging.getLogger(__name__)
KILLS, KILLS_UNTIL_DRAWN, KILLS_SEED = 24, 4, 20261127
# By then the text encoder is made, on a machine that is not too busy.
PATIENCE_FOR_ENCODER = 16.0
PROMPT = "a slice of pizza on a purple background"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    reader, writer = os.pipe()
    # By itself it starts anew whenever its last client leaves, and answers nobody meanwhile.
    command = ["Xvfb", "-noreset", "-displayfd", str(writer), "-screen", "0", "1360x860x24"]
    # A stranger may use it too; nobody comes over the network.
    command += ["-ac", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@contextmanager
def running(
    bundle: Unpacked, display: str, environment: Mapping[str, str], before: Sequence[str] = ()
) -> Generator[subprocess.Popen[bytes]]:
    """The program as a double click starts it, until the block ends."""
    command = [*before, str(bundle.program)]
    program = subprocess.Popen(command, env={"DISPLAY": display, **environment}, cwd="/", stderr=subprocess.PIPE)
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
        program.communicate()


@contextmanager
def belonging_to_a_stranger(bundle: Unpacked) -> Generator[Path]:
    """The bundle is portable until the block ends; gives the folder beside it where everything goes, theirs alone."""
    marker, home = bundle.folder / "portable.txt", bundle.folder / "home"
    marker.touch()
    home.mkdir()
    if IS_ROOT:
        os.chown(home, STRANGER_ID, STRANGER_ID)
    try:
        yield home
    finally:
        marker.unlink()
        shutil.rmtree(home)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that comes when it comes."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.2)


def ask(display: str, *words: str) -> str:
    """What xdotool answers; nothing where it finds nothing."""
    asked = subprocess.run(["xdotool", *words], env={"DISPLAY": display}, capture_output=True, text=True, check=False)
    return asked.stdout


def windows(display: str) -> list[str]:
    """The windows of the program that can be seen."""
    return ask(display, "search", "--onlyvisible", "--class", "sana-desktop").split()


def pictures(home: Path) -> list[Path]:
    """What was drawn, without what is still being written."""
    return [path for path in (home / "pictures").rglob("*.png") if not path.name.startswith(".")]


def test_what_a_stranger_with_nothing_types_becomes_a_picture_in_the_gallery(
    bundle: Unpacked, display: str, abroad: Path
) -> None:
    """Another user, no environment but the screen, a home that cannot be written, no network (where root runs this)."""
    elsewhere = abroad / "nobody's home"
    elsewhere.mkdir(mode=0o555)
    environment, before = {"HOME": str(elsewhere)}, STRANGER if IS_ROOT else ()
    with (
        belonging_to_a_stranger(bundle) as home,
        running(bundle, display, environment, before) as program,
    ):
        until(lambda: bool(windows(display)), "the window")
        (window,) = windows(display)
        ask(display, "windowfocus", window)
        ask(display, "key", "--clearmodifiers", "ctrl+l", "ctrl+a")
        ask(display, "type", "--delay", "20", PROMPT)
        _photograph(display, "bundle-typed.png")
        ask(display, "key", "--clearmodifiers", "ctrl+Return")
        until(lambda: bool(pictures(home)), "the picture")
        until(lambda: "%" not in ask(display, "getwindowname", window), "it to come to rest")
        (picture,) = pictures(home)
        assert read_recipe(picture).prompt == PROMPT
        # What fades comes to rest.
        time.sleep(1.0)
        _photograph(display, "bundle-drawn.png")
        found = bundle.run("gallery", "search", "pizza", environment=environment, before=before)
        assert found.stdout.splitlines() == [str(picture)]
        ask(display, "key", "--clearmodifiers", "ctrl+b")
        time.sleep(2.0)
        _photograph(display, "bundle-gallery.png")
        # A second start brings the window forward and leaves.
        with running(bundle, display, environment, before) as second:
            until(lambda: second.poll() is not None, "the second start to leave")
            assert second.returncode == 0
        children = psutil.Process(program.pid).children(recursive=True)
        ask(display, "windowfocus", window)
        ask(display, "key", "--clearmodifiers", "ctrl+q")
        until(lambda: program.poll() is not None, "the end")
        assert program.returncode == 0
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
        assert list(elsewhere.iterdir()) == []


def test_killed_at_any_moment_of_its_first_start_it_starts_the_next_time(
    bundle: Unpacked, display: str, tmp_path: Path
) -> None:
    """By the moments: while it is loaded, while the window comes, while the text encoder is made, after that."""
    dice = random.Random(KILLS_SEED)
    for number in range(KILLS):
        # Half of them in the first three seconds, where most happens that can go wrong.
        seconds = dice.uniform(0.0, 3.0 if number % 2 else PATIENCE_FOR_ENCODER)
        home = tmp_path / f"home {number}"
        environment = {"SANA_DESKTOP_HOME": str(home)}
        with running(bundle, display, environment) as program:
            time.sleep(seconds)
            children: list[psutil.Process] = []
            with suppress(psutil.NoSuchProcess):
                children = psutil.Process(program.pid).children(recursive=True)
            program.send_signal(signal.SIGKILL)
            program.wait()
            # None of them outlives the program.
            _, alive = psutil.wait_procs(children, timeout=20)
            assert alive == []
        _log.info("killed after %.2f s; there was %s", seconds, _what_there_is(home))
        with running(bundle, display, environment) as program:
            until(lambda: bool(windows(display)) or program.poll() is not None, "the window")
            said = b"" if program.poll() is None or program.stderr is None else program.stderr.read()
            assert program.poll() is None, f"after a kill at {seconds} s it does not start: {said}"
            program.send_signal(signal.SIGTERM)
            until(lambda: program.poll() is not None, "the end")
        # Drawing, which wants the text encoder whole, takes longer than all the rest.
        if number % KILLS_UNTIL_DRAWN == 0:
            done = bundle.run("generate", "a blue fish", "--seed", "1", environment=environment)
            assert done.returncode == 0, done.stderr
        shutil.rmtree(home)


def _what_there_is(home: Path) -> str:
    """How far a start had come, by what it has left behind."""
    encoders = [path.name for path in (home / "cache").glob("*/*") if path.is_dir()]
    return ", ".join(sorted([*(path.name for path in home.glob("*")), *encoders])) or "nothing"


def _photograph(display: str, name: str) -> None:
    """For docs/screenshots, where a folder for it is named."""
    folder = os.environ.get("SANA_BUNDLE_SCREENSHOTS")
    if folder:
        ImageGrab.grab(xdisplay=display).save(Path(folder, name), optimize=True)
