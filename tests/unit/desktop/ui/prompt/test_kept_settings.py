import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import Conditioning
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.prompt.kept_settings import KeptSettings
from support.recipes import APPLE, recipe

ODD = recipe(
    flow_shift=2.5, guidance_interval=GuidanceInterval(0.2, 0.9), conditioning=Conditioning.OFFICIAL, steps=APPLE.steps
)


@pytest.fixture
def kept(qtbot: QtBot) -> KeptSettings:
    widget = KeptSettings()
    qtbot.addWidget(widget)
    return widget


def test_it_is_hidden_and_changes_nothing_while_all_is_as_usual(kept: KeptSettings):
    assert kept.isHidden()
    assert kept.applied(APPLE) == APPLE
    assert kept.draft() == {}


def test_what_a_picture_brought_is_said_and_applied(kept: KeptSettings, qtbot: QtBot):
    with qtbot.waitSignal(kept.changed):
        kept.use(ODD)
    assert not kept.isHidden()
    assert kept.text == "From the picture: flow shift 2.5, guidance interval 0.2:0.9, conditioning official"
    assert kept.applied(recipe(steps=APPLE.steps)) == ODD


def test_it_can_be_dropped(kept: KeptSettings, qtbot: QtBot):
    kept.use(ODD)
    (button,) = kept.findChildren(QPushButton)
    with qtbot.waitSignal(kept.changed):
        button.click()
    assert kept.isHidden()
    assert kept.applied(APPLE) == APPLE


def test_the_same_again_is_no_change(kept: KeptSettings, qtbot: QtBot):
    kept.use(ODD)
    with qtbot.assertNotEmitted(kept.changed):
        kept.use(ODD)


def test_it_comes_back_from_its_draft(kept: KeptSettings, qtbot: QtBot):
    kept.use(ODD)
    other = KeptSettings()
    qtbot.addWidget(other)
    other.set_draft(kept.draft())
    assert other.text == kept.text


def test_a_draft_of_other_things_leaves_it_alone(kept: KeptSettings):
    kept.use(ODD)
    kept.set_draft({"steps": 3})
    assert not kept.isHidden()


@pytest.mark.parametrize("value", [None, "x", -1.0, True, [], float("nan")])
@pytest.mark.parametrize("name", ["flow_shift", "conditioning", "guidance_interval"])
def test_a_damaged_draft_means_the_usual(kept: KeptSettings, name: str, value: object):
    kept.set_draft({name: value})
    assert kept.applied(APPLE) == APPLE


def test_every_recipe_of_the_usual_kind_comes_out_as_it_went_in(kept: KeptSettings):
    made: Recipe = recipe(seed=9)
    kept.use(made)
    assert kept.applied(made) == made
