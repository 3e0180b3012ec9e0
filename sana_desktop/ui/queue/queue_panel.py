"""The queue: what is drawn, what waits, what has ended, and how long it will take."""

from PySide6.QtCore import QLocale, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from sana_desktop.services.time_left import rough_text
from sana_desktop.ui.basics.flow_layout import FlowLayout
from sana_desktop.ui.queue.board_glyphs import draw_clear, draw_cross, draw_pause, draw_play, glyph_icon
from sana_desktop.ui.queue.job_board import JobBoard
from sana_desktop.ui.queue.job_item import JobItem
from sana_desktop.ui.queue.queue_delegate import small
from sana_desktop.ui.queue.queue_menu import QueueMenu
from sana_desktop.ui.queue.queue_view import QueueView

WIDTH = 316
ICON_SIDE = 14


class QueuePanel(QWidget):
    """Shows a `JobBoard` and tells it what the user wants.

    Signals:
        recipeRequested(Recipe): the prompt panel shall take over these settings.
        pictureRequested(Path): this picture shall be shown.
    """

    recipeRequested = Signal(object)
    pictureRequested = Signal(object)

    def __init__(self, board: JobBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Queue"))
        self._board = board
        self._title = QLabel(self.tr("Queue"))
        self._count = QLabel()
        self._pause = QPushButton()
        self._cancel_all = QPushButton(self.tr("Cancel all"))
        self._clear = QPushButton(self.tr("Clear ended"))
        self._empty = QLabel(
            self.tr("Nothing is drawn and nothing waits.")
            + "\n\n"
            + self.tr("Pictures that you order appear here, in the order of their turn.")
        )
        self._view = QueueView(board.model)
        self._pages = QStackedLayout()
        self._build()
        board.changed.connect(self._on_changed)
        self._pause.clicked.connect(self._on_pause)
        self._cancel_all.clicked.connect(board.cancel_all)
        self._clear.clicked.connect(board.clear_ended)
        self._view.cancelRequested.connect(board.cancel)
        self._view.moveRequested.connect(board.move)
        self._view.nudgeRequested.connect(board.nudge)
        self._view.openRequested.connect(self._on_opened)
        self._view.menuRequested.connect(self._on_menu)
        self._on_changed()

    @property
    def summary(self) -> str:
        """What the header says."""
        return self._count.text()

    def sizeHint(self) -> QSize:
        """As wide as two lines of a prompt need."""
        return QSize(WIDTH, 3 * WIDTH)

    def menu_for(self, items: list[JobItem]) -> QueueMenu:
        """What can be done with these jobs, of which there is at least one."""
        menu = QueueMenu(items, self)
        jobs, first = [item.job for item in items], items[0]
        ended = [item.job for item in items if item.state.ended]
        menu.cancelRequested.connect(lambda: self._board.cancel([job for job in jobs if job not in ended]))
        menu.removeRequested.connect(lambda: self._board.cancel(ended))
        menu.keepRequested.connect(self._board.keep_active)
        menu.frontRequested.connect(lambda: self._board.move_first(first.job))
        menu.retryRequested.connect(lambda: [self._board.retry(job) for job in reversed(ended)])
        menu.pictureRequested.connect(lambda: self.pictureRequested.emit(first.path))
        menu.promptRequested.connect(lambda: QGuiApplication.clipboard().setText(first.order.recipe.prompt))
        menu.settingsRequested.connect(lambda: self.recipeRequested.emit(first.order.recipe))
        return menu

    @Slot()
    def _on_changed(self) -> None:
        board = self._board
        unfinished = board.waiting + (board.active is not None)
        self._count.setText(self._summary())
        self._count.setToolTip(self._count.text())
        self._pages.setCurrentIndex(1 if unfinished or board.ended else 0)
        self._pause.setText(self.tr("Continue") if board.paused else self.tr("Pause"))
        self._pause.setIcon(glyph_icon(draw_play if board.paused else draw_pause))
        self._set(self._pause, self._why_not_pause(), self._what_pause_does())
        nothing = "" if unfinished else self.tr("Nothing is drawn and nothing waits")
        self._set(self._cancel_all, nothing, self.tr("Stop what is drawn and discard what waits (Ctrl+Shift+X)"))
        no_end = "" if board.ended else self.tr("Nothing has ended yet")
        self._set(self._clear, no_end, self.tr("Take what has ended from this list; pictures stay"))

    def _summary(self) -> str:
        board = self._board
        if not board.waiting:
            # One that is alone has its time under the canvas.
            return self.tr("Paused") if board.paused else ""
        count = f"{board.waiting:,}".replace(",", QLocale().groupSeparator())
        text = self.tr("1 waiting") if board.waiting == 1 else self.tr("{n} waiting").format(n=count)
        if board.restored == board.waiting:
            text = self.tr("{waiting} from last time").format(waiting=text)
        if board.paused:
            return self.tr("Paused, {waiting}").format(waiting=text)
        if board.queue_seconds is not None:
            return self.tr("{waiting}, about {time}").format(waiting=text, time=rough_text(board.queue_seconds))
        return text

    def _why_not_pause(self) -> str:
        if self._board.paused or self._board.active is not None or self._board.waiting:
            return ""
        return self.tr("Nothing is drawn and nothing waits")

    def _what_pause_does(self) -> str:
        if self._board.paused:
            return self.tr("Draw what waits")
        return self.tr("Finish the pictures that are drawn now, and begin no others until you continue")

    def _set(self, button: QPushButton, refusal: str, what: str) -> None:
        button.setEnabled(not refusal)
        button.setToolTip(refusal or what)
        button.setAccessibleDescription(refusal or what)

    @Slot()
    def _on_pause(self) -> None:
        self._board.set_paused(not self._board.paused)

    @Slot(int)
    def _on_opened(self, job: int) -> None:
        item = self._board.item(job)
        if item is not None and item.path is not None:
            self.pictureRequested.emit(item.path)

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        items = [item for job in self._view.chosen() if (item := self._board.item(job)) is not None]
        if items:
            menu = self.menu_for(items)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _build(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._count.setAccessibleName(self.tr("What waits, and how long it will take"))
        self._count.setFont(small(self._count.font()))
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(24)
        self._empty.setForegroundRole(self._empty.palette().ColorRole.PlaceholderText)
        self._cancel_all.setIcon(glyph_icon(draw_cross))
        self._clear.setIcon(glyph_icon(draw_clear))
        header = QHBoxLayout()
        header.addWidget(self._title)
        header.addWidget(self._count, 1)
        # In a narrow panel they stand in two lines.
        tools = QWidget()
        buttons = FlowLayout(tools)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        tools.setSizePolicy(policy)
        for button in (self._pause, self._cancel_all, self._clear):
            button.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
            button.setProperty("tight", True)
            buttons.addWidget(button)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        around = QHBoxLayout()
        around.addWidget(tools)
        for line in (header, around):
            line.setContentsMargins(16, 0, 16, 0)
            column.addLayout(line)
        column.addLayout(self._pages, 1)
