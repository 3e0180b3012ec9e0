"""The head of the prompt panel: which pack draws, and the way to the others."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.packs.pack_words import PackWords

MARGIN = 9
ARROW = 8.0


class PackSwitcher(QPushButton):
    """A wide button with the pack's name and one line about it; pressing it (`clicked`) asks for the choice."""

    def __init__(self, pack: PackManifest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = PackWords(self)
        self._pack = pack
        self._name = QLabel()
        self._line = QLabel()
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._line.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN + 2, MARGIN - 2, 3 * MARGIN, MARGIN - 2)
        column.setSpacing(1)
        for label in (self._name, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            # The button gets the mouse, and a long licence does not widen the panel.
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.set_pack(pack)

    def set_pack(self, pack: PackManifest) -> None:
        """Another pack draws from now on."""
        self._pack = pack
        line = self._words.pack_line(pack)
        self._shorten()
        self.setAccessibleName(self.tr("Pack: {name}").format(name=pack.name))
        self.setAccessibleDescription(line)
        self.setToolTip(self.tr("{line}. Press to choose another pack.").format(line=line))

    def _shorten(self) -> None:
        """Let texts that are too long end in dots; the tooltip has them whole."""
        for label, text in ((self._name, self._pack.name), (self._line, self._words.pack_line(self._pack))):
            label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, label.width()))

    def sizeHint(self) -> QSize:
        """As high as its two lines."""
        return self.layout().sizeHint()  # pyright: ignore[reportOptionalMemberAccess] - made above

    def minimumSizeHint(self) -> QSize:
        """As the layout wants it; a button would ask for its own, empty text."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the texts as there is room for now."""
        super().resizeEvent(event)
        self.layout().activate()  # pyright: ignore[reportOptionalMemberAccess] - made above
        self._shorten()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, then the arrow that says there are others."""
        super().paintEvent(event)
        box = QRectF(0, 0, ARROW, ARROW / 2)
        box.moveCenter(QPointF(self.width() - 1.6 * MARGIN, self.height() / 2))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().placeholderText().color(), 1.5))
        painter.drawPolyline([box.topLeft(), QPointF(box.center().x(), box.bottom()), box.topRight()])
