from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.ui.basics.theme import SHADES, Theme, palette
from sana_desktop.ui.gallery.cell_painter import CellPainter
from support.gallery_rows import row_of
from support.ui_pictures import plain

PLACE = QRect(10, 10, 100, 100)
LOOK = palette(SHADES[Theme.DARK])


def painted(row: PictureRow | None, image: QImage | None, *, selected: bool = False, current: bool = False) -> QImage:
    sheet = QImage(120, 120, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.black)
    painter = QPainter(sheet)
    CellPainter("cannot be shown", "missing").paint(
        painter, PLACE, LOOK, row, image, selected=selected, current=current
    )
    painter.end()
    return sheet


def test_a_picture_is_painted_whole_in_the_middle_of_its_place(qapp: object) -> None:
    sheet = painted(row_of(1), plain(100, 50, "orange"))
    assert sheet.pixelColor(60, 60) == QColor("orange")
    assert sheet.pixelColor(60, 20) == QColor("black")


def test_a_picture_of_another_size_is_brought_to_its_place_until_the_right_one_is_there(qapp: object) -> None:
    sheet = painted(row_of(1), plain(400, 400, "orange"))
    assert sheet.pixelColor(11, 11) == QColor("orange")
    assert sheet.pixelColor(5, 60) == QColor("black")


def test_what_is_not_there_yet_has_a_quiet_place(qapp: object) -> None:
    quiet = LOOK.color(QPalette.ColorRole.AlternateBase)
    assert painted(None, None).pixelColor(60, 60) == quiet
    words = painted(row_of(1), QImage())
    assert any(words.pixelColor(x, y) != quiet for x in range(15, 105) for y in range(30, 90))


def test_marks_frames_and_missing_files_are_seen(qapp: object) -> None:
    image = plain(100, 100, "orange")
    bare = painted(row_of(1), image)
    for changed in (
        painted(row_of(1, rating=3), image),
        painted(row_of(1, favourite=True), image),
        painted(row_of(1, state=PictureState.MISSING), image),
        painted(row_of(1), image, selected=True),
        painted(row_of(1), image, current=True),
    ):
        assert changed != bare
