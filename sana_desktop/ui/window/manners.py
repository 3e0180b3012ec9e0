"""What the desktop around the window notices: a title, the taskbar, a message when pictures are ready, no sleep."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from sana_desktop.domain.events import Phase
from sana_desktop.domain.picture import Picture
from sana_desktop.ui.desktop.desktop_notice import notices_for
from sana_desktop.ui.desktop.taskbar import TaskbarProgress
from sana_desktop.ui.window.drawing_desk import DrawingDesk
from sana_desktop.ui.window.window_parts import WindowParts

KEEP_AWAKE = "drawing.keep_awake"


class Manners(QObject):
    """Follows the board and the drawing desk of `window`; close it before the window goes."""

    def __init__(self, parts: WindowParts, desk: DrawingDesk, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._notice = notices_for(window, parts.settings, parts.bus)
        self._taskbar = TaskbarProgress(parts.bus, parts.settings)
        # Pictures that were saved since drawing began.
        self._ready = 0
        parts.board.busyChanged.connect(self._on_busy)
        parts.board.changed.connect(self._on_changed)
        # The board hears of them first: it was there before.
        parts.bridge.phaseStarted.connect(self._on_phase)
        parts.bridge.stepDone.connect(self._on_step)
        desk.pictureSaved.connect(self._on_saved)
        desk.jobFailed.connect(self._notice.stopped)

    def bring_to_front(self) -> None:
        """Put the window before all others."""
        self._notice.bring_back()

    def close(self) -> None:
        """Let the machine sleep again and take progress away."""
        self._taskbar.show(None)
        self._parts.awake.release()

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        if not busy:
            self._parts.awake.release()
            self._notice.pictures_ready(self._ready)
        elif self._parts.settings.flag(KEEP_AWAKE):
            self._parts.awake.acquire()
        self._ready = 0

    @Slot()
    def _on_changed(self) -> None:
        self._show_progress()

    @Slot(int, object)
    def _on_phase(self, job: int, phase: Phase) -> None:
        self._show_progress()

    @Slot(int, int, int)
    def _on_step(self, job: int, step: int, steps: int) -> None:
        self._show_progress()

    def _show_progress(self) -> None:
        board = self._parts.board
        self._window.setWindowTitle(self._title(board.waiting))
        self._taskbar.show(None if board.active is None else board.active.fraction)

    @Slot(object)
    def _on_saved(self, picture: Picture) -> None:
        self._ready += 1

    def _title(self, waiting: int) -> str:
        active = self._parts.board.active
        parts: list[str] = []
        if active is not None:
            parts.append(self.tr("{n}%").format(n=round(100 * active.fraction)))
        if waiting:
            one, many = self.tr("1 order waiting"), self.tr("{n} orders waiting").format(n=waiting)
            parts.append(one if waiting == 1 else many)
        return " · ".join(parts)
