"""The window's composition root: makes the collaborators, shows the window, and takes everything down again."""

import os
import sys
from collections.abc import Callable, MutableMapping
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import PictureSaver, plan_output
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.ui.bridge import EventBridge
from sana_desktop.ui.lasting_true import make_true_last
from sana_desktop.ui.main_window import MainWindow
from sana_desktop.ui.probe import StartProbe
from sana_desktop.ui.stop_signals import StopSignals
from sana_desktop.ui.window_state import FILE_NAME

# How long a thread may hold the interpreter while another waits. With Python's own 5 ms a busy engine
# delays the window three times as long.
SECONDS_PER_TURN = 0.0005


def run_window(
    *,
    paths: AppPaths,
    pack: PackManifest,
    make_engine: Callable[[], PictureEngine],
    random_seed: Callable[[], int],
    probe: Path | None = None,
) -> int:
    """Show the window until it is closed and return the exit code; no thread survives.

    `make_engine` is called on the engine's thread at the first job. With `probe`, start-up times are
    written there and the window closes again.
    """
    make_true_last()
    leave_a_core_to_the_window(os.environ)
    sys.setswitchinterval(SECONDS_PER_TURN)
    start = None if probe is None else StartProbe(probe)
    if start is not None:
        start.mark("imports")
    app = _application()
    plan = plan_output(None, paths.pictures)
    bridge = EventBridge()
    engine_factory = partial(_make_quietly, make_engine)
    with GenerationQueue(engine_factory, PictureSaver(plan), bridge.listener) as queue, StopSignals() as stop:
        window = MainWindow(queue, bridge, pack, plan, paths.data / FILE_NAME, random_seed)
        if start is not None:
            start.mark("window_made")
            start.written.connect(window.close)
            start.watch(window)
        stop.received.connect(window.close)
        window.show()
        code = app.exec()
    # The window goes before the application does, whatever Python's collector thinks of it.
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)
    return code


def leave_a_core_to_the_window(environment: MutableMapping[str, str]) -> None:
    """Let torch, which reads this when it is imported, use all cores but one; what the user has set stays."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    environment.setdefault("OMP_NUM_THREADS", str(max(1, cores - 1)))
    # Spinning threads would take the last core as well.
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _make_quietly(make_engine: Callable[[], PictureEngine]) -> PictureEngine:
    # Importing torch makes a million lasting objects: collecting meanwhile would hold up the window.
    with gc_paused():
        return make_engine()


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["sana-desktop"])
    app.setApplicationName("sana-desktop")
    app.setApplicationDisplayName("Sana Desktop")
    app.setDesktopFileName("sana-desktop")
    return app
