"""What can be done with the chosen jobs of the queue."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sana_desktop.domain.events import Phase
from sana_desktop.domain.job import JobState
from sana_desktop.ui.queue.job_item import JobItem


class QueueMenu(QMenu):
    """Actions for `items`, of which there is at least one; those that make no sense now say why.

    Signals:
        cancelRequested(), keepRequested(), retryRequested(), frontRequested(): stop, finish, repeat, hurry.
        removeRequested(): show them no longer.
        pictureRequested(), promptRequested(), settingsRequested(): show the picture, copy the prompt of the
            first, draw with its settings.
    """

    cancelRequested = Signal()
    keepRequested = Signal()
    retryRequested = Signal()
    frontRequested = Signal()
    removeRequested = Signal()
    pictureRequested = Signal()
    promptRequested = Signal()
    settingsRequested = Signal()

    def __init__(self, items: Sequence[JobItem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        states = {item.state for item in items}
        first = items[0]
        alone = "" if len(items) == 1 else self.tr("Choose a single job for that")
        if states & {JobState.QUEUED, JobState.RUNNING}:
            self._add(self.tr("Cancel"), self.cancelRequested)
        if JobState.RUNNING in states:
            running = next(item for item in items if item.state is JobState.RUNNING)
            self._add(self.tr("Stop and keep"), self.keepRequested, self.why_not_keep(running))
        if JobState.QUEUED in states:
            self._add(self.tr("Draw next"), self.frontRequested, alone)
        if states & {JobState.FAILED, JobState.CANCELLED}:
            self._add(self.tr("Try again"), self.retryRequested)
        if any(state.ended for state in states):
            self._add(self.tr("Remove from the list"), self.removeRequested)
        self.addSeparator()
        no_picture = "" if first.path is not None else self.tr("It has no picture yet")
        self._add(self.tr("Show picture"), self.pictureRequested, alone or no_picture)
        no_prompt = "" if first.order.recipe.prompt else self.tr("It is drawn without a prompt")
        self._add(self.tr("Copy prompt"), self.promptRequested, alone or no_prompt)
        self._add(self.tr("Use its settings"), self.settingsRequested, alone)

    def why_not_keep(self, item: JobItem) -> str:
        """Why the picture cannot be kept as it stands; empty if it can."""
        if item.phase in (Phase.DECODE, Phase.SAVE):
            return self.tr("All steps are done: the picture is about to come")
        return "" if item.step else self.tr("There is nothing to keep before the first step")

    def _add(self, text: str, signal: object, refusal: str = "") -> None:
        action = QAction(text, self)
        action.triggered.connect(signal)
        action.setEnabled(not refusal)
        if refusal:
            action.setToolTip(refusal)
        self.addAction(action)
