"""The window: puts the widgets together and lets them talk to the queue."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QImage, QImageReader
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, OutputError, SanaError
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.saving import OutputPlan
from sana_desktop.system.packs import PackManifest
from sana_desktop.ui.bridge import EventBridge
from sana_desktop.ui.canvas_view import CanvasView
from sana_desktop.ui.film_strip import FilmStrip
from sana_desktop.ui.menus import WindowActions
from sana_desktop.ui.message_bar import MessageBar
from sana_desktop.ui.progress_line import ProgressLine
from sana_desktop.ui.prompt_panel import PromptPanel
from sana_desktop.ui.theme import Theme, apply_theme
from sana_desktop.ui.window_state import StateKeeper, WindowState, read_state

FIRST_SIZE = QSize(1280, 800)
SMALLEST_SIZE = QSize(800, 560)
PANEL_WIDTH = 340

_log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Prompt on the left, the picture in the middle, progress and film strip below it.

    `plan` says where pictures go; `state_path` is the file that keeps the draft and the window's place.
    Closing the window cancels what is running and waits for the engine's thread.
    """

    def __init__(
        self,
        queue: GenerationQueue,
        bridge: EventBridge,
        pack: PackManifest,
        plan: OutputPlan,
        state_path: Path,
        random_seed: Callable[[], int],
    ) -> None:
        super().__init__()
        self._queue = queue
        self._pack = pack
        self._plan = plan
        # Jobs that have not ended, in the order in which they will be drawn.
        self._jobs: dict[int, Order] = {}
        self._picture: tuple[QImage, Path] | None = None
        state = read_state(state_path)
        self._theme = state.theme
        self._read_notices = state.read_notices
        self._keeper = StateKeeper(state_path, self._state, self)
        self._on_theme(state.theme)

        self._banner = MessageBar()
        self._messages = MessageBar()
        self._panel = PromptPanel(pack, random_seed)
        self._canvas = CanvasView()
        self._progress = ProgressLine()
        self._strip = FilmStrip()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._actions = WindowActions(self, state.theme)
        self._build()
        self._connect(bridge)
        self._restore(state)
        self._show_state()

    def _build(self) -> None:
        picture = QWidget()
        column = QVBoxLayout(picture)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._progress)
        column.addWidget(self._strip)
        self._splitter.addWidget(self._panel)
        self._splitter.addWidget(picture)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([PANEL_WIDTH, FIRST_SIZE.width() - PANEL_WIDTH])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(10, 6, 10, 10)
        rows.addWidget(self._banner)
        rows.addWidget(self._messages)
        rows.addWidget(self._splitter, 1)
        self.setCentralWidget(whole)
        self.setMinimumSize(SMALLEST_SIZE)
        self.resize(FIRST_SIZE)

    def _connect(self, bridge: EventBridge) -> None:
        bridge.jobStarted.connect(self._on_started)
        bridge.phaseStarted.connect(self._on_phase)
        bridge.stepDone.connect(self._on_step)
        bridge.previewReady.connect(self._on_preview)
        bridge.notice.connect(self._on_notice)
        bridge.pictureSaved.connect(self._on_saved)
        bridge.jobFinished.connect(self._on_finished)
        bridge.jobFailed.connect(self._on_failed)
        bridge.jobCancelled.connect(self._on_cancelled)
        self._panel.generateRequested.connect(self._on_generate)
        self._panel.draftChanged.connect(self._keeper.touch)
        self._progress.cancelRequested.connect(self._on_cancel)
        self._strip.pictureChosen.connect(self._on_chosen)
        self._splitter.splitterMoved.connect(self._keeper.touch)
        self._banner.dismissed.connect(self._on_banner_dismissed)
        self._actions.generateRequested.connect(self._panel.generate)
        self._actions.fitRequested.connect(self._canvas.fit)
        self._actions.actualSizeRequested.connect(self._canvas.actual_size)
        self._actions.cancelRequested.connect(self._on_cancel)
        self._actions.cancelAllRequested.connect(self._on_cancel_all)
        self._actions.promptRequested.connect(self._panel.focus_prompt)
        self._actions.folderRequested.connect(self._on_open_folder)
        self._actions.themeChosen.connect(self._on_theme_chosen)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def _restore(self, state: WindowState) -> None:
        if state.geometry:
            self.restoreGeometry(QByteArray(state.geometry))
        if state.splitter:
            self._splitter.restoreState(QByteArray(state.splitter))
        self._panel.set_draft(state.draft)
        if self._pack.notice and self._notice_key() not in self._read_notices:
            self._banner.show_notice(self._pack.notice)
        self._show_picture()
        self._panel.focus_prompt()

    def _state(self) -> WindowState:
        return WindowState(
            geometry=bytes(self.saveGeometry().data()),
            splitter=bytes(self._splitter.saveState().data()),
            theme=self._theme,
            read_notices=self._read_notices,
            draft=self._panel.draft(),
        )

    def _notice_key(self) -> str:
        return f"{self._pack.id} {self._pack.version}"

    def _show_state(self, idle_text: str = "") -> None:
        """Let everything that depends on whether something is drawn say so."""
        busy = bool(self._jobs)
        self._panel.set_busy(busy)
        self._actions.set_busy(busy)
        self.setWindowTitle(self._waiting_text(len(self._jobs) - 1))
        if not busy:
            self._progress.idle(idle_text or self.tr("Ready"))

    def _waiting_text(self, waiting: int) -> str:
        if waiting < 1:
            return ""
        return self.tr("1 order waiting") if waiting == 1 else self.tr("{n} orders waiting").format(n=waiting)

    def _end(self, job: int, idle_text: str) -> None:
        del self._jobs[job]
        self._show_state(idle_text)

    def _show_picture(self) -> None:
        """Put the last whole picture back where an unfinished one was."""
        if self._picture is None:
            self._canvas.show_hint(self.tr("Describe a picture on the left and press Ctrl+Enter."))
        else:
            self._canvas.show_picture(*self._picture)

    def _show_error(self, error: SanaError) -> None:
        if isinstance(error, BugError):
            _log.error("%s\n%s", error, error.details)
        self._messages.show_error(error)

    @Slot(object)
    def _on_generate(self, order: Order) -> None:
        try:
            self._plan.check(order.recipe)
            job = self._queue.submit(order.recipe, order.count, order.batch, order.latents)
        except KnownError as error:
            self._messages.show_error(error)
            return
        self._messages.clear()
        self._jobs[job] = order
        self._show_state()

    @Slot()
    def _on_cancel(self) -> None:
        if self._jobs:
            self._queue.cancel(next(iter(self._jobs)))

    @Slot()
    def _on_cancel_all(self) -> None:
        self._queue.cancel_all()

    @Slot(int, object)
    def _on_started(self, job: int, recipe: Recipe) -> None:
        order = self._jobs[job]
        self._progress.begin(recipe.steps, order.count, order.batch)

    @Slot(int, object)
    def _on_phase(self, job: int, phase: Phase) -> None:
        self._progress.show_phase(phase)

    @Slot(int, int, int)
    def _on_step(self, job: int, step: int, steps: int) -> None:
        self._progress.show_step(step, steps)

    @Slot(int, QImage)
    def _on_preview(self, job: int, image: QImage) -> None:
        self._canvas.show_preview(image)

    @Slot(int, str)
    def _on_notice(self, job: int, text: str) -> None:
        self._messages.show_notice(text)

    @Slot(int, QImage, object, object)
    def _on_saved(self, job: int, image: QImage, path: Path, picture: Picture) -> None:
        self._picture = (image, path)
        self._canvas.show_picture(image, path)
        self._strip.prepend(image, path, picture.recipe)

    @Slot(int)
    def _on_finished(self, job: int) -> None:
        path = None if self._picture is None else self._picture[1]
        self._end(job, self.tr("Saved as {name}").format(name="" if path is None else path.name))

    @Slot(int, object)
    def _on_failed(self, job: int, error: SanaError) -> None:
        self._show_picture()
        self._show_error(error)
        self._end(job, self.tr("Stopped by an error"))

    @Slot(int, float)
    def _on_cancelled(self, job: int, latency: float) -> None:
        self._show_picture()
        self._end(job, self.tr("Cancelled, {seconds} s after you asked").format(seconds=f"{latency:.2f}"))

    @Slot(object)
    def _on_chosen(self, path: Path) -> None:
        reader = QImageReader(str(path))
        image = reader.read()
        if image.isNull():
            hint = self.tr("It may have been moved or deleted.")
            self._messages.show_error(OutputError(f"{path.name}: {reader.errorString()}.", hint=hint))
            return
        self._picture = (image, path)
        self._canvas.show_picture(image, path)

    @Slot()
    def _on_open_folder(self) -> None:
        folder = self._plan.folder
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _on_banner_dismissed(self) -> None:
        self._read_notices = (*self._read_notices, self._notice_key())
        self._keeper.touch()

    @Slot(object)
    def _on_theme_chosen(self, theme: Theme) -> None:
        self._on_theme(theme)
        self._keeper.touch()

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme)

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._on_theme(self._theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember everything, disappear, and stop the engine."""
        self._keeper.save_now()
        # The engine may need a moment to reach its next pause; nobody has to watch.
        self.hide()
        self._queue.close()
        event.accept()
