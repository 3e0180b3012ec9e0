"""The window's menus and shortcuts."""

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from sana_desktop.ui.basics.theme import Theme


class WindowActions(QObject):
    """Fills the menu bar of `window`; says what the user wants and does only what concerns the window itself.

    Signals:
        generateRequested(), generateFirstRequested(): draw what the panel says, the latter before all that waits.
        cancelRequested(), keepRequested(), cancelAllRequested(): stop what is drawn now, end it with its picture as
            it stands, or stop everything.
        pauseRequested(bool): begin nothing new, or go on.
        inspectRequested(): read the settings of a picture.
        importRequested(): take a folder of pictures into the gallery.
        folderRequested(): show where the pictures are.
        settingsRequested(), packsRequested(), shortcutsRequested(), logRequested(), aboutRequested(): open these.
        promptRequested(), findRequested(): put the cursor into the prompt, or into the field that finds pictures.
        fitRequested(), actualSizeRequested(), zoomInRequested(), zoomOutRequested(): how the canvas shows a picture.
        compareRequested(): show two pictures, or one again.
        queueRequested(bool), galleryRequested(bool), listRequested(bool): show the queue, the gallery or the prompt
            list, or hide it.
        themeChosen(Theme): change the look.
    """

    generateRequested = Signal()
    generateFirstRequested = Signal()
    cancelRequested = Signal()
    keepRequested = Signal()
    cancelAllRequested = Signal()
    pauseRequested = Signal(bool)
    inspectRequested = Signal()
    importRequested = Signal()
    folderRequested = Signal()
    settingsRequested = Signal()
    packsRequested = Signal()
    shortcutsRequested = Signal()
    logRequested = Signal()
    aboutRequested = Signal()
    promptRequested = Signal()
    findRequested = Signal()
    fitRequested = Signal()
    actualSizeRequested = Signal()
    zoomInRequested = Signal()
    zoomOutRequested = Signal()
    compareRequested = Signal()
    queueRequested = Signal(bool)
    galleryRequested = Signal(bool)
    listRequested = Signal(bool)
    themeChosen = Signal(object)

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._themes: dict[Theme, QAction] = {}
        self._build_picture()
        self._build_view(theme)
        self._build_help()

    def set_busy(self, busy: bool, waiting: bool) -> None:
        """Offer to cancel only while there is something to cancel."""
        self._cancel.setEnabled(busy or waiting)
        self._keep.setEnabled(busy)
        self._cancel_all.setEnabled(busy or waiting)

    def set_paused(self, paused: bool) -> None:
        """Show whether the queue is paused."""
        self._pause.setChecked(paused)

    def set_queue_shown(self, shown: bool) -> None:
        """Show whether the queue can be seen."""
        self._queue.setChecked(shown)

    def set_gallery_shown(self, shown: bool) -> None:
        """Show whether the gallery can be seen."""
        self._gallery.setChecked(shown)

    def set_list_shown(self, shown: bool) -> None:
        """Show whether the prompt list can be seen."""
        self._list.setChecked(shown)

    def set_theme(self, theme: Theme) -> None:
        """Show which look was chosen."""
        self._themes[theme].setChecked(True)

    def _build_picture(self) -> None:
        menu = self._window.menuBar().addMenu(self.tr("&Picture"))
        generate = self._add(menu, self.tr("&Generate"), "Ctrl+Return", self.generateRequested)
        # The other one is on the number pad.
        generate.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        first = self._add(menu, self.tr("Generate &next"), "Ctrl+Shift+Return", self.generateFirstRequested)
        first.setShortcuts([QKeySequence("Ctrl+Shift+Return"), QKeySequence("Ctrl+Shift+Enter")])
        menu.addSeparator()
        self._cancel = self._add(menu, self.tr("&Cancel"), "Esc", self.cancelRequested)
        self._keep = self._add(menu, self.tr("Stop and &keep"), "Ctrl+K", self.keepRequested)
        self._pause = self._add_switch(menu, self.tr("&Pause the queue"), "Ctrl+Shift+P", self.pauseRequested)
        self._cancel_all = self._add(menu, self.tr("Cancel &all"), "Ctrl+Shift+X", self.cancelAllRequested)
        menu.addSeparator()
        self._add(menu, self.tr("&Read the settings of a picture…"), "Ctrl+O", self.inspectRequested)
        self._add(menu, self.tr("&Import a folder of pictures…"), "Ctrl+Shift+I", self.importRequested)
        self._add(menu, self.tr("Show pictures &folder"), "Ctrl+Shift+O", self.folderRequested)
        menu.addSeparator()
        self._add(menu, self.tr("Pack&s…"), "Ctrl+Shift+M", self.packsRequested)
        settings = self._add(menu, self.tr("S&ettings…"), "Ctrl+,", self.settingsRequested)
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        menu.addSeparator()
        leave = QAction(self.tr("&Quit"), self)
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        leave.triggered.connect(self._window.close)
        menu.addAction(leave)

    def _build_view(self, theme: Theme) -> None:
        menu = self._window.menuBar().addMenu(self.tr("&View"))
        self._add(menu, self.tr("Go to the &prompt"), "Ctrl+L", self.promptRequested)
        self._add(menu, self.tr("&Find a picture"), "Ctrl+F", self.findRequested)
        menu.addSeparator()
        self._add(menu, self.tr("&Whole picture"), "Ctrl+0", self.fitRequested)
        self._add(menu, self.tr("&Actual size"), "Ctrl+1", self.actualSizeRequested)
        closer = self._add(menu, self.tr("Zoom &in"), "Ctrl++", self.zoomInRequested)
        closer.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self._add(menu, self.tr("Zoom &out"), "Ctrl+-", self.zoomOutRequested)
        self._add(menu, self.tr("&Compare with the picture before"), "Ctrl+D", self.compareRequested)
        menu.addSeparator()
        self._gallery = self._add_switch(menu, self.tr("&Gallery"), "Ctrl+B", self.galleryRequested)
        self._list = self._add_switch(menu, self.tr("Prompt li&st"), "Ctrl+Shift+L", self.listRequested)
        self._queue = self._add_switch(menu, self.tr("&Queue"), "Ctrl+Shift+Q", self.queueRequested)
        self._full_screen = QAction(self.tr("F&ull screen"), self)
        self._full_screen.setShortcut(QKeySequence("F11"))
        self._full_screen.setCheckable(True)
        self._full_screen.setChecked(self._window.isFullScreen())
        self._full_screen.toggled.connect(self._on_full_screen)
        menu.addAction(self._full_screen)
        self._add_themes(menu.addMenu(self.tr("&Look")), theme)

    def _build_help(self) -> None:
        menu = self._window.menuBar().addMenu(self.tr("&Help"))
        keys = self._add(menu, self.tr("&Keyboard shortcuts"), "F1", self.shortcutsRequested)
        keys.setShortcuts([QKeySequence("F1"), QKeySequence("Shift+?")])
        self._add(menu, self.tr("Show the &log"), "", self.logRequested)
        about = self._add(menu, self.tr("&About Sana Desktop"), "", self.aboutRequested)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(self, menu: QMenu, text: str, keys: str, signal: SignalInstance) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(signal)
        menu.addAction(action)
        return action

    def _add_switch(self, menu: QMenu, text: str, keys: str, signal: SignalInstance) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setCheckable(True)
        action.triggered.connect(signal)
        menu.addAction(action)
        return action

    def _add_themes(self, menu: QMenu, chosen: Theme) -> None:
        names = {
            Theme.SYSTEM: self.tr("Like the &desktop"),
            Theme.DARK: self.tr("Da&rk"),
            Theme.LIGHT: self.tr("&Light"),
        }
        group = QActionGroup(self)
        for theme, name in names.items():
            action = QAction(name, group)
            action.setData(theme.value)
            action.setCheckable(True)
            action.setChecked(theme is chosen)
            menu.addAction(action)
            self._themes[theme] = action
        group.triggered.connect(self._on_theme)

    @Slot(QAction)
    def _on_theme(self, action: QAction) -> None:
        self.themeChosen.emit(Theme(action.data()))

    @Slot(bool)
    def _on_full_screen(self, on: bool) -> None:
        # Only this one bit: a window that was maximised stays so underneath.
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if on else state & ~full)
