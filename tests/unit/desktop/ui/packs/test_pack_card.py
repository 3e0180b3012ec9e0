from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.packs.pack_card import CardAction, CardFacts, PackCard, Verb

FACTS = CardFacts(
    key="toy",
    name="Toy",
    lines=("256 px", "MIT"),
    verdict="Fits.",
    level=FitLevel.FITS,
    actions=(CardAction(verb=Verb.USE, label="Use"),),
)


def card_in(qtbot: QtBot, facts: CardFacts) -> tuple[PackCard, QPushButton]:
    card = PackCard(facts)
    qtbot.addWidget(card)
    card.show()
    button = card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    return card, button


def test_it_says_everything_also_to_a_screen_reader(qtbot: QtBot) -> None:
    card, button = card_in(qtbot, FACTS)
    assert [label.text() for label in card.findChildren(QLabel)] == ["Toy", "256 px\nMIT", "Fits."]
    assert card.accessibleName() == "Toy"
    assert card.accessibleDescription() == "256 px MIT Fits."
    assert button.accessibleName() == "Use: Toy"


def test_the_button_names_the_pack(qtbot: QtBot) -> None:
    card, button = card_in(qtbot, FACTS)
    with qtbot.waitSignal(card.actionRequested) as asked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == ["toy", "use"]


def test_a_button_that_is_disabled_says_why(qtbot: QtBot) -> None:
    action = CardAction(verb=Verb.USE, label="Use", reason="It has no vae.")
    _, button = card_in(qtbot, replace(FACTS, actions=(action,)))
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "It has no vae."


def test_steps_are_opened_and_closed_instead(qtbot: QtBot) -> None:
    explain = CardAction(verb=Verb.EXPLAIN, label="By hand")
    facts = replace(FACTS, actions=(explain,), steps=(("First:", False), ("hf download x", True)))
    card, button = card_in(qtbot, facts)
    assert not card.steps_open
    with qtbot.assertNotEmitted(card.actionRequested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert card.steps_open
    assert button.text() == "Hide steps"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not card.steps_open
    assert button.text() == "By hand"


def test_while_something_is_done_only_choosing_and_reading_are_possible(qtbot: QtBot) -> None:
    remove = CardAction(verb=Verb.REMOVE, label="Remove…", reason="It draws now.")
    card, use = card_in(
        qtbot, replace(FACTS, actions=(*FACTS.actions, CardAction(verb=Verb.VERIFY, label="Check"), remove))
    )
    check, gone = card.button(Verb.VERIFY), card.button(Verb.REMOVE)
    assert check is not None
    assert gone is not None
    card.set_busy(True)
    assert (use.isEnabled(), check.isEnabled()) == (True, False)
    assert check.toolTip() == "Something is being done already."
    card.set_busy(False)
    assert (check.isEnabled(), check.toolTip()) == (True, "")
    assert (gone.isEnabled(), gone.toolTip()) == (False, "It draws now.")
    assert card.button(Verb.FETCH) is None


def test_markup_in_a_name_stays_letters(qtbot: QtBot) -> None:
    card, _ = card_in(qtbot, replace(FACTS, name="<h1>Big</h1>"))
    assert {label.textFormat() for label in card.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
