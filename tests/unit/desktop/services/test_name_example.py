from datetime import datetime

import pytest

from sana_desktop.errors import OutputError
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.services.name_example import example_name

NOW = datetime(2026, 3, 9, 14, 5, 59)


def test_an_example_shows_folders_and_ending():
    assert example_name("[date]/[number]-[seed]", "jpeg", NOW) == "2026-03-09/00042-1234567890.jpg"
    assert example_name("[seed]_[prompt_words]", "png", NOW) == "1234567890_a-red-fox-in-the-snow.png"


@pytest.mark.parametrize("kind", list(PictureKind))
def test_every_format_has_an_ending(kind: PictureKind):
    assert example_name("[seed]", kind.value, NOW).startswith("1234567890.")


def test_a_pattern_that_will_not_do_is_refused():
    with pytest.raises(OutputError, match="not a word"):
        example_name("[sed]", "png", NOW)
