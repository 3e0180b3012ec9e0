from pathlib import Path

import pytest

from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.ui.basics.picture_files import read_image
from support.gallery import SMALL, write_own
from support.ui_pictures import plain


@pytest.mark.parametrize("kind", PictureKind)
def test_pictures_of_every_kind_that_is_saved_can_be_seen(tmp_path: Path, kind: PictureKind):
    path = write_own(tmp_path / f"fox.{kind}", kind=kind)
    image, problem = read_image(path)
    assert (image.width(), image.height(), problem) == (SMALL.width, SMALL.height, "")
    small, _ = read_image(path, 16)
    assert (small.width(), small.height()) == (16, 16)


def test_colours_come_through_where_qt_has_no_reader(tmp_path: Path):
    path = write_own(tmp_path / "fox.avif", kind=PictureKind.AVIF)
    same = write_own(tmp_path / "fox.png")
    one, other = read_image(path)[0].pixelColor(9, 20), read_image(same)[0].pixelColor(9, 20)
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    assert all(abs(a - b) < 40 for a, b in pairs)


def test_what_is_no_picture_is_said_so(tmp_path: Path):
    (tmp_path / "notes.png").write_text("not a picture")
    image, problem = read_image(tmp_path / "notes.png")
    assert image.isNull()
    assert problem
    assert plain(4, 4).save(str(tmp_path / "half.png"))
    (tmp_path / "half.png").write_bytes((tmp_path / "half.png").read_bytes()[:50])
    image, problem = read_image(tmp_path / "half.png")
    assert image.isNull()
    assert problem
