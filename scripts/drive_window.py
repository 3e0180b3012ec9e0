"""Uses the window as its user does, with mouse and keyboard, on a screen that nobody sees.

Run it from the checkout: `.venv/bin/python scripts/drive_window.py --keep /tmp/drive`. It starts a virtual screen
and on it the program with an empty home, presses keys through the X server, and reads what a user would notice:
windows, their titles, pictures in a folder. After each act it takes a photograph and says how long the act took;
at the end it looks whether everything on the disk is as it should be. The exit code is 0 if it is.

Wants the programs Xvfb and xdotool (Debian: apt-get install xvfb xdotool), and takes about two minutes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from PIL import ImageGrab

from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import SanaError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.system.log import LOG_NAME
from sana_desktop.system.paths import HOME_VARIABLE, AppPaths

NEEDED = ("Xvfb", "xdotool")
ADVICE = "On Debian and Ubuntu: apt-get install --no-install-recommends xvfb xdotool"
NAME = "Sana Desktop"
SOURCE = "source-of-a-file"
# Wider than the window, so that there is a place next to it to drag a file from.
SCREEN = (1700, 900)
SOURCE_PLACE, SOURCE_SIDE = (1450, 100), 120
# Asking costs a process each time; more often would slow down what is watched.
POLL_SECONDS = 0.05
# The first picture of an empty home converts a text encoder before it is drawn.
PATIENCE, PATIENCE_AT_FIRST = 60.0, 300.0
# What "at once" means for cancelling, and for leaving while nothing is drawn.
SECONDS_TO_CANCEL, SECONDS_TO_QUIT = 2.0, 10.0
QUEUE = ("a blue car", "a green tree", "a yellow star", "a purple flower", "a brown dog")


class Stuck(Exception):
    """What was waited for did not come."""


@dataclass
class Act:
    """What was done, how long it took, and what is to be said about it."""

    name: str
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list[str])


def main() -> int:
    """Drive through everything; the exit code."""
    parser = argparse.ArgumentParser(description="Use the window as its user does, on a virtual screen.")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep photographs and the program's home there")
    parser.add_argument("--display", metavar=":N", help="use this screen instead of a new one")
    parser.add_argument("--visible", action="store_true", help="use the screen that you are looking at")
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.source is not None:
        return offer(options.source)
    display = os.environ.get("DISPLAY") if options.visible else options.display
    missing = missing_programs(NEEDED[1:] if display else NEEDED)
    if missing:
        print(f"Needed, and not installed: {', '.join(missing)}. {ADVICE}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sana-drive-") as temporary:
        folder = (options.keep or Path(temporary)).absolute()
        home = folder / "home"
        if home.exists():
            print(f"{home} exists; the drive begins with an empty home.", file=sys.stderr)
            return 2
        folder.mkdir(parents=True, exist_ok=True)
        with screen(display) as shown_on:
            return Drive(shown_on, home, folder).run()


def missing_programs(names: Sequence[str]) -> list[str]:
    """Those that cannot be found."""
    return [name for name in names if shutil.which(name) is None]


@contextmanager
def screen(display: str | None) -> Generator[str]:
    """The display to work on: the given one, or a new virtual screen that ends with the block."""
    if display is not None:
        yield display
        return
    width, height = SCREEN
    ours, theirs = os.pipe()
    # The server chooses a number that is free and says it once it is ready.
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ours, encoding="ascii") as said:
            number = said.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Drive:
    """One go through the program: `acts` says what was done, `problems` what was not right."""

    def __init__(self, display: str, home: Path, folder: Path) -> None:
        self.acts: list[Act] = []
        self.problems: list[str] = []
        self._display = display
        self._paths = AppPaths.below(home)
        self._home = home
        self._folder = folder
        self._environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", HOME_VARIABLE: str(home)}
        self._program: subprocess.Popen[bytes] | None = None
        self._window = ""
        self._children: list[psutil.Process] = []

    def run(self) -> int:
        """Do everything, look at the disk, and print the table; the exit code."""
        errors = self._folder / "stderr.txt"
        with errors.open("wb") as stderr:
            command = [sys.executable, "-m", "sana_desktop", "gui"]
            program = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL, stderr=stderr)
            self._program = program
            try:
                self._use(program)
            except Stuck as error:
                self.problems.append(str(error))
                self._photograph("stuck")
            finally:
                if program.poll() is None:
                    program.kill()
                program.wait()
        self._check_end(program.returncode, errors)
        for act in self.acts:
            print(f"{act.seconds:8.2f} s  {act.name}" + "".join(f"; {note}" for note in act.notes))
        for problem in self.problems:
            print(f"PROBLEM: {problem}")
        print(f"{len(self.acts)} acts, problems: {len(self.problems)}; photographs in {self._folder}")
        return 1 if self.problems else 0

    def _use(self, program: subprocess.Popen[bytes]) -> None:
        with self._act("open the window"):
            self._until(lambda: bool(self._windows()), "the window", PATIENCE)
            self._window = self._windows()[0]
            # There is nobody else to give it the keyboard where no window manager runs.
            self._do("windowfocus", self._window)
        self._draw()
        self._stop()
        self._find()
        self._queue()
        self._look_around()
        self._drop()
        self._children = psutil.Process(program.pid).children(recursive=True)
        with self._act("leave (Ctrl+Q)") as act:
            self._key("ctrl+q")
            self._until(lambda: program.poll() is not None, "the program ends", SECONDS_TO_QUIT)
            act.notes.append(f"exit code {program.returncode}")

    def _draw(self) -> None:
        with self._act("type a prompt"):
            self._type("a red apple on a blue background")
        with self._act("draw the first picture (Ctrl+Enter)"):
            self._order(1, PATIENCE_AT_FIRST)
        with self._act("draw another"):
            self._order(2)

    def _stop(self) -> None:
        with self._act("begin a picture"):
            self._key("ctrl+Return")
            self._until(lambda: self._percent() >= 5, "a twentieth of the picture")
        with self._act("cancel it (Esc)") as act:
            began = time.perf_counter()
            self._key("Escape")
            self._until_idle()
            took = time.perf_counter() - began
            act.notes.append(f"idle after {took:.2f} s")
            self._expect(took <= SECONDS_TO_CANCEL, f"cancelling took {took:.1f} s")
            self._expect(len(self._pictures()) == 2, "a cancelled picture was saved")
        with self._act("draw again"):
            self._order(3)
        with self._act("stop and keep (Ctrl+K)") as act:
            self._key("ctrl+Return")
            self._until(lambda: self._percent() >= 20, "a fifth of the picture")
            self._key("ctrl+k")
            self._until(lambda: len(self._pictures()) == 4, "the picture that is kept")
            self._until_idle()
            stops = [recipe.stop_after for recipe in self._recipes() if recipe.stop_after is not None]
            act.notes.append(f"kept after step {stops}")
            self._expect(len(stops) == 1, f"expected one picture that was ended early, found {stops}")

    def _find(self) -> None:
        with self._act("find a picture (Ctrl+F)"):
            self._key("ctrl+f")
            self._type("apple")
        with self._act("find none"):
            self._type(" zebra")
        with self._act("find no more (Esc)"):
            self._key("Escape")

    def _queue(self) -> None:
        with self._act("open the queue (Ctrl+Shift+Q)"):
            self._key("ctrl+shift+q")
        with self._act("order five"):
            for prompt in QUEUE:
                self._key("ctrl+l", "ctrl+a")
                self._type(prompt)
                self._key("ctrl+Return")
            self._until(lambda: "waiting" in self._title(), "orders that wait")
        with self._act("pause (Ctrl+Shift+P)") as act:
            self._key("ctrl+shift+p")
            self._until(lambda: "%" not in self._title(), "the picture that was begun")
            paused_at = len(self._pictures())
            act.notes.append(f"{paused_at - 4} of 5 drawn")
            self._expect("waiting" in self._title(), f"expected orders that wait, the title says “{self._title()}”")
        with self._act("go on"):
            self._expect(len(self._pictures()) == paused_at, "a paused queue began a picture")
            self._key("ctrl+shift+p")
            self._until(lambda: len(self._pictures()) == 9, "all five")
            self._until_idle()
        with self._act("close the queue"):
            self._key("ctrl+shift+q")

    def _look_around(self) -> None:
        for name, key in (("settings", "ctrl+comma"), ("packs", "ctrl+shift+m"), ("shortcuts", "F1")):
            with self._act(f"open the {name} ({key})"):
                self._key(key)
                self._until(lambda: len(self._windows()) > 1, f"the {name}")
            with self._act(f"close the {name} (Esc)"):
                self._key("Escape")
                self._until(lambda: len(self._windows()) == 1, f"the {name} to go")
                self._do("windowfocus", self._window)
        with self._act("compare (Ctrl+D)"):
            self._key("ctrl+d")
        with self._act("compare no more (Esc)"):
            self._key("Escape")

    def _drop(self) -> None:
        picture = self._pictures()[0]
        command = [sys.executable, __file__, "--source", str(picture)]
        source = subprocess.Popen(command, env=self._environment)
        try:
            self._until(lambda: bool(self._windows(SOURCE)), "something to drag")
            with self._act("drag a picture onto the window"):
                x, y = (place + SOURCE_SIDE // 2 for place in SOURCE_PLACE)
                self._do("mousemove", str(x), str(y), "mousedown", "1")
                for step in range(1, 11):
                    self._do("mousemove", str(x - step * 75), str(y + step * 25))
                    time.sleep(POLL_SECONDS)
                self._photograph("dragging")
                self._do("mouseup", "1")
                self._until(lambda: len(self._windows()) > 1, "what is inside the picture")
        finally:
            source.terminate()
            source.wait()
        with self._act("close what is inside (Esc)"):
            self._do("windowfocus", next(window for window in self._windows() if window != self._window))
            self._key("Escape")
            self._until(lambda: len(self._windows()) == 1, "it to go")
            self._do("windowfocus", self._window)

    def _check_end(self, code: int, errors: Path) -> None:
        paths = self._paths
        self._expect(code == 0, f"exit code {code}")
        said = errors.read_text(encoding="utf-8", errors="replace").strip()
        self._expect(not said, f"the program said: {said[:500]}")
        _, alive = psutil.wait_procs(self._children, timeout=SECONDS_TO_QUIT)
        self._expect(not alive, f"left running: {[process.pid for process in alive]}")
        recipes = self._recipes()
        self._expect(len(recipes) == 9, f"expected 9 pictures with a recipe inside, found {len(recipes)}")
        self._expect({*QUEUE} <= {recipe.prompt for recipe in recipes}, "an order of the queue has no picture")
        draft = paths.data / "window.json"
        self._expect(draft.is_file() and QUEUE[-1] in draft.read_text(encoding="utf-8"), "the draft was not kept")
        left = [path for path in (*paths.pictures.rglob("*"), *paths.journal.rglob("*")) if leftover(path)]
        self._expect(not left, f"left behind: {[path.name for path in left]}")
        log = paths.logs / LOG_NAME
        lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
        bad = [line for line in lines if " WARNING " in line or " ERROR " in line]
        self._expect(not bad, f"the log says: {bad[:3]}")

    @contextmanager
    def _act(self, name: str) -> Generator[Act]:
        act = Act(name)
        began = time.perf_counter()
        yield act
        act.seconds = time.perf_counter() - began
        self.acts.append(act)
        # What fades and follows has come to rest by then; not part of the act.
        time.sleep(0.4)
        self._photograph(f"{len(self.acts):02d}-{'-'.join(name.partition(' (')[0].split())}")

    def _order(self, number: int, patience: float = PATIENCE) -> None:
        self._key("ctrl+Return")
        self._until(lambda: len(self._pictures()) == number, f"picture number {number}", patience)
        self._until_idle()

    def _pictures(self) -> list[Path]:
        return sorted(path for path in self._paths.pictures.rglob("*.png") if not path.name.startswith("."))

    def _recipes(self) -> list[Recipe]:
        found: list[Recipe] = []
        for path in self._pictures():
            try:
                found.append(read_recipe(path))
            except SanaError as error:
                self.problems.append(f"{path.name}: {error}")
        return found

    def _photograph(self, name: str) -> None:
        ImageGrab.grab(xdisplay=self._display).save(self._folder / f"{name}.png")

    def _expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)

    def _until(self, holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not holds():
            if self._program is not None and self._program.poll() is not None:
                raise Stuck(f"the program ended while this was waited for: {what}")
            if time.monotonic() > deadline:
                raise Stuck(f"waited {patience:.0f} s for this: {what}; the title says “{self._title()}”")
            time.sleep(POLL_SECONDS)

    def _until_idle(self) -> None:
        self._until(lambda: self._title() == NAME, "nothing to draw")

    def _title(self) -> str:
        return self._ask("getwindowname", self._window).strip() if self._window else ""

    def _percent(self) -> int:
        return percent_in(self._title())

    def _windows(self, program: str = "sana-desktop") -> list[str]:
        """All windows of a program that can be seen."""
        return self._ask("search", "--onlyvisible", "--class", program).split()

    def _key(self, *keys: str) -> None:
        self._do("key", "--clearmodifiers", *keys)

    def _type(self, text: str) -> None:
        self._do("type", "--delay", "15", text)

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=PATIENCE)

    def _ask(self, *words: str) -> str:
        """What xdotool answers; nothing where it finds nothing."""
        command = ["xdotool", *words]
        asked = subprocess.run(command, env=self._environment, capture_output=True, check=False, timeout=PATIENCE)
        return asked.stdout.decode("utf-8", errors="replace")


def percent_in(title: str) -> int:
    """How far the picture is by the window's title, -1 while none is drawn."""
    number, percent, _ = title.partition("%")
    return int(number) if percent and number.isdecimal() else -1


def leftover(path: Path) -> bool:
    """Whether a file should be gone once nothing is drawn any more: half-written ones, and latents of pictures."""
    return path.is_file() and (path.suffix in (".part", ".partial", ".safetensors") or path.name.startswith("."))


def offer(file: Path) -> int:
    """Be another program: a small window from which `file` can be dragged, until somebody ends it."""
    # Imported here because only this process needs them.
    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QDrag, QMouseEvent
    from PySide6.QtWidgets import QApplication, QLabel

    from sana_desktop.ui.basics.lasting_constants import make_constants_last

    class Source(QLabel):
        """Starts to drag as soon as it is pressed."""

        def mousePressEvent(self, ev: QMouseEvent) -> None:
            """Drag."""
            drag, data = QDrag(self), QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(file))])
            drag.setMimeData(data)
            drag.exec()

    make_constants_last()
    app = QApplication([SOURCE])
    source = Source("drag me")
    source.setGeometry(*SOURCE_PLACE, SOURCE_SIDE, SOURCE_SIDE)
    source.show()
    return app.exec()


if __name__ == "__main__":
    raise SystemExit(main())
