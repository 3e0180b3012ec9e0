"""What a pack can draw, to begin with: prompts to press, below the words of an empty canvas."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

COLUMNS = 2
# Below the middle of the canvas, where its own words are.
DISTANCE = 24
MARGIN = 12


class Examples(QWidget):
    """Lies on `canvas`, in the middle of its lower half; narrower canvases get one column, low ones none.

    Signals:
        chosen(str): the prompt that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._wanted = False
        self._buttons: list[QPushButton] = []
        self._head = QLabel(self.tr("Or begin with one of these:"))
        self._head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self._head, 0, 0, 1, COLUMNS)
        canvas.installEventFilter(self)
        self.hide()

    def set_prompts(self, prompts: tuple[str, ...]) -> None:
        """Offer these instead of what was offered."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for prompt in prompts:
            # An ampersand would become the letter of a shortcut.
            button = QPushButton(prompt.replace("&", "&&"), self)
            button.setAccessibleName(prompt)
            button.setToolTip(self.tr("Write this as the prompt"))
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._on_pressed, prompt))
            # Not later, as a layout would: what is hidden takes no room in it.
            button.show()
            self._buttons.append(button)
        self._place()

    def show_state(self, *, empty: bool) -> None:
        """Show them while the canvas is `empty`."""
        self._wanted = empty
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas's size."""
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _on_pressed(self, prompt: str) -> None:
        self.chosen.emit(prompt)

    def _place(self) -> None:
        room = self._canvas.size()
        for columns in (COLUMNS, 1):
            self._arrange(columns)
            size = self.sizeHint()
            if size.width() + 2 * MARGIN <= room.width():
                break
        top = room.height() // 2 + DISTANCE
        fits = size.width() + 2 * MARGIN <= room.width() and top + size.height() + MARGIN <= room.height()
        self.setGeometry((room.width() - size.width()) // 2, top, size.width(), size.height())
        self.setVisible(self._wanted and fits and bool(self._buttons))

    def _arrange(self, columns: int) -> None:
        for number, button in enumerate(self._buttons):
            self._grid.addWidget(button, 1 + number // columns, number % columns)
        self._grid.activate()
