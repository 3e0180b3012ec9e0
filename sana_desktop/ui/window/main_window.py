"""The window: puts the widgets in their places and the desks behind them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.errors import KnownError, MachineError, OutputError, SanaError
from sana_desktop.services.packs import PackEvent, PackShelf
from sana_desktop.services.preview_control import KIND
from sana_desktop.services.usual_recipe import usual_recipe
from sana_desktop.system.crash import Private, job_text
from sana_desktop.system.fetch.hub import chosen_endpoint
from sana_desktop.system.last_run import BadEnd
from sana_desktop.system.log import LOG_NAME
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.basics.action_banner import ActionBanner
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.canvas.canvas_stage import CanvasStage
from sana_desktop.ui.packs.pack_switcher import PackSwitcher
from sana_desktop.ui.packs.pack_texts import pack_text
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from sana_desktop.ui.queue.progress_line import ProgressLine
from sana_desktop.ui.queue.queue_panel import QueuePanel
from sana_desktop.ui.strip.film_strip import FilmStrip
from sana_desktop.ui.window.drawing_desk import DrawingDesk
from sana_desktop.ui.window.gallery_desk import GalleryDesk
from sana_desktop.ui.window.journal_watch import JournalWatch
from sana_desktop.ui.window.manners import Manners
from sana_desktop.ui.window.menus import WindowActions
from sana_desktop.ui.window.picture_desk import PictureDesk
from sana_desktop.ui.window.preferences_desk import ANIMATIONS, THEME, PreferencesDesk
from sana_desktop.ui.window.prompt_desk import PromptDesk
from sana_desktop.ui.window.update_watch import UpdateWatch
from sana_desktop.ui.window.window_parts import WindowParts
from sana_desktop.ui.window.window_state import StateKeeper, WindowState

if TYPE_CHECKING:
    from sana_desktop.ui.packs.pack_desk import PackDesk
    from sana_desktop.ui.window.list_desk import ListDesk

FIRST_SIZE = QSize(1360, 860)
SMALLEST_SIZE = QSize(860, 560)
PANEL_WIDTH, QUEUE_WIDTH = 332, 316
# Names of what the banners offer.
OFFERS, CONTINUE, DISCARD = "offers", "continue", "discard"
RESTORE = "drawing.restore_queue"


class MainWindow(QMainWindow):
    """Prompt on the left, the picture in the middle with progress and film strip below it, the queue on the right.

    `state` is how the window was left, `state_path` the file that keeps the draft and the window's place.
    Closing the window suspends what is running and waits for the engine's thread.
    """

    def __init__(self, parts: WindowParts, state: WindowState, state_path: Path) -> None:
        super().__init__()
        self._parts = parts
        self._read_notices = state.read_notices
        self._left_over_read = False
        self._preferences = PreferencesDesk(parts, self)
        self._keeper = StateKeeper(state_path, self._state, self)

        self._banner = ActionBanner(((OFFERS, self.tr("See the Sana packs")),))
        self._left_over = ActionBanner(((CONTINUE, self.tr("Continue")), (DISCARD, self.tr("Discard"))))
        self._messages = MessageBar()
        self._switcher = PackSwitcher(parts.pack)
        self.panel = PromptPanel(parts.pack, parts.random_seed, parts.history, parts.styles, header=self._switcher)
        self.stage = CanvasStage(animated=self._preferences.animated)
        self._progress = ProgressLine()
        self.strip = FilmStrip()
        self.queue_panel = QueuePanel(parts.board)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        # Drawing, and the gallery once it was opened.
        self._pages = QStackedWidget()
        self._actions = WindowActions(self, self._preferences.theme)

        self._drawing = DrawingDesk(
            parts, self.panel, self.stage, self._progress, self.strip, self._messages, parent=self
        )
        self._pictures = PictureDesk(parts, self, self.panel, self.stage, self.strip, self._messages)
        self._gallery = GalleryDesk(parts, self._pages, self.strip, self._messages, self)
        self._list_desk: ListDesk | None = None
        self._prompts = PromptDesk(parts, self.panel, self)
        self._pack_desk: PackDesk | None = None
        self._manners = Manners(parts, self._drawing, self)
        if parts.journal is not None:
            JournalWatch(parts.journal, parts.board, self._messages, self)
        self._updates = UpdateWatch(parts, self._messages, self)
        self._dialogs: dict[str, QWidget] = {}
        self._bad_end: BadEnd | None = None
        # What begins when the window has been painted, and not at all if it is closed before.
        self._begun = self._painted = False
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._on_soon)
        self._build()
        self._connect()
        self._restore(state)
        self._preferences.dress()
        parts.crash.watch(self, self._private)

    @property
    def parts(self) -> WindowParts:
        """What the window works with."""
        return self._parts

    def lists_now(self) -> "ListDesk":
        """The prompt list; it comes into being when it is first asked for."""
        if self._list_desk is None:
            from sana_desktop.ui.window.list_desk import ListDesk

            self._list_desk = ListDesk(
                self._parts, self._pages, self._messages, lambda: usual_recipe(self.panel.pack), self
            )
            self._list_desk.pictureRequested.connect(self._pictures.look_at)
        return self._list_desk

    def packs_now(self) -> "PackDesk":
        """The packs; they come into being when they are first asked for."""
        if self._pack_desk is None:
            from sana_desktop.services.pack_errands import PackErrands
            from sana_desktop.ui.packs.pack_desk import PackDesk

            settings, make_hands = self._parts.settings, self._parts.make_hands
            self._pack_desk = PackDesk(
                self._make_shelf,
                lambda listener: PackErrands(make_hands, listener),
                self.panel.pack.id,
                self,
                host=lambda: chosen_endpoint(settings.text("privacy.endpoint")),
            )
            self._pack_desk.packChosen.connect(self._on_pack)
        return self._pack_desk

    def begin(self, notices: Sequence[str] = ()) -> None:
        """The window is shown: do what may come after that, piece by piece, so that typing goes before.

        `notices` say what else the user should know of the start.
        """
        self._preferences.begin()
        self.strip.read_folder(self._preferences.pictures_folder)
        self._begun = True
        self._begin_soon()
        # One message: a second notice would take the first one's place.
        if told := [notice for notice in (*self._parts.settings.notices, *notices) if notice]:
            self._messages.show_notice("\n".join(told))

    def open_pictures(self, paths: list[str]) -> None:
        """Come forward, and show the settings inside the first of these pictures."""
        self._manners.bring_to_front()
        if paths:
            self._pictures.inspect(Path(paths[0]))

    def show_error(self, error: SanaError) -> None:
        """Say what went wrong."""
        self._messages.show_error(error)

    def show_bad_end(self, bad_end: BadEnd) -> None:
        """Say that the program did not end by itself last time, and offer what is known of it."""
        self._bad_end = bad_end
        error = MachineError(self.tr("The program ended unexpectedly last time."), hint=self.tr("Nothing was sent."))
        self._messages.show_error(error, self.tr("Show report"), self._on_bad_end)

    def _build(self) -> None:
        picture = QWidget()
        # The style sheet colours it. Not a role: Qt would choose another colour for the words on it.
        picture.setObjectName("ground")
        column = QVBoxLayout(picture)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        column.addWidget(self._progress)
        column.addWidget(self.strip)
        for widget in (self.panel, picture, self.queue_panel):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        # Qt lets a line of one pixel be grabbed by its neighbours.
        self._splitter.setHandleWidth(1)
        self._splitter.setSizes([PANEL_WIDTH, FIRST_SIZE.width() - PANEL_WIDTH, QUEUE_WIDTH])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for bar in (self._banner, self._left_over, self._messages):
            # From edge to edge; see the style sheet.
            bar.setProperty("wide", True)
            rows.addWidget(bar)
        self._pages.addWidget(self._splitter)
        rows.addWidget(self._gallery.strip)
        rows.addWidget(self._pages, 1)
        self.setCentralWidget(whole)
        self.setMinimumSize(SMALLEST_SIZE)
        self.resize(FIRST_SIZE)

    def _connect(self) -> None:
        parts, actions, drawing = self._parts, self._actions, self._drawing
        parts.board.changed.connect(self._on_board)
        self.panel.draftChanged.connect(self._keeper.touch)
        self._splitter.splitterMoved.connect(self._keeper.touch)
        self._banner.dismissed.connect(self._on_banner_dismissed)
        self._banner.actionRequested.connect(self._on_offers)
        self._left_over.actionRequested.connect(self._on_left_over)
        self._left_over.dismissed.connect(self._on_left_over_read)
        self._switcher.clicked.connect(self._on_packs)
        self._preferences.failed.connect(self._messages.show_error)
        self._preferences.changed.connect(self._on_preference)
        self._prompts.previewChosen.connect(self._preferences.set_preview)
        self._pictures.used.connect(self._keeper.touch)
        self.queue_panel.recipeRequested.connect(self._pictures.use)
        self.queue_panel.pictureRequested.connect(self._pictures.look_at)
        drawing.pictureSaved.connect(self._preferences.note_cost)
        drawing.pictureSaved.connect(self._pictures.forget)
        actions.generateRequested.connect(self.panel.generate)
        actions.generateFirstRequested.connect(self.panel.submit_first)
        actions.cancelRequested.connect(self._on_cancel)
        actions.keepRequested.connect(drawing.keep)
        actions.cancelAllRequested.connect(drawing.cancel_all)
        actions.pauseRequested.connect(parts.board.set_paused)
        actions.inspectRequested.connect(self._pictures.ask_for_picture)
        actions.importRequested.connect(self._gallery.ask_for_folder)
        actions.folderRequested.connect(self._on_open_folder)
        actions.settingsRequested.connect(self._preferences.open)
        actions.packsRequested.connect(self._on_packs)
        actions.shortcutsRequested.connect(self._on_shortcuts)
        actions.logRequested.connect(self._on_log)
        actions.aboutRequested.connect(self._on_about)
        actions.promptRequested.connect(self._on_prompt)
        actions.findRequested.connect(self._on_find)
        actions.fitRequested.connect(self.stage.fit)
        actions.actualSizeRequested.connect(self.stage.actual_size)
        actions.zoomInRequested.connect(self._on_zoom_in)
        actions.zoomOutRequested.connect(self._on_zoom_out)
        actions.compareRequested.connect(self.stage.toggle_compare)
        actions.galleryRequested.connect(self._gallery.show_gallery)
        actions.listRequested.connect(self._on_list)
        self._pages.currentChanged.connect(self._on_page)
        self._gallery.pictureRequested.connect(self._pictures.look_at)
        self._gallery.comparisonRequested.connect(self._pictures.compare)
        self._gallery.adopted.connect(self._pictures.adopt)
        actions.queueRequested.connect(self._on_queue_shown)
        actions.themeChosen.connect(self._preferences.set_theme)

    def _restore(self, state: WindowState) -> None:
        if state.geometry:
            self.restoreGeometry(QByteArray(state.geometry))
        if state.splitter:
            self._splitter.restoreState(QByteArray(state.splitter))
        self.queue_panel.setVisible(state.queue_shown)
        self._actions.set_queue_shown(state.queue_shown)
        self.panel.set_draft(state.draft)
        # A preference, whatever the draft says.
        self._prompts.set_preview(self._parts.previews.wish.choice)
        self._show_notice(self._parts.pack)
        self.stage.set_examples(self._parts.pack.examples)
        self.stage.show_hint(self.tr("Describe a picture on the left and press Ctrl+Enter."))
        self._on_board()
        self.panel.focus_prompt()

    def _state(self) -> WindowState:
        return WindowState(
            geometry=bytes(self.saveGeometry().data()),
            splitter=bytes(self._splitter.saveState().data()),
            queue_shown=not self.queue_panel.isHidden(),
            pack=self.panel.pack.id,
            read_notices=self._read_notices,
            draft=self.panel.draft(),
        )

    def _make_shelf(self, listener: Callable[[PackEvent], None]) -> PackShelf:
        parts = self._parts
        unfinished = parts.make_hands().fetching.unfinished
        return PackShelf(parts.pack_folders, parts.paths.packs, parts.install, listener, unfinished=unfinished)

    def _private(self) -> Private:
        """What a crash report may hold only if the user says so."""
        recipe, shown = self.panel.recipe, self.stage.shown
        prompts = (*self._parts.history.prompts, *((recipe.prompt, recipe.negative) if recipe else ()))
        job = "" if recipe is None else job_text(recipe)
        return Private(prompts=prompts, job=job, picture="" if shown is None else str(shown.path))

    def _show_notice(self, pack: PackManifest) -> None:
        if pack.notice and _notice_key(pack) not in self._read_notices:
            self._banner.show_text(pack_text(pack.notice))
        else:
            self._banner.hide()

    @Slot()
    def _on_board(self) -> None:
        board = self._parts.board
        self._actions.set_busy(board.active is not None, bool(board.waiting))
        self._actions.set_paused(board.paused)
        self._show_left_over()

    @Slot()
    def _on_page(self) -> None:
        self._actions.set_gallery_shown(self._gallery.is_shown)
        self._actions.set_list_shown(self._list_desk is not None and self._list_desk.is_shown)

    def _begin_soon(self) -> None:
        if self._begun and self._painted and not self._soon.isActive():
            self._begun = False
            self._soon.start()

    @Slot()
    def _on_soon(self) -> None:
        self._restore_queue()
        self._prompts.begin()
        self._gallery.begin()
        self._updates.begin()

    def _restore_queue(self) -> None:
        if self._parts.settings.flag(RESTORE):
            try:
                self._parts.board.restore()
            except KnownError as error:
                self._messages.show_error(error)

    def _show_left_over(self) -> None:
        board = self._parts.board
        if not (board.restored and board.paused) or self._left_over_read:
            self._left_over.hide()
        elif not self._left_over.text:
            one = self.tr("1 order was left when the program ended. It waits in the queue.")
            many = self.tr("{n} orders were left when the program ended. They wait in the queue.")
            self._left_over.show_text(one if board.restored == 1 else many.format(n=board.restored))

    @Slot(str)
    def _on_left_over(self, action: str) -> None:
        self._on_left_over_read()
        if action == CONTINUE:
            self._parts.board.set_paused(False)
        else:
            self._parts.board.cancel_all()
            self._parts.board.set_paused(False)

    @Slot()
    def _on_left_over_read(self) -> None:
        self._left_over_read = True
        self._left_over.hide()

    @Slot()
    def _on_cancel(self) -> None:
        if self.stage.is_comparing:
            self.stage.close_compare()
        else:
            self._drawing.cancel()

    @Slot()
    def _on_prompt(self) -> None:
        self._gallery.show_gallery(False)
        self.panel.focus_prompt()

    @Slot()
    def _on_find(self) -> None:
        if not self._gallery.focus_search():
            self.strip.show_filter()

    @Slot()
    def _on_zoom_in(self) -> None:
        if not self._gallery.zoom(1):
            self.stage.zoom_in()

    @Slot()
    def _on_zoom_out(self) -> None:
        if not self._gallery.zoom(-1):
            self.stage.zoom_out()

    @Slot(object)
    def _on_pack(self, pack: PackManifest) -> None:
        self.panel.set_pack(pack)
        self.stage.set_examples(pack.examples)
        self._switcher.set_pack(pack)
        if self._pack_desk is not None:
            self._pack_desk.set_current(pack.id)
        self._show_notice(pack)
        self._prompts.begin_pack()
        self._keeper.touch()

    @Slot(str)
    def _on_preference(self, key: str) -> None:
        if key == THEME:
            self._actions.set_theme(self._preferences.theme)
        elif key == KIND:
            self._prompts.set_preview(self._parts.previews.wish.choice)
        elif key == ANIMATIONS:
            self.stage.set_animated(self._preferences.animated)

    @Slot()
    def _on_open_folder(self) -> None:
        folder = self._preferences.pictures_folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = self.tr("{folder} cannot be opened: {reason}.").format(folder=folder, reason=error.strerror)
            self._messages.show_error(OutputError(problem, hint=self.tr("Choose another folder in the settings.")))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _on_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._parts.paths.logs / LOG_NAME)))

    def _on_bad_end(self) -> None:
        if self._bad_end is not None:
            self._parts.crash.show_bad_end(self._bad_end)

    @Slot()
    def _on_shortcuts(self) -> None:
        # Here, as with everything that waits to be asked for: the window opens sooner.
        from sana_desktop.ui.desktop.shortcuts_dialog import ShortcutsDialog, groups_of_menus

        self._dialogs["shortcuts"] = dialog = ShortcutsDialog(groups_of_menus(self.menuBar()), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _on_about(self) -> None:
        from sana_desktop.ui.desktop.about_dialog import AboutDialog, read_about_facts

        resources, pack = self._parts.resources, self.panel.pack
        self._dialogs["about"] = dialog = AboutDialog(
            lambda: read_about_facts(resources), ((pack.name, pack.licence),), self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(bool)
    def _on_queue_shown(self, shown: bool) -> None:
        self.queue_panel.setVisible(shown)
        self._keeper.touch()

    @Slot()
    def _on_banner_dismissed(self) -> None:
        self._read_notices = (*self._read_notices, _notice_key(self.panel.pack))
        self._keeper.touch()

    @Slot(bool)
    def _on_list(self, shown: bool) -> None:
        self.lists_now().show_list(shown)

    @Slot()
    def _on_packs(self) -> None:
        self.packs_now().open()

    @Slot(str)
    def _on_offers(self, action: str) -> None:
        self.packs_now().open(offers=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the rest begin once the window can be seen."""
        super().paintEvent(event)
        self._painted = True
        self._begin_soon()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember everything, disappear, and stop the engine."""
        self._soon.stop()
        self._keeper.save_now()
        # The engine may need a moment to reach its next pause; nobody has to watch.
        self.hide()
        self._parts.queue.close()
        # The prompts' desk waits for an answer that may take a second: now it comes at once.
        self._parts.end_measuring()
        desks = (
            self._preferences,
            self._pictures,
            self._gallery,
            self._list_desk,
            self._prompts,
            self._pack_desk,
            self._manners,
        )
        for part in (*desks, self._updates):
            if part is not None:
                part.close()
        self.strip.close_files()
        self.stage.close_down()
        event.accept()


def _notice_key(pack: PackManifest) -> str:
    return f"{pack.id} {pack.version}"
