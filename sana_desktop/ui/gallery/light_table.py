"""Pictures seen large: one after the other to sort them out or as a slideshow, or up to four beside each other."""

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.basics.glyph_button import GlyphButton
from sana_desktop.ui.basics.glyphs import Glyph
from sana_desktop.ui.canvas.canvas_glyphs import (
    draw_actual_size,
    draw_close,
    draw_fit,
    draw_pause,
    draw_play,
    draw_slider,
)
from sana_desktop.ui.canvas.difference_words import difference_words
from sana_desktop.ui.gallery.large_loader import LargeLoader
from sana_desktop.ui.gallery.picture_keys import Verb, wish_of
from sana_desktop.ui.gallery.table_view import MOST_PICTURES, Card, TableView

SLIDE_MS = 4000
# Names of pictures that are compared.
LETTERS = "ABCD"
# Read before they are asked for, in the direction in which somebody goes.
MOST_AHEAD = 2
_PASSED_ON = frozenset({Verb.RATE, Verb.FAVOURITE, Verb.THROW, Verb.RESTORE, Verb.USE, Verb.COPY})
# After these there is nothing more to say about a picture.
_DECIDING = frozenset({Verb.RATE})


class LightTable(QWidget):
    """Goes through pictures, or compares a few of them; `read_now` reads what is known of them.

    One by one: the arrows go on and back, 0 to 5 rate and go on, X throws away, the full stop marks favourites, Space
    starts and stops a slideshow. Beside each other: the arrows choose one, and the keys are about that one.
    `close_files` has to be called before the program ends.

    Signals:
        closed(): the user has seen enough.
        wished(object, int): a `Wish` for the picture of that number.
        sliderRequested(object): the two `PictureRow`s shall be seen at one place.
    """

    closed = Signal()
    wished = Signal(object, int)
    sliderRequested = Signal(object)

    def __init__(
        self, read_now: Callable[[Sequence[int]], Sequence[PictureRow]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._read_now = read_now
        self._loader = LargeLoader(self)
        self._loader.loaded.connect(self._show_cards)
        # All that are gone through, or the few that are compared.
        self._pictures = array("q")
        self._place = 0
        self._compares = False
        self._rows: tuple[PictureRow, ...] = ()
        self.view = TableView()
        self._words = QLabel()
        self._play = self._button(draw_play, draw_pause)
        self._slider = self._button(draw_slider)
        self._fit, self._actual = self._button(draw_fit), self._button(draw_actual_size)
        self._close = self._button(draw_close)
        self._slides = QTimer(self, interval=SLIDE_MS)
        self._slides.timeout.connect(self._on_next_slide)
        self._build()

    @property
    def picture(self) -> int | None:
        """The number of the picture that keys are about."""
        place = self.view.current if self._compares else self._place
        return self._pictures[place] if place < len(self._pictures) else None

    @property
    def is_playing(self) -> bool:
        """Whether pictures come by themselves."""
        return self._slides.isActive()

    @property
    def words(self) -> str:
        """What stands below the pictures."""
        return self._words.text()

    def go_through(self, pictures: "array[int]", first: int, *, playing: bool = False) -> None:
        """Show pictures one by one, beginning with the number `first`."""
        self._compares = False
        self._pictures = pictures
        self._place = pictures.index(first) if first in pictures else 0
        self._set_playing(playing)
        self._show()

    def compare(self, pictures: "array[int]") -> None:
        """Show two to four pictures beside each other."""
        self._compares = True
        self._pictures = pictures[:MOST_PICTURES]
        self._set_playing(False)
        self.view.set_current(0)
        self._show()

    def refresh(self, pictures: "array[int]") -> None:
        """The gallery holds other pictures now, or other things are known of them."""
        if self._compares:
            there = frozenset(pictures)
            self._pictures = array("q", (one for one in self._pictures if one in there))
        else:
            current = self.picture
            self._pictures = pictures
            # The one that took the place of a picture that is gone is next.
            found = current is not None and current in pictures
            self._place = (
                pictures.index(current)
                if found and current is not None
                else max(0, min(self._place, len(pictures) - 1))
            )
        if self._pictures:
            self._show()
        elif self.isVisible():
            self.closed.emit()

    def go(self, steps: int) -> None:
        """Show a later picture, or an earlier one; beside each other, choose another one."""
        if self._compares:
            self.view.set_current(self.view.current + steps)
        elif self._pictures:
            place = min(max(self._place + steps, 0), len(self._pictures) - 1)
            if place != self._place:
                self._place = place
                self._show()

    def stop(self) -> None:
        """Let nothing move while nobody looks."""
        self._set_playing(False)

    def close_files(self) -> None:
        """Read nothing any more, and wait until that is so."""
        self._slides.stop()
        self._loader.close()

    def _show(self) -> None:
        ahead = (
            self._pictures[self._place + 1 : self._place + 1 + MOST_AHEAD]
            + self._pictures[max(0, self._place - 1) :][:1]
        )
        shown = self._pictures if self._compares else self._pictures[self._place : self._place + 1]
        rows = self._read_now([*shown, *(() if self._compares else ahead)])
        self._rows = tuple(rows[: len(shown)])
        self._loader.want([row.path for row in rows])
        self._show_cards()

    @Slot()
    def _show_cards(self) -> None:
        cards: list[Card] = []
        for letter, row in zip(LETTERS, self._rows, strict=False):
            large = self._loader.get(row.path)
            image, problem = (QImage(), "") if large is None else (large.image, large.problem)
            label = f"{letter}   {_label(row)}" if self._compares else _label(row)
            cards.append(Card(image, label, problem))
        self.view.set_cards(cards)
        self._words.setText(self._text())
        two = self._compares and len(self._rows) == 2
        self._slider.setVisible(two)
        self._play.setVisible(not self._compares)

    def _text(self) -> str:
        if self._compares:
            if len(self._rows) == 2:
                return difference_words(self._rows[0].recipe(), self._rows[1].recipe())
            return self.tr("{n} pictures beside each other").format(n=len(self._rows))
        count = self.tr("{n} of {all}").format(n=f"{self._place + 1:,}", all=f"{len(self._pictures):,}")
        prompt = self._rows[0].facts.prompt if self._rows else ""
        return f"{count}   {' '.join(prompt.split())}"

    @Slot()
    def _on_next_slide(self) -> None:
        # A picture that is still being read is waited for.
        if not self._rows or self._loader.get(self._rows[0].path) is None:
            return
        if self._place + 1 < len(self._pictures):
            self.go(1)
        else:
            self._set_playing(False)

    @Slot(QKeyEvent)
    def _on_key(self, event: QKeyEvent) -> None:
        if self._moves(event):
            event.accept()
            return
        wish, picture = wish_of(event), self.picture
        if wish is None:
            return
        if wish.verb is Verb.LEAVE:
            event.accept()
            self.closed.emit()
        elif wish.verb in _PASSED_ON and picture is not None:
            event.accept()
            self.wished.emit(wish, picture)
            if wish.verb in _DECIDING:
                self.go(1)

    def _moves(self, event: QKeyEvent) -> bool:
        """Go on if that is what the key is for; where a picture is zoomed, the arrows move it."""
        steps = {
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_End: len(self._pictures),
            Qt.Key.Key_Home: -len(self._pictures),
        }
        if self.view.viewport_now.fits:
            steps |= {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.go(steps[key])
            return True
        if key is Qt.Key.Key_Space and not self._compares:
            self._set_playing(not self.is_playing)
            return True
        if key is Qt.Key.Key_M and self._slider.isVisible():
            self._on_slider()
            return True
        return False

    @Slot()
    def _on_slider(self) -> None:
        self.sliderRequested.emit(list(self._rows))

    @Slot(bool)
    def _set_playing(self, playing: bool) -> None:
        if playing:
            self._slides.start()
        else:
            self._slides.stop()
        self._play.setChecked(playing)

    def _button(self, glyph: Glyph, checked: Glyph | None = None) -> GlyphButton:
        button = GlyphButton(glyph, checked)
        button.setAutoRaise(True)
        return button

    def _build(self) -> None:
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        names = {
            self._play: self.tr("Slideshow (Space)"),
            self._slider: self.tr("Show with a slider (M)"),
            self._fit: self.tr("Show all of the pictures (Ctrl+0)"),
            self._actual: self.tr("Actual size (Ctrl+1)"),
            self._close: self.tr("Back to the gallery (Esc)"),
        }
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        for button, name in names.items():
            button.setAccessibleName(name)
            button.setToolTip(name)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self._play.toggled.connect(self._set_playing)
        self._slider.clicked.connect(self._on_slider)
        self._fit.clicked.connect(self.view.fit)
        self._actual.clicked.connect(self.view.actual_size)
        self._close.clicked.connect(self.closed)
        self.view.keyPressed.connect(self._on_key)
        self.view.setAccessibleName(self.tr("Pictures, seen large"))
        self.view.setAccessibleDescription(
            self.tr(
                "Arrows go on and back, 0 to 5 rate and go on, X throws away, Space starts a slideshow, Esc leaves."
            )
        )
        self.setFocusProxy(self.view)


def _label(row: PictureRow) -> str:
    """The name of the file with what somebody thinks of it."""
    marks = " ".join(part for part in ("★" * row.rating, "♥" * row.favourite) if part)
    return f"{row.path.name}   {marks}" if marks else row.path.name
