from PySide6.QtGui import QFont, QFontMetrics, QPainter
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.elided_text import draw_lines, elided_lines
from support.ui_pictures import plain

LONG = "a lighthouse on a cliff at dusk, warm light in the windows, storm clouds"


def test_text_is_broken_between_words_and_cut_at_the_end(qtbot: QtBot):
    font = QFont()
    lines = elided_lines(LONG, font, 150, 2)

    assert len(lines) == 2
    assert LONG.startswith(lines[0])
    assert lines[0].endswith(" ") or LONG[len(lines[0])] == " "
    assert lines[1].endswith("…")
    assert all(QFontMetrics(font).horizontalAdvance(line.rstrip()) <= 150 for line in lines)


def test_short_text_stays_as_it_is(qtbot: QtBot):
    assert elided_lines("an owl", QFont(), 150, 2) == ["an owl"]
    assert elided_lines("", QFont(), 150, 2) == []
    assert elided_lines("an\n\n owl\t", QFont(), 150, 1) == ["an owl"]


def test_a_word_without_end_is_broken_somewhere(qtbot: QtBot):
    lines = elided_lines("x" * 100_000, QFont(), 150, 3)

    assert len(lines) == 3
    assert len(lines[0]) > 5


def test_no_room_at_all_ends_too(qtbot: QtBot):
    assert len(elided_lines(LONG, QFont(), 0, 3)) == 3


def test_lines_are_written_below_each_other(qtbot: QtBot):
    image = plain(150, 60, "white")
    painter = QPainter(image)
    painter.setPen("black")
    below = draw_lines(painter, 0, 10, ["HH", "HH"], QFont())
    painter.end()

    assert below == 10 + 2 * QFontMetrics(QFont()).lineSpacing()
    dark = [y for y in range(60) if any(image.pixelColor(x, y).value() < 128 for x in range(60))]
    assert dark[0] > 10
    assert dark[-1] < below
