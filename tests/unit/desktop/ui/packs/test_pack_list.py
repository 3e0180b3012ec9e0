from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.packs.pack_card import PackCard
from sana_desktop.ui.packs.pack_list import PackList
from support.pack_surveys import survey


def list_in(qtbot: QtBot, folder: Path, current: str = "other") -> PackList:
    packs = PackList()
    qtbot.addWidget(packs)
    packs.resize(600, 400)
    packs.show()
    packs.show_survey(survey(folder), current)
    return packs


def button_of(card: PackCard) -> QPushButton:
    button = card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    return button


def test_installed_broken_and_offered_packs_are_listed_in_this_order(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    names = [card.facts.name for card in packs.cards]
    assert names[:3] == ["Toy", "Half", "old"]
    assert len(names) > 10


def test_choosing_a_pack_names_it(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    with qtbot.waitSignal(packs.packChosen) as chosen:
        qtbot.mouseClick(button_of(packs.cards[0]), Qt.MouseButton.LeftButton)
    assert chosen.args == ["toy"]


def test_what_cannot_be_chosen_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path, current="toy")
    cards = packs.cards
    reasons = [button_of(card).toolTip() for card in cards[:3]]
    assert reasons == [
        "This pack draws already.",
        "Pack “half” cannot draw yet: it has no vae.",
        "old/pack.toml has format 3. Update Sana Desktop.",
    ]
    assert not any(button_of(card).isEnabled() for card in cards[:3])
    assert cards[0].facts.current


def test_an_offer_has_steps_and_cannot_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    card = packs.cards[3]
    with qtbot.assertNotEmitted(packs.packChosen):
        qtbot.mouseClick(button_of(card), Qt.MouseButton.LeftButton)
    assert card.steps_open


def test_it_scrolls_to_the_offers(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    packs.show_offers()
    assert packs.verticalScrollBar().value() > 0
    qtbot.waitUntil(lambda: packs.cards[2].visibleRegion().isEmpty())


def test_a_new_survey_takes_the_place_of_the_old(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    count = len(packs.cards)
    packs.verticalScrollBar().setValue(50)
    packs.show_survey(survey(tmp_path), "toy")
    assert len(packs.cards) == count
    assert packs.cards[0].facts.current
