"""How one picture of the grid looks."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen

from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.gallery.gallery_glyphs import heart, star

FRAME_WIDTH = 3
MARK = 12.0
MARK_GAP = 2.0
MARGIN = 6.0
# Enough of the ground that a mark can be seen on any picture.
OPACITY = 0.8


class CellPainter:
    """Paints pictures whole, with their marks; `broken` and `missing` are words for those that cannot be shown."""

    def __init__(self, broken: str, missing: str) -> None:
        self._broken = broken
        self._missing = missing

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
    ) -> None:
        """Paint what is there of a picture into its place."""
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
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marks = row.rating + row.favourite
        if marks:
            width = marks * MARK + (marks - 1) * MARK_GAP + 2 * MARK_GAP + MARGIN / 2
            box = QRectF(fitted.left() + MARGIN, fitted.bottom() - MARGIN - MARK - 4, width, MARK + 5)
            self._paint_ground(painter, box, palette)
            painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
            for number in range(marks):
                x = box.left() + MARK_GAP + 1.5 + number * (MARK + MARK_GAP)
                mark = QRectF(QPointF(x, box.top() + 2.5), QPointF(x + MARK, box.top() + 2.5 + MARK))
                if number < row.rating:
                    painter.drawPolygon(star(mark))
                else:
                    painter.drawPath(heart(mark.adjusted(0.5, 0.5, -0.5, -0.5)))
        if row.state is PictureState.MISSING:
            box = QRectF(fitted.left() + MARGIN, fitted.top() + MARGIN, fitted.width() - 2 * MARGIN, MARK + 8)
            self._paint_ground(painter, box, palette)
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._missing)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRectF, palette: QPalette) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setOpacity(OPACITY)
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(box, 5, 5)
        painter.setOpacity(1)

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
