from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.packs.pack_card import PackCard, Verb
from sana_desktop.ui.packs.pack_list import PackList
from support.pack_surveys import survey, unfinished


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
    with qtbot.waitSignal(packs.actionRequested) as chosen:
        qtbot.mouseClick(button_of(packs.cards[0]), Qt.MouseButton.LeftButton)
    assert chosen.args == ["toy", "use"]


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


def test_an_offer_can_be_fetched_or_explained(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    card = packs.cards[3]
    with qtbot.waitSignal(packs.actionRequested) as asked:
        qtbot.mouseClick(button_of(card), Qt.MouseButton.LeftButton)
    assert asked.args == [card.facts.key, "fetch"]
    by_hand = card.button(Verb.EXPLAIN)
    assert by_hand is not None
    with qtbot.assertNotEmitted(packs.actionRequested):
        qtbot.mouseClick(by_hand, Qt.MouseButton.LeftButton)
    assert card.steps_open


def test_what_is_unfinished_stands_before_the_offers(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    packs.show_survey(replace(survey(tmp_path), unfinished=(unfinished(),)), "toy")
    card = packs.cards[3]
    assert card.facts.verdict == "Paused: 1.0\u00a0GB of 4.0\u00a0GB are here."
    assert [action.verb for action in card.facts.actions] == [Verb.FETCH, Verb.DISCARD]


def test_a_pack_can_be_removed_if_it_is_ours_and_does_not_draw_and_repaired_if_it_was_fetched(
    qtbot: QtBot, tmp_path: Path
) -> None:
    packs = list_in(qtbot, tmp_path)
    whole = survey(tmp_path)
    own = replace(whole, installed=(replace(whole.installed[0], own=True, fetched=True),))
    assert packs.cards[0].button(Verb.REMOVE) is None
    packs.show_survey(own, "other")
    remove, repair = packs.cards[0].button(Verb.REMOVE), packs.cards[0].button(Verb.REPAIR)
    assert remove is not None
    assert repair is not None
    assert remove.isEnabled()
    packs.show_survey(own, "toy")
    remove = packs.cards[0].button(Verb.REMOVE)
    assert remove is not None
    assert "choose another first" in remove.toolTip()


def test_new_cards_are_as_busy_as_the_old(qtbot: QtBot, tmp_path: Path) -> None:
    packs = list_in(qtbot, tmp_path)
    packs.set_busy(True)
    packs.show_survey(survey(tmp_path), "toy")
    check = packs.cards[0].button(Verb.VERIFY)
    assert check is not None
    assert not check.isEnabled()


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
