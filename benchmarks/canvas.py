"""How long the window stands still while bad things are dropped on it, and what painting the canvas costs.

    QT_QPA_PLATFORM=offscreen PYTHONPATH=.:tests python -m benchmarks.canvas --csv benchmarks/results/canvas.csv

For each dropped thing: the longest gap in ms between two ticks of a timer of 1 ms on the window's thread, from the
drop until the panel or the message is there, and by how many MiB the peak of the process's memory grew (VmHWM of
Linux). For painting: the median in ms on a canvas of 900 x 800. The things are made by another process.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.record import append_row
from sana_desktop.ui.basics.lasting_constants import make_constants_last
from sana_desktop.ui.canvas.canvas_view import CanvasView
from sana_desktop.ui.inspect.inspector import Inspector
from support.foreign_pictures import bad_inputs, png_with, write_enormous_png
from support.ui_pictures import fruit

QUIET_MS = 150
LONG_PROMPT = "a red fox in deep snow, " * 40_000
SECONDS_TO_MAKE = 120


class Probe:
    """Ticks every millisecond and remembers the longest time between two ticks."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin anew."""
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def wait(ms: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def peak_mib() -> int:
    """The most memory that the process had so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def make_things(folder: Path) -> None:
    """Write everything that is dropped."""
    bad_inputs(folder)
    write_enormous_png(folder / "enormous.png")
    parameters = f"{LONG_PROMPT}\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7"
    (folder / "long prompt.png").write_bytes(png_with(parameters=parameters))
    (folder / "plain.png").write_bytes(png_with(parameters=parameters[-100:]))


def measure_drops(folder: Path, tell: Callable[[str, float, str], None]) -> None:
    """Drop one thing after the other."""
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    inspector = Inspector(window)
    answers: list[object] = []
    inspector.failed.connect(answers.append)
    probe = Probe()
    wait(QUIET_MS)
    probe.start()
    wait(QUIET_MS)
    tell("drop nothing", 1000 * probe.longest, "")
    things = {path.stem: path for path in sorted(folder.iterdir())} | {"missing": folder / "missing.png"}
    for name, path in things.items():
        answers.clear()
        before = peak_mib()
        probe.start()
        inspector.inspect(path)
        while not answers and not (inspector.panel is not None and inspector.panel.isVisible()):
            wait(5)
        wait(QUIET_MS)
        probe.stop()
        what = str(answers[0]) if answers else "shown"
        tell(f"drop {name}", 1000 * probe.longest, f"+{peak_mib() - before} MiB, {what[:60]}")
        if inspector.panel is not None:
            inspector.panel.close()
    probe.start()
    for _ in range(100):
        inspector.inspect(things["long prompt"])
    wait(1000)
    tell("drop 100 at once", 1000 * probe.longest, "")
    inspector.close()
    window.close()


def milliseconds(work: Callable[[], object], times: int = 30) -> float:
    """The median time of a call."""
    taken: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def measure_painting(tell: Callable[[str, float, str], None]) -> None:
    """Paint a canvas as large as a usual window has it."""
    canvas = CanvasView(animated=True)
    canvas.resize(900, 800)
    canvas.show()
    screen = QImage(canvas.size(), QImage.Format.Format_RGB32)

    def paint() -> None:
        canvas.render(screen)

    for side in (32, 256):
        frames = [fruit(side), fruit(side).rgbSwapped()]

        def preview(pair: list[QImage] = frames) -> None:
            pair.reverse()
            canvas.show_preview(pair[0])

        tell(f"take a preview of {side} px", milliseconds(preview), "enlarge, and keep what is seen for the fade")
        # Nothing but a measurement stops a fade in the middle.
        canvas._fade._animation.pause()  # pyright: ignore[reportPrivateUsage]
        tell(f"paint a preview of {side} px, fading", milliseconds(paint), "at most every 16 ms for 120 ms")
        canvas._fade.stop()  # pyright: ignore[reportPrivateUsage]
        tell(f"paint a preview of {side} px", milliseconds(paint), "")
    for side in (1024, 4096):
        image = fruit(side).convertToFormat(QImage.Format.Format_RGB888)

        def first(picture: QImage = image) -> None:
            canvas.show_picture(picture, Path("fox.png"))
            paint()

        tell(f"first paint of a picture of {side} px", milliseconds(first, 7), "made smaller")
        tell(f"next paint of a picture of {side} px", milliseconds(paint), "")
    canvas.close()


def main() -> None:
    """Measure both, print, and add rows to a table if one is named."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--csv", type=Path)
    arguments.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.make is not None:
        make_things(chosen.make)
        return

    def tell(what: str, ms: float, note: str) -> None:
        print(f"{what:>40} {ms:7.2f} ms  {note}")
        if chosen.csv is not None:
            append_row(chosen.csv, {"what": what, "ms": round(ms, 2), "note": note})

    make_constants_last()
    # It must live as long as the widgets.
    app = QApplication([])
    app.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as folder:
        make = [sys.executable, "-m", "benchmarks.canvas", "--make", folder]
        subprocess.run(make, check=True, timeout=SECONDS_TO_MAKE)
        measure_drops(Path(folder), tell)
    measure_painting(tell)


if __name__ == "__main__":
    main()
