"""What the queue's journal has to say to the user: nothing, unless its file or the disk gives trouble."""

from PySide6.QtCore import QObject, QTimer, Slot

from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.queue.job_board import JobBoard

MS_BETWEEN_LOOKS = 500


class JournalWatch(QObject):
    """Looks at `journal` shortly after the queue has changed, because it writes on a thread of its own."""

    def __init__(self, journal: QueueJournal, board: JobBoard, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._journal = journal
        self._messages = messages
        # Told by whoever opened the journal.
        self._told = journal.notice
        self._rest = QTimer(self, interval=MS_BETWEEN_LOOKS, singleShot=True)
        self._rest.timeout.connect(self.look)
        board.changed.connect(self._on_changed)

    @Slot()
    def look(self) -> None:
        """Show what is new."""
        trouble = self._journal.take_trouble()
        if trouble is not None:
            self._messages.show_notice(trouble)
        elif self._journal.notice != self._told:
            self._told = self._journal.notice
            self._messages.show_notice(self._told)

    @Slot()
    def _on_changed(self) -> None:
        if not self._rest.isActive():
            self._rest.start()
