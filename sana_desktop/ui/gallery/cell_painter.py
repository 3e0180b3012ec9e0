"""How one picture of the grid looks."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen, QPixmap

from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.gallery.gallery_glyphs import heart, star

FRAME_WIDTH = 3
MARK = 12.0
MARK_GAP = 2.0
MARGIN = 6
# Ratings with and without a heart, for a few looks and screens.
MOST_MARKS = 60
# Enough of the ground that a mark can be seen on any picture.
OPACITY = 0.8


class CellPainter:
    """Paints pictures whole, with their marks; `broken` and `missing` are words for those that cannot be shown."""

    def __init__(self, broken: str, missing: str) -> None:
        self._broken = broken
        self._missing = missing
        self._drawn: dict[tuple[int, int, bool, float], QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        place: QRect,
        palette: QPalette,
        row: PictureRow | None,
        image: QImage | None,
        *,
        selected: bool,
        current: bool,
        stack: int = 1,
    ) -> None:
        """Paint what is there of a picture into its place; of a stack, with how many there are in it."""
        fitted = place
        if image is None or image.isNull():
            painter.fillRect(place, palette.color(QPalette.ColorRole.AlternateBase))
            if row is not None and image is not None:
                painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._broken)
        else:
            fitted = self._paint_image(painter, place, image)
        if row is not None and (row.rating or row.favourite or row.state is PictureState.MISSING):
            self._paint_marks(painter, fitted, palette, row)
        if stack > 1:
            _paint_count(painter, fitted, palette, stack)
        if selected or current:
            self._paint_frame(painter, fitted, palette, selected=selected, current=current)

    def _paint_image(self, painter: QPainter, place: QRect, image: QImage) -> QRect:
        size = image.deviceIndependentSize().toSize()
        if max(size.width(), size.height()) != place.width():
            # Of another size than wanted, until the right one is loaded; or a very small picture.
            larger = max(size.width(), size.height()) > place.width()
            if larger:
                size = size.scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        fitted = QRect(place.topLeft(), size)
        fitted.moveCenter(place.center())
        painter.drawImage(fitted, image)
        return fitted

    def _paint_marks(self, painter: QPainter, fitted: QRect, palette: QPalette, row: PictureRow) -> None:
        if row.rating or row.favourite:
            marks = self._marks(palette, row.rating, row.favourite, painter.device().devicePixelRatio())
            height = round(marks.deviceIndependentSize().height())
            painter.drawPixmap(fitted.left() + MARGIN, fitted.bottom() - MARGIN - height, marks)
        if row.state is PictureState.MISSING:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(fitted.left() + MARGIN, fitted.top() + MARGIN, fitted.width() - 2 * MARGIN, MARK + 8)
            _paint_ground(painter, box, palette)
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._missing)
            painter.restore()

    def _marks(self, palette: QPalette, rating: int, favourite: bool, ratio: float) -> QPixmap:
        """Stars and a heart, drawn once: there are a dozen combinations, and a hundred pictures to a page."""
        key = (palette.cacheKey(), rating, favourite, ratio)
        pixmap = self._drawn.get(key)
        if pixmap is None:
            if len(self._drawn) >= MOST_MARKS:
                self._drawn.clear()
            pixmap = self._drawn[key] = _draw_marks(palette, rating, favourite, ratio)
        return pixmap

    def _paint_frame(
        self, painter: QPainter, fitted: QRect, palette: QPalette, *, selected: bool, current: bool
    ) -> None:
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            pen = QPen(palette.color(QPalette.ColorRole.Accent), FRAME_WIDTH)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(fitted.adjusted(-2, -2, 1, 1))
        if current:
            # Where the keyboard is, among many that are chosen as well.
            style = Qt.PenStyle.SolidLine if selected else Qt.PenStyle.DashLine
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text if selected else RULE), 1, style))
            painter.drawRect(fitted.adjusted(-4, -4, 3, 3))
        painter.restore()


def _paint_count(painter: QPainter, fitted: QRect, palette: QPalette, count: int) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    text = f"{count:,}"
    width = max(MARK + 8, painter.fontMetrics().horizontalAdvance(text) + 12.0)
    box = QRectF(fitted.right() - MARGIN - width, fitted.top() + MARGIN, width, MARK + 8)
    # The edge of a card behind it says that there are more.
    _paint_ground(painter, box.translated(3, -3), palette)
    _paint_ground(painter, box, palette)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _draw_marks(palette: QPalette, rating: int, favourite: bool, ratio: float) -> QPixmap:
    marks = rating + favourite
    size = QSizeF(marks * (MARK + MARK_GAP) + MARK_GAP + 4, MARK + 6)
    pixmap = QPixmap((size * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, QRectF(QPointF(), size), palette)
    painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
    for number in range(marks):
        mark = QRectF(2 + MARK_GAP + number * (MARK + MARK_GAP), 3, MARK, MARK)
        if number < rating:
            painter.drawPolygon(star(mark))
        else:
            painter.drawPath(heart(mark.adjusted(0.5, 0.5, -0.5, -0.5)))
    painter.end()
    return pixmap


def _paint_ground(painter: QPainter, box: QRectF, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setOpacity(OPACITY)
    # Not the window's colour: style sheets make that one transparent.
    painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
    painter.drawRoundedRect(box, 5, 5)
    painter.setOpacity(1)
