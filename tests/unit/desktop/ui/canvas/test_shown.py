from pathlib import Path

from sana_desktop.ui.canvas.shown import Shown
from support.ui_pictures import plain


def test_two_pictures_are_never_equal_by_chance():
    # Comparing pixels would take long: a picture is itself.
    image = plain(8, 8)

    assert Shown(image, Path("a.png")) != Shown(image, Path("a.png"))
