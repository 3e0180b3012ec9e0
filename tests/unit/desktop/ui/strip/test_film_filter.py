from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sana_desktop.ui.strip.film_filter import FilmFilter
from sana_desktop.ui.strip.film_model import FilmModel, Frame
from support.recipes import recipe
from support.ui_pictures import plain


@pytest.fixture
def film(qtbot: QtBot) -> FilmModel:
    made = FilmModel()
    for name, prompt in (("1", "a red Fox in snow"), ("2", "a red apple"), ("3", "Straße bei Nacht")):
        made.prepend(plain(8, 8), Path(f"{name}.png"), recipe(prompt=prompt))
    made.append([Frame(plain(8, 8), Path("holiday.jpg"), None)])
    return made


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["3", "2", "1", "holiday"]),
        ("  ", ["3", "2", "1", "holiday"]),
        ("red", ["2", "1"]),
        ("RED fo", ["1"]),
        ("snow fox", ["1"]),
        ("strasse", ["3"]),
        ("STRAẞE", ["3"]),
        ("holi", ["holiday"]),
        ("green", []),
    ],
)
def test_every_word_must_be_there_in_any_order_and_case(film: FilmModel, words: str, names: list[str]):
    shown = FilmFilter(film)
    shown.set_words(words)

    assert [shown.frame(shown.index(row, 0)).path.stem for row in range(shown.rowCount())] == names


def test_new_pictures_are_filtered_too(film: FilmModel):
    shown = FilmFilter(film)
    tester = QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Warning)
    shown.set_words("fox")

    film.prepend(plain(8, 8), Path("4.png"), recipe(prompt="another fox"))
    film.prepend(plain(8, 8), Path("5.png"), recipe(prompt="a pear"))

    assert shown.rowCount() == 2
    assert tester.model() is shown
