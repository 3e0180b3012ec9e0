"""How one job of the queue looks."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sana_desktop.domain.job import JobState
from sana_desktop.ui.basics.elided_text import draw_lines, elided_lines
from sana_desktop.ui.basics.theme import RULE
from sana_desktop.ui.queue.job_item import JobItem, about_text, state_text
from sana_desktop.ui.queue.queue_model import ITEM_ROLE, Index

PADDING = 8
# The words of the list stand under those of its header.
MARGIN = 14
GAP = 10
THUMBNAIL = 64
BAR_HEIGHT = 3
LINE_GAP = 3
# Text on the ground of lists, 4.5 to 1 or more.
FAILED_ON_DARK = "#ff9d94"
FAILED_ON_LIGHT = "#a3241c"
SMALLER = 0.9


class QueueDelegate(QStyledItemDelegate):
    """Paints picture, prompt, figures, and where the job stands; all rows are equally high."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one job."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, JobItem):
            return
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(QRectF(rect.adjusted(2, 1, -2, -1)), 4, 4)
        inside = rect.adjusted(MARGIN, PADDING, -MARGIN, -PADDING)
        place = QRect(inside.left(), inside.top() + (inside.height() - THUMBNAIL) // 2, THUMBNAIL, THUMBNAIL)
        _paint_thumbnail(painter, place, item, palette)
        words = QRect(place.right() + 1 + GAP, inside.top(), 0, inside.height())
        words.setRight(inside.right())
        _paint_words(painter, words, item, font, _Colours(palette, selected))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same height for every job."""
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        return QSize(2 * PADDING + THUMBNAIL, 2 * PADDING + max(THUMBNAIL, _text_height(font)))


class _Colours:
    """What the words of a row wear, on the ground of the list or of a selection."""

    def __init__(self, palette: QPalette, selected: bool) -> None:
        role = QPalette.ColorRole
        self.text = palette.color(role.HighlightedText if selected else role.Text)
        self.quiet = self.text if selected else palette.color(role.PlaceholderText)
        self.bar = self.text if selected else palette.color(role.Accent)
        self.groove = palette.color(RULE)
        dark = palette.color(role.Base).lightness() < 128
        self.failed = self.text if selected else QColor(FAILED_ON_DARK if dark else FAILED_ON_LIGHT)


def small(font: QFont) -> QFont:
    """The font of what is less important."""
    smaller = QFont(font)
    smaller.setPointSizeF(SMALLER * font.pointSizeF())
    return smaller


def _text_height(font: QFont) -> int:
    big, little = QFontMetrics(font).lineSpacing(), QFontMetrics(small(font)).lineSpacing()
    return 2 * big + 2 * little + 2 * LINE_GAP + BAR_HEIGHT


def _paint_thumbnail(painter: QPainter, place: QRect, item: JobItem, palette: QPalette) -> None:
    image = item.thumbnail
    if image is None:
        # The shape of what will come, so that one sees at once which sizes wait.
        size = item.order.recipe.size
        frame = _fitted(place, QSize(size.width, size.height)).adjusted(0, 0, -1, -1)
        painter.setPen(palette.color(RULE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, 0.5, 0.5), 3, 3)
        return
    painter.drawImage(_fitted(place, image.size()), image)


def _fitted(place: QRect, size: QSize) -> QRect:
    fitted = QRect(place.topLeft(), size.scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio))
    fitted.moveCenter(place.center())
    return fitted


def _paint_words(painter: QPainter, words: QRect, item: JobItem, font: QFont, colours: _Colours) -> None:
    little, width = small(font), words.width()
    failed, running = item.state is JobState.FAILED, item.state is JobState.RUNNING
    # What went wrong needs two lines, and then one is enough for the prompt.
    prompt = elided_lines(item.order.recipe.prompt or "—", font, width, 1 if failed else 2)
    about = elided_lines(about_text(item), little, width, 1)
    state = elided_lines(state_text(item), little, width, 2 if failed else 1)
    height = len(prompt) * QFontMetrics(font).lineSpacing() + LINE_GAP
    height += (len(about) + len(state)) * QFontMetrics(little).lineSpacing() + running * (LINE_GAP + BAR_HEIGHT)
    top = words.top() + (words.height() - height) // 2
    painter.setPen(colours.text)
    top = draw_lines(painter, words.left(), top, prompt, font) + LINE_GAP
    painter.setPen(colours.quiet)
    top = draw_lines(painter, words.left(), top, about, little)
    painter.setPen(colours.failed if failed else colours.quiet)
    top = draw_lines(painter, words.left(), top, state, little)
    if running:
        bar = QRectF(words.left(), top + LINE_GAP, width, BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.groove)
        painter.drawRoundedRect(bar, 1.5, 1.5)
        painter.setBrush(colours.bar)
        bar.setWidth(width * item.fraction)
        painter.drawRoundedRect(bar, 1.5, 1.5)
