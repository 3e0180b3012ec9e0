"""From an order to its pictures: what the prompt panel asks for goes to the queue, and what happens is shown."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from sana_desktop.domain.cancel import Stop
from sana_desktop.domain.choices import Precision
from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import BugError, KnownError, SanaError
from sana_desktop.services.saving import plan_by_settings
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.canvas.canvas_stage import CanvasStage
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from sana_desktop.ui.queue.progress_line import ProgressLine
from sana_desktop.ui.strip.film_strip import FilmStrip
from sana_desktop.ui.window.window_parts import WindowParts

PRECISION = "drawing.precision"

_log = logging.getLogger(__name__)


class DrawingDesk(QObject):
    """Lets the panel, the queue and everything that shows a job work together.

    Signals:
        pictureSaved(Picture): a picture is on the disk and shown.
        jobFailed(): a job ended with an error.
    """

    pictureSaved = Signal(object)
    jobFailed = Signal()

    def __init__(
        self,
        parts: WindowParts,
        panel: PromptPanel,
        stage: CanvasStage,
        progress: ProgressLine,
        strip: FilmStrip,
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._panel = panel
        self._stage = stage
        self._progress = progress
        self._strip = strip
        self._messages = messages
        self._saved_name = ""
        bridge, board = parts.bridge, parts.board
        # The board hears of events first: it was there before.
        bridge.jobStarted.connect(self._on_started)
        bridge.phaseStarted.connect(self._on_phase)
        bridge.stepDone.connect(self._on_step)
        bridge.previewReady.connect(self._on_preview)
        bridge.notice.connect(self._on_notice)
        bridge.pictureSaved.connect(self._on_saved)
        bridge.jobFinished.connect(self._on_finished)
        bridge.jobFailed.connect(self._on_failed)
        bridge.jobCancelled.connect(self._on_cancelled)
        board.changed.connect(self._on_board)
        panel.generateRequested.connect(self._on_generate)
        panel.generateFirstRequested.connect(self._on_generate_first)
        progress.cancelRequested.connect(self.cancel)
        progress.keepRequested.connect(self.keep)
        progress.idle(self.tr("Ready"))

    @Slot()
    def cancel(self) -> None:
        """Stop the job that is drawn, or take the next one from the queue."""
        if self._parts.board.active is not None:
            self._progress.show_stopping(keep=False)
        self._parts.board.cancel_active()

    @Slot()
    def keep(self) -> None:
        """End the job that is drawn with its picture as it stands."""
        if self._parts.board.active is not None:
            self._progress.show_stopping(keep=True)
            self._parts.board.keep_active()

    @Slot()
    def cancel_all(self) -> None:
        """Stop everything."""
        self._parts.board.cancel_all()

    @property
    def _stopping(self) -> Stop | None:
        """How the job that is drawn was asked to stop; None if it was not."""
        active = self._parts.board.active
        return None if active is None else active.stopping

    def _submit(self, order: Order, *, first: bool) -> None:
        recipe = self._precise(order.recipe)
        try:
            plan_by_settings(self._parts.settings, self._parts.paths.pictures).check(recipe)
            self._parts.queue.submit(recipe, order.count, order.batch, order.latents, first=first)
        except KnownError as error:
            self._messages.show_error(error)
            return
        self._messages.clear_passing()

    def _precise(self, recipe: Recipe) -> Recipe:
        """With the arithmetic of the preferences, where the panel leaves it open and the pack bears it."""
        wanted = Precision(self._parts.settings.choice(PRECISION))
        fits = wanted in self._panel.pack.precisions.transformer
        return replace(recipe, precision=wanted) if recipe.precision is Precision.AUTO and fits else recipe

    @Slot(object)
    def _on_generate(self, order: Order) -> None:
        self._submit(order, first=False)

    @Slot(object)
    def _on_generate_first(self, order: Order) -> None:
        self._submit(order, first=True)

    @Slot()
    def _on_board(self) -> None:
        board = self._parts.board
        self._panel.set_busy(board.busy)
        self._progress.show_queue(board.waiting, board.queue_seconds)
        if board.active is not None and board.active.resting:
            self._progress.show_paused()

    @Slot(int, object)
    def _on_started(self, job: int, recipe: Recipe) -> None:
        item = self._parts.board.item(job)
        assert item is not None
        order = item.order
        steps = recipe.stop_after or recipe.steps
        expected = self._parts.board.job_seconds
        self._progress.begin(steps, order.count, order.batch, done=item.done, expected=expected)
        self._stage.begin_job(job)

    @Slot(int, object)
    def _on_phase(self, job: int, phase: Phase) -> None:
        if self._stopping is not Stop.DISCARD:
            self._progress.show_phase(phase)

    @Slot(int, int, int)
    def _on_step(self, job: int, step: int, steps: int) -> None:
        # A step that was done before the user said stop is no news any more.
        if self._stopping is None:
            self._progress.show_step(step, steps)

    @Slot(int, int, QImage)
    def _on_preview(self, job: int, step: int, image: QImage) -> None:
        self._stage.show_preview(job, step, image)

    @Slot(int, str)
    def _on_notice(self, job: int, text: str) -> None:
        self._messages.show_passing(text)

    @Slot(int, QImage, object, object)
    def _on_saved(self, job: int, image: QImage, path: Path, picture: Picture) -> None:
        self._saved_name = path.name
        self._stage.show_picture(job, image, path, picture.recipe)
        self._strip.prepend(image, path, picture.recipe)
        self.pictureSaved.emit(picture)

    @Slot(int)
    def _on_finished(self, job: int) -> None:
        self._stage.end_job(job)
        self._progress.idle(self.tr("Saved as {name}").format(name=self._saved_name))

    @Slot(int, object)
    def _on_failed(self, job: int, error: SanaError) -> None:
        self._stage.end_job(job)
        self._progress.idle(self.tr("Stopped by an error"))
        self._messages.show_error(error)
        if isinstance(error, BugError):
            _log.error("job %d ended with a mistake of ours", job)
            self._parts.crash.report(error)
        self.jobFailed.emit()

    @Slot(int, float)
    def _on_cancelled(self, job: int, latency: float) -> None:
        self._stage.end_job(job)
        if self._parts.board.active is None:
            self._progress.show_cancelled(latency)
