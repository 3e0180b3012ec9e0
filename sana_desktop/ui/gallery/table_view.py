"""One to four pictures beside each other, all with the same zoom and the same place in the middle."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.canvas.picture_painter import PicturePainter
from sana_desktop.ui.canvas.pill import paint_pill
from sana_desktop.ui.canvas.zoomable_view import ZoomableView

MOST_PICTURES = 4
GAP = 8.0
LABEL_MARGIN = 10.0
# Columns for one to four pictures.
_COLUMNS = (1, 2, 3, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """What lies in a part of the table: an image, null until it is there, and words about it."""

    image: QImage
    label: str = ""
    problem: str = ""


class TableView(ZoomableView):
    """Shows pictures for comparing: where one is zoomed or moved, the others are as well.

    All are brought to the size of the first one, so that what belongs together lies at the same place. A click
    chooses a picture.

    Signals:
        keyPressed(QKeyEvent): a key, before the view looks at it; accepted by who has a use for it.
    """

    keyPressed = Signal(QKeyEvent)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = ()
        self._painters: list[PicturePainter] = []
        self._current = 0

    @property
    def has_picture(self) -> bool:
        """Whether there is something to zoom."""
        return any(not card.image.isNull() for card in self._cards)

    @property
    def current(self) -> int:
        """Which of the pictures is chosen."""
        return self._current

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show other pictures; the zoom stays where the first has the size of the one before."""
        self._cards = tuple(cards[:MOST_PICTURES])
        self._painters = [PicturePainter() for _ in self._cards]
        for painter, card in zip(self._painters, self._cards, strict=True):
            painter.set_image(card.image)
        self._current = min(self._current, max(0, len(self._cards) - 1))
        first = next((card.image for card in self._cards if not card.image.isNull()), None)
        if first is not None:
            self._viewport.set_picture(QSizeF(first.size()))
        self._place()
        self.update()

    def set_current(self, number: int) -> None:
        """Choose a picture."""
        if self._cards:
            self._current = number % len(self._cards)
            self.update()

    def part(self, number: int) -> QRectF:
        """The part of the view that belongs to a picture."""
        count = max(1, len(self._cards))
        columns = _COLUMNS[count - 1]
        rows = -(-count // columns)
        width = (self.width() - (columns - 1) * GAP) / columns
        height = (self.height() - (rows - 1) * GAP) / rows
        row, column = divmod(number, columns)
        return QRectF(column * (width + GAP), row * (height + GAP), max(1.0, width), max(1.0, height))

    def at(self, position: QPointF) -> int:
        """The picture whose part a point lies in, or is nearest to."""
        for number in range(len(self._cards)):
            part = self.part(number)
            if position.x() < part.right() + GAP / 2 and position.y() < part.bottom() + GAP / 2:
                return number
        return max(0, len(self._cards) - 1)

    def place_in_viewport(self, position: QPointF) -> QPointF:
        """A point of the widget in the part that it lies in."""
        return position - self.part(self.at(position)).topLeft()

    def _place(self) -> None:
        self._viewport.set_view(self.part(0).size())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every picture in its part of the view."""
        painter = QPainter(self)
        for number, (card, picture) in enumerate(zip(self._cards, self._painters, strict=True)):
            self._paint_card(painter, self.part(number), card, picture, chosen=number == self._current)
        self.paint_frame(painter)

    def _paint_card(
        self, painter: QPainter, part: QRectF, card: Card, picture: PicturePainter, *, chosen: bool
    ) -> None:
        painter.save()
        painter.setClipRect(part)
        if card.problem:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, card.problem)
        elif not card.image.isNull():
            place = self._viewport.rect.translated(part.topLeft())
            size = QSizeF(card.image.size()).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            rect = QRectF(QPointF(), size)
            rect.moveCenter(place.center())
            picture.paint(painter, rect, self.devicePixelRatioF(), soft=self._viewport.fits)
        if card.label:
            paint_pill(painter, self.palette(), part.topLeft() + QPointF(LABEL_MARGIN, LABEL_MARGIN), card.label)
        if chosen and len(self._cards) > 1:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(part.adjusted(1, 1, -1, -1))
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each picture its part of the new size."""
        self._place()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window, where it stops what is being drawn."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer keys to who knows what they mean for pictures; the rest zooms and moves."""
        event.ignore()
        self.keyPressed.emit(event)
        if not event.isAccepted():
            event.accept()
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the picture, and take hold of it."""
        self.set_current(self.at(event.position()))
        super().mousePressEvent(event)
