"""The window's menus and shortcuts."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from sana_desktop.ui.theme import Theme


class WindowActions(QObject):
    """Fills the menu bar of `window`; says what the user wants and does only what concerns the window itself.

    Signals:
        generateRequested(): draw what the panel says.
        cancelRequested(), cancelAllRequested(): stop what is drawn now, or everything.
        promptRequested(): put the cursor into the prompt.
        fitRequested(), actualSizeRequested(): how the canvas shows its picture.
        folderRequested(): show where the pictures are.
        themeChosen(Theme): change the look.
    """

    generateRequested = Signal()
    cancelRequested = Signal()
    cancelAllRequested = Signal()
    promptRequested = Signal()
    fitRequested = Signal()
    actualSizeRequested = Signal()
    folderRequested = Signal()
    themeChosen = Signal(object)

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        pictures = window.menuBar().addMenu(self.tr("&Picture"))
        generate = self._add(pictures, self.tr("&Generate"), "Ctrl+Return", self.generateRequested)
        # The other one is on the number pad.
        generate.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self._cancel = self._add(pictures, self.tr("&Cancel"), "Esc", self.cancelRequested)
        self._cancel_all = self._add(pictures, self.tr("Cancel &all"), "Ctrl+Shift+X", self.cancelAllRequested)
        pictures.addSeparator()
        self._add(pictures, self.tr("&Show pictures folder"), "Ctrl+Shift+O", self.folderRequested)
        pictures.addSeparator()
        leave = QAction(self.tr("&Quit"), self)
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        leave.triggered.connect(window.close)
        pictures.addAction(leave)

        view = window.menuBar().addMenu(self.tr("&View"))
        self._add(view, self.tr("Go to the &prompt"), "Ctrl+L", self.promptRequested)
        view.addSeparator()
        self._add(view, self.tr("&Whole picture"), "Ctrl+0", self.fitRequested)
        self._add(view, self.tr("&Actual size"), "Ctrl+1", self.actualSizeRequested)
        view.addSeparator()
        self._full_screen = QAction(self.tr("&Full screen"), self)
        self._full_screen.setShortcut(QKeySequence("F11"))
        self._full_screen.setCheckable(True)
        self._full_screen.setChecked(window.isFullScreen())
        self._full_screen.toggled.connect(self._on_full_screen)
        view.addAction(self._full_screen)
        self._add_themes(view.addMenu(self.tr("&Look")), theme)

    def set_busy(self, busy: bool) -> None:
        """Offer to cancel only while there is something to cancel."""
        self._cancel.setEnabled(busy)
        self._cancel_all.setEnabled(busy)

    def _add(self, menu: QMenu, text: str, keys: str, signal: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
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
        group.triggered.connect(self._on_theme)

    @Slot(QAction)
    def _on_theme(self, action: QAction) -> None:
        self.themeChosen.emit(Theme(action.data()))

    @Slot(bool)
    def _on_full_screen(self, on: bool) -> None:
        # Only this one bit: a window that was maximised stays so underneath.
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if on else state & ~full)
