import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from sana_desktop.domain.adoption import Adoption, Part, adopt
from sana_desktop.domain.inspected import Inspected
from sana_desktop.domain.sizes import Size
from sana_desktop.ui.inspect.inspect_panel import InspectPanel
from support.ui_pictures import plain

FOUND = Inspected(
    tool="Forge",
    prompt="a fox",
    negative="blurry",
    seed=5,
    steps=25,
    guidance=7.0,
    size=(1000, 700),
    sampler="Euler a",
    model="sd_xl",
    extra=(("Clip skip", "2"),),
    notes=("A damaged text was passed over.",),
)


@pytest.fixture
def panel(qtbot: QtBot) -> InspectPanel:
    made = InspectPanel()
    qtbot.addWidget(made)
    made.show_found("fox.png", FOUND, plain(320, 160))
    made.show()
    return made


def test_everything_that_is_known_is_shown(panel: InspectPanel):
    assert [(row.name, row.value) for row in panel.rows] == [
        ("Prompt", "a fox"),
        ("Negative prompt", "blurry"),
        ("Seed", "5"),
        ("Size", "1000 × 700"),
        ("Steps", "25"),
        ("Guidance", "7"),
        ("Sampler", "Euler a"),
        ("Model", "sd_xl"),
        ("Clip skip", "2"),
    ]
    assert (panel._title.text(), panel._name.text()) == ("Forge", "fox.png")
    assert not panel._thumbnail.pixmap().isNull()


def test_it_says_what_was_not_read_and_what_would_change(panel: InspectPanel):
    assert panel.notes.split("\n") == [
        "A damaged text was passed over.",
        "On use: Size 1000 × 700 → 992 × 704.",
        "On use: Sampler “Euler a” is not ours: Flow-DPM is taken.",
        "On use: Model “sd_xl” is not installed here: yours stays.",
    ]


@pytest.mark.parametrize("part", list(Part))
def test_each_part_can_be_used(panel: InspectPanel, qtbot: QtBot, part: Part):
    with qtbot.waitSignal(panel.useRequested) as asked:
        panel.button(part).click()

    assert asked.args == [adopt(FOUND, part), part]


def test_the_size_that_is_used_can_be_drawn(panel: InspectPanel, qtbot: QtBot):
    with qtbot.waitSignal(panel.useRequested) as asked:
        panel.button(Part.SIZE).click()

    assert asked.args is not None
    taken: Adoption = asked.args[0]
    assert taken.size == Size(992, 704)


def test_what_the_picture_does_not_say_cannot_be_used(panel: InspectPanel):
    panel.show_found("x.png", Inspected(tool="x", seed=4), QImage())

    assert [part for part in Part if panel.button(part).isEnabled()] == [Part.SEED, Part.ALL, Part.ALL_BUT_SEED]
    assert panel.button(Part.PROMPT).toolTip() == panel.button(Part.PROMPT).accessibleDescription() != ""
    assert panel.notes == ""
    assert panel._thumbnail.text()
    assert [row.name for row in panel.rows] == ["Seed"]


def test_another_picture_takes_the_place_of_the_first(panel: InspectPanel):
    panel.show_found("x.png", Inspected(tool="ComfyUI", seed=4), QImage())
    panel.show_found("fox.png", FOUND, plain(320, 160))

    assert panel._thumbnail.text() == ""
    assert panel.button(Part.PROMPT).toolTip() == ""
    assert len(panel.rows) == 9


def test_markup_from_a_stranger_is_not_rendered(panel: InspectPanel):
    panel.show_found("<b>x</b>", Inspected(tool="<img src='http://x'>", prompt="<b>fox</b>"), QImage())

    assert panel._title.textFormat() is panel._name.textFormat() is panel._notes.textFormat()
    assert panel._title.textFormat().name == "PlainText"


def test_enter_uses_nothing(panel: InspectPanel):
    assert not any(panel.button(part).autoDefault() for part in Part)


def test_packs_that_are_installed_need_no_note(qtbot: QtBot):
    panel = InspectPanel(packs=["sd_xl"])
    qtbot.addWidget(panel)

    panel.show_found("fox.png", FOUND, QImage())

    assert "Model" not in panel.notes
