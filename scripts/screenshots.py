"""Makes the pictures of the window in docs/screenshots, all of them, without a display: `make screenshots`.

The window is the real one and draws with the starter pack, in a home of its own that is thrown away afterwards.
Seeds are fixed, and an unfinished picture is held at its step by the engine's thread, so what is seen does not
depend on how fast the machine is; only times and names of files do. Every start of the program is a child process,
because looks and scale are chosen at the start; they share the home, as the starts of one person do.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from PIL import Image, PngImagePlugin
from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QToolButton, QWidget

from sana_desktop.cli.composition import collaborators, prepare_environment
from sana_desktop.cli.gui import open_window
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Emit, Event, PreviewReady
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.system.settings_file import FILE_NAME
from sana_desktop.ui.basics.action_banner import ActionBanner
from sana_desktop.ui.gallery.gallery_page import GalleryPage
from sana_desktop.ui.gallery.picture_keys import Verb, Wish
from sana_desktop.ui.prompt.style_picker import StylePicker
from sana_desktop.ui.window.main_window import MainWindow

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "docs" / "screenshots"
# The starter draws emoji-like pictures; these show what it can do.
PROMPTS = (
    "a blue fish on a teal background",
    "a yellow sun on a dark blue background",
    "a slice of pizza on a purple background",
    "a red car on a green background",
    "a gold crown on a black background",
    "a red heart on a cream background",
    "a rocket on a white background",
)
APPLE = "a red apple on a blue background"
ENDLESS_SECONDS = 120
# Fades, throttles and waiting forecasts are over by then.
MS_TO_SETTLE = 900
HELD_STEP = 5
TITLE_HEIGHT, SHADOW = 30, 14


_Widget = TypeVar("_Widget", bound=QWidget)


@dataclass(frozen=True)
class Sitting:
    """One start of the program: with which look, how large, and what is done there."""

    act: "Callable[[Studio], None]"
    theme: str = "dark"
    size: tuple[int, int] = (1440, 900)
    scale: int = 1


class Hold:
    """Stops the engine's thread right after a preview, while `armed`, until `let_go`."""

    def __init__(self) -> None:
        self.armed = False
        self.reached, self._go = threading.Event(), threading.Event()

    def pass_on(self, emit: Emit, event: Event) -> None:
        """Tell of an event as the engine would have, and wait if it is the one."""
        emit(event)
        if self.armed and isinstance(event, PreviewReady) and event.step == HELD_STEP:
            self.armed = False
            self.reached.set()
            self._go.wait(ENDLESS_SECONDS)

    def arm(self) -> None:
        """Hold the next picture."""
        self.reached.clear()
        self._go.clear()
        self.armed = True

    def let_go(self) -> None:
        """Draw on."""
        self.armed = False
        self._go.set()


class HeldEngine:
    """The real engine, whose events pass the hold."""

    def __init__(self, engine: PictureEngine, hold: Hold) -> None:
        self._engine = engine
        self._hold = hold
        self.forget, self.prepare, self.close = engine.forget, engine.prepare, engine.close
        self.read_ahead = engine.read_ahead

    def generate(
        self, job: int, recipes: tuple[Recipe, ...], emit: Emit, cancel: CancelToken, latents: Path | None = None
    ) -> tuple[Picture, ...]:
        """Draw."""
        return self._engine.generate(job, recipes, partial(self._hold.pass_on, emit), cancel, latents)


class Studio:
    """The open window, and a camera."""

    def __init__(self, window: MainWindow, hold: Hold, folder: Path) -> None:
        self.window = window
        self.hold = hold
        self._folder = folder
        self._finished = 0
        for signal in (window.parts.bridge.jobFinished, window.parts.bridge.jobFailed):
            signal.connect(self._on_end)

    def _on_end(self, *_: object) -> None:
        self._finished += 1

    def until(self, is_true: Callable[[], object], what: str) -> None:
        """Let the window live until something is so."""
        deadline = QDeadlineTimer(ENDLESS_SECONDS * 1000)
        while not is_true():
            if deadline.hasExpired():
                raise RuntimeError(f"The window did not come to this: {what}.")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

    def settle(self, ms: int = MS_TO_SETTLE) -> None:
        """Let everything that fades, waits or follows come to rest."""
        deadline = QDeadlineTimer(ms)
        self.until(deadline.hasExpired, "rest")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def write(self, prompt: str, seed: int = 0, **draft: object) -> None:
        """Fill the panel."""
        usual: dict[str, object] = {"prompt": prompt, "seed": seed, "seed_locked": True, "count": 1, "styles": []}
        self.window.panel.set_draft(usual | draft)

    def draw(self, prompt: str, seed: int = 0, **draft: object) -> None:
        """Draw what the panel would draw after `write`, to the end."""
        self.write(prompt, seed, **draft)
        wanted = self._finished + 1
        self.window.panel.generate()
        self.until(lambda: self._finished >= wanted, f"“{prompt}” is drawn")

    def begin(self, prompt: str, seed: int = 0, **draft: object) -> None:
        """Draw until the step where pictures are held."""
        self.hold.arm()
        self.write(prompt, seed, **draft)
        self.window.panel.generate()
        self.until(self.hold.reached.is_set, f"step {HELD_STEP} of “{prompt}”")
        self.settle()

    def finish(self) -> None:
        """Draw everything that was begun to its end."""
        self.hold.let_go()
        board = self.window.parts.board
        self.until(lambda: not board.busy, "nothing more to draw")

    def trigger(self, text: str) -> None:
        """Choose an action of the menu."""
        for menu in self.window.menuBar().actions():
            for action in cast("QMenu", menu.menu()).actions():
                if action.text().replace("&", "") == text:
                    action.trigger()
                    return
        raise LookupError(f"The menus have no “{text}”.")

    def shoot(self, name: str, wait: int = MS_TO_SETTLE) -> None:
        """Save what is seen: the window, and over it whatever dialogs and popups are open."""
        self.settle(wait)
        picture = self.window.grab()
        for top in QApplication.topLevelWidgets():
            if top is not self.window and top.isVisible():
                put(picture, top, self.window)
        self._folder.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(self._folder / f"{name}.png")):
            raise OSError(f"{name}.png cannot be written to {self._folder}")

    def shoot_dialog(self, name: str, wait: int = MS_TO_SETTLE) -> None:
        """Save what is seen with the dialog that is open, and close it."""
        self.shoot(name, wait)
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible():
                top.close()
        self.settle(100)


def child(parent: QWidget, kind: type[_Widget]) -> _Widget:
    """The widget of this kind inside `parent`."""
    found = parent.findChild(kind)
    if found is None:
        raise LookupError(f"There is no {kind.__name__} in the window.")
    return found


def put(picture: QPixmap, top: QWidget, window: QWidget) -> None:
    """Paint a window that stands over `window` into its picture, as a desktop would: dialogs in the middle, framed."""
    small = top.grab()
    size = top.size()
    if isinstance(top, QDialog):
        corner = QPoint((window.width() - size.width()) // 2, (window.height() - size.height() + TITLE_HEIGHT) // 2)
        above = TITLE_HEIGHT
    else:
        corner, above = top.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint()), 0
    whole = QRectF(QPointF(corner) - QPointF(0, above), QSize(size.width(), size.height() + above))
    palette = top.palette()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for width in range(SHADOW, 0, -1):
        painter.setBrush(QColor(0, 0, 0, 8))
        painter.drawRoundedRect(whole.adjusted(-width, -width + 4, width, width + 4), width + 6, width + 6)
    if above:
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(whole.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        title = QRectF(whole.left(), whole.top(), whole.width(), above)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, top.windowTitle())
    painter.drawPixmap(corner, small)
    painter.end()


def first_start(studio: Studio) -> None:
    """Everything that the window can show, from the first start on."""
    window = studio.window
    studio.shoot("first-run", 2500)
    for prompt in PROMPTS:
        studio.draw(prompt)
    # What people do with a notice that they have read.
    child(child(window, ActionBanner), QToolButton).click()
    window.panel.focus_prompt()
    studio.begin(APPLE)
    studio.shoot("generating")
    studio.finish()
    studio.shoot("result")

    studio.draw("a green apple on a blue background")
    studio.trigger("Compare with the picture before")
    studio.shoot("compare-slider")
    studio.window.stage.compare_panel.next_mode()
    studio.shoot("compare-side-by-side")
    studio.window.stage.close_compare()

    queue(studio)


def queue(studio: Studio) -> None:
    """Ten orders: two are done, one is drawn, seven wait."""
    window, board = studio.window, studio.window.parts.board
    board.clear_ended()
    studio.trigger("Queue")
    studio.draw("a purple flower on a yellow background")
    studio.draw("a green tree on a pink background")
    studio.begin("a brown dog on a yellow background")
    for number, prompt in enumerate(reversed(PROMPTS)):
        studio.write(prompt, 7 + number, count=1 + 3 * (number == 1))
        window.panel.generate()
    studio.write("a silver key on a red background")
    studio.shoot("queue")
    board.cancel_all()
    studio.finish()
    studio.trigger("Queue")


def dialogs(studio: Studio) -> None:
    """Whatever opens over the window."""
    window = studio.window
    studio.write("a lighthouse in a storm, (waves:1.3) breaking over the rocks", styles=["Watercolour"])
    child(child(window, StylePicker), QPushButton).click()
    studio.shoot("styles")
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    studio.write(APPLE)
    for action, name in (
        ("Settings…", "settings"),
        ("Packs…", "packs"),
    ):
        studio.trigger(action)
        studio.shoot_dialog(name, 2000)
    foreign = studio.window.parts.paths.data / "00042-1634.png"
    write_foreign_picture(foreign, studio)
    window.open_pictures([str(foreign)])
    studio.shoot_dialog("inspect", 2000)


def error(studio: Studio) -> None:
    """A folder for pictures that is none."""
    window = studio.window
    parts = window.parts
    taken = parts.paths.data / "card"
    taken.write_text("not a folder")
    parts.settings.set("files.pictures_folder", str(taken / "pictures"))
    studio.write("a red heart on a cream background")
    window.panel.generate()
    studio.shoot("error")
    parts.settings.set("files.pictures_folder", "")


def write_foreign_picture(path: Path, studio: Studio) -> None:
    """Save a picture as another program would have, with its settings in that program's words."""
    words = (
        "a tree on a pink background, (soft light:1.2), toy, studio picture\nNegative prompt: blurry, text\n"
        "Steps: 28, Sampler: DPM++ 2M, CFG scale: 5.5, Seed: 1634, Size: 768x768, Model: some-other-model"
    )
    source = next(studio.window.parts.paths.pictures.rglob("*tree*.png"))
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", words)
    with Image.open(source) as image:
        image.resize((768, 768)).save(path, pnginfo=notes)


def second_start(studio: Studio) -> None:
    """What is seen when the program is started again, and what opens over it."""
    studio.write(APPLE)
    studio.shoot("idle", 2500)
    dialogs(studio)
    error(studio)


def gallery(name: str, studio: Studio) -> None:
    """All pictures, with stars, marks and tags; one of them in full."""
    window = studio.window
    if not any(window.parts.paths.pictures.rglob("*.png")):
        for number, prompt in enumerate(PROMPTS):
            studio.draw(prompt, number)
    studio.trigger("Gallery")
    page = next(iter(window.findChildren(GalleryPage)))
    studio.until(lambda: len(page.pictures.pictures) >= len(PROMPTS), "the pictures of the gallery")
    studio.settle()
    for place, stars in ((1, 5), (2, 3), (4, 4)):
        page.grid.go_to(place)
        page.verbs.do(Wish(Verb.RATE, stars=stars))
    page.verbs.do(Wish(Verb.FAVOURITE))
    page.verbs.do(Wish(Verb.DETAILS))
    page.grid.setFocus()
    studio.shoot(name, 2000)
    page.verbs.do(Wish(Verb.DETAILS))


def with_picture(name: str, prompt: str, studio: Studio) -> None:
    """A start in which one picture is drawn."""
    studio.draw(prompt)
    studio.shoot(name)


SITTINGS = {
    "first": Sitting(first_start),
    "idle": Sitting(second_start),
    "gallery": Sitting(partial(gallery, "gallery")),
    "gallery-light": Sitting(partial(gallery, "gallery-light-1024x700"), theme="light", size=(1024, 700)),
    "light": Sitting(partial(with_picture, "light", PROMPTS[6]), theme="light"),
    "small": Sitting(partial(with_picture, "small-1024x700", PROMPTS[2]), size=(1024, 700)),
    "large": Sitting(partial(with_picture, "scale-200", PROMPTS[5]), size=(960, 640), scale=2),
}


def sit(sitting: Sitting, folder: Path) -> int:
    """Open the window in this process and do what the sitting wants; the exit code."""
    prepare_environment(os.environ)
    hold = Hold()
    parts = collaborators()

    def make_engine(*arguments: Any, **others: Any) -> PictureEngine:
        return HeldEngine(parts.make_engine(*arguments, **others), hold)

    trouble: list[BaseException] = []

    def work(window: MainWindow) -> None:
        studio = Studio(window, hold, folder)
        try:
            sitting.act(studio)
        except BaseException as error:  # noqa: BLE001 - Qt would swallow it; it is raised again below
            trouble.append(error)
        hold.let_go()
        window.close()

    def shown(window: MainWindow) -> None:
        window.resize(*sitting.size)
        QTimer.singleShot(0, window, partial(work, window))

    code = open_window(replace(parts, make_engine=make_engine, random_seed=lambda: 1634), on_shown=shown)
    if trouble:
        raise trouble[0]
    return code


def main() -> int:
    """Make all pictures, or be the child that makes those of one sitting."""
    parser = argparse.ArgumentParser(description="Make the pictures in docs/screenshots.")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where they go (%(default)s)")
    parser.add_argument("--only", nargs="*", choices=SITTINGS, default=[*SITTINGS], help="these starts only")
    parser.add_argument("--sitting", choices=SITTINGS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.sitting:
        return sit(SITTINGS[arguments.sitting], arguments.out)
    with tempfile.TemporaryDirectory(prefix="sana-desktop-") as place:
        raw = Path(place, "raw")
        for name in arguments.only:
            start_child(name, Path(place), raw)
        size = sum(shrink(path, arguments.out / path.name) for path in sorted(raw.iterdir()))
    print(f"{size / 1e6:.1f} MB in {arguments.out}")
    return 0


def start_child(name: str, place: Path, raw: Path) -> None:
    """Let a process sit one sitting, on a screen that is large enough."""
    sitting = SITTINGS[name]
    screen = place / "screen.json"
    metrics = {"x": 0, "y": 0, "width": 3840, "height": 2400, "dpr": 1, "logicalDpi": 96, "logicalBaseDpi": 96}
    screen.write_text(json.dumps({"screens": [{"name": "paper", **metrics}]}))
    settings = place / "home" / "config" / FILE_NAME
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'[look]\ntheme = "{sitting.theme}"\nlanguage = "en"\n')
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "QT_SCALE_FACTOR": str(sitting.scale),
        "SANA_DESKTOP_HOME": str(place / "home"),
    }
    command = [sys.executable, str(Path(__file__).resolve()), "--sitting", name, "--out", str(raw)]
    subprocess.run(command, env=environment, check=True)


def shrink(source: Path, target: Path) -> int:
    """Write a picture again as small as PNG gets without losing anything; its bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as image:
        image.convert("RGB").save(target, optimize=True)
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
