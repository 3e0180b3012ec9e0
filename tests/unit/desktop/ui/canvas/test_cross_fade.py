import pytest
from PySide6.QtCore import QAbstractAnimation
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.cross_fade import DURATION_MS, CrossFade
from support.ui_pictures import plain


class CalmStyle(QProxyStyle):
    """What a desktop without animations asks for."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        return 0 if hint is QStyle.StyleHint.SH_Widget_Animation_Duration else 1


@pytest.fixture
def view(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def seen_at(fade: CrossFade, ms: int) -> QColor:
    """What is left of the old picture over a black one, so long after the beginning."""
    fade._animation.setCurrentTime(ms)
    screen = plain(8, 8, "black")
    painter = QPainter(screen)
    fade.paint(painter, 0, 0)
    painter.end()
    return screen.pixelColor(4, 4)


def test_the_old_picture_disappears_bit_by_bit(view: QWidget):
    fade = CrossFade(view, animated=True)

    fade.begin(plain(8, 8, "white"))
    fade._animation.pause()

    assert fade.is_running
    shades = [seen_at(fade, ms).red() for ms in (0, 40, 80, 119)]
    assert shades[0] == 255
    assert shades == sorted(shades, reverse=True)
    assert shades[-1] < 10


def test_it_ends_by_itself_and_asks_for_few_repaints(view: QWidget, qtbot: QtBot):
    fade = CrossFade(view, animated=True)
    asked: list[None] = []
    fade.changed.connect(lambda: asked.append(None))

    fade.begin(plain(8, 8, "white"))
    qtbot.waitUntil(lambda: not fade.is_running)

    # One for each 16 ms, one at the beginning and one at the end.
    assert 1 <= len(asked) <= DURATION_MS // 16 + 3
    assert fade._animation.state() is QAbstractAnimation.State.Stopped


def test_it_can_be_stopped(view: QWidget):
    fade = CrossFade(view, animated=True)
    fade.begin(plain(8, 8, "white"))

    fade.stop()

    assert not fade.is_running
    assert seen_at(fade, 0) == QColor("black")


def test_nothing_is_painted_without_an_old_picture(view: QWidget):
    assert seen_at(CrossFade(view), 0) == QColor("black")


def test_the_desktop_decides_unless_somebody_else_does(view: QWidget, qtbot: QtBot):
    calm = CalmStyle()
    view.setStyle(calm)

    assert not CrossFade(view).is_wanted
    assert CrossFade(view, animated=True).is_wanted
    assert not CrossFade(view, animated=False).is_wanted
    view.setStyle(None)  # pyright: ignore[reportArgumentType]  # Qt's own way back


def test_a_null_picture_never_runs(view: QWidget):
    fade = CrossFade(view, animated=True)

    fade.begin(QImage())
    fade.stop()

    assert not fade.is_running
