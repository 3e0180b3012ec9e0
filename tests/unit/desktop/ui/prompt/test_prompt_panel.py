import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea, QSpinBox
from pytestqt.qtbot import QtBot

from sana_desktop.domain.adoption import Adoption
from sana_desktop.domain.choices import Emphasis, Precision, PreviewChoice, Solver
from sana_desktop.domain.job import Order
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.domain.styles import Style
from sana_desktop.services.styles import StyleBook
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from sana_desktop.ui.prompt.recipe_parts import RecipePart
from sana_desktop.ui.prompt.style_form import StyleForm
from sana_desktop.ui.prompt.style_picker import StylePicker
from sana_desktop.ui.prompt.token_meter import TokenMeter
from support.prompt_panels import CONTROL, STARTER, about, button, found, marked, named, panel_for, prompt


def test_typing_and_ctrl_enter_orders_what_the_pack_does_best(panel: PromptPanel, orders: list[Order], qtbot: QtBot):
    qtbot.keyClicks(prompt(panel), "a red fox")
    qtbot.keyClick(prompt(panel), Qt.Key.Key_Return, CONTROL)

    (order,) = orders
    recipe = order.recipe
    assert (recipe.prompt, recipe.negative, recipe.pack, recipe.seed) == ("a red fox", "", "starter", 100)
    assert (recipe.size, recipe.steps, recipe.guidance) == (Size(256, 256), 20, 4.0)
    assert (recipe.solver, recipe.precision, recipe.flow_shift) == (Solver.FLOW_DPM, Precision.AUTO, None)
    assert (order.count, order.batch, order.latents) == (1, 1, None)


def test_the_button_orders_too_and_every_order_has_a_new_seed(panel: PromptPanel, orders: list[Order], qtbot: QtBot):
    for _ in range(3):
        qtbot.mouseClick(button(panel), Qt.MouseButton.LeftButton)

    assert [order.recipe.seed for order in orders] == [100, 101, 102]


def test_an_empty_prompt_may_be_drawn(panel: PromptPanel, orders: list[Order]):
    panel.generate()

    assert orders[0].recipe.prompt == ""


def test_what_is_chosen_is_ordered(panel: PromptPanel, orders: list[Order]):
    panel.set_draft(
        {
            "prompt": "a hen 🐔",
            "negative": "dull",
            "size": "288x224",
            "count": 4,
            "seed": 7,
            "seed_locked": True,
            "steps": 5,
            "guidance": 2.5,
            "solver": "flow-euler",
            "precision": "fp32",
        }
    )

    panel.generate()
    panel.generate()

    assert orders[0] == orders[1]
    recipe = orders[0].recipe
    assert (recipe.prompt, recipe.negative, recipe.size) == ("a hen 🐔", "dull", Size(288, 224))
    assert (recipe.seed, recipe.steps, recipe.guidance) == (7, 5, 2.5)
    assert (recipe.solver, recipe.precision) == (Solver.FLOW_EULER, Precision.FP32)
    assert orders[0].count == 4


def test_the_button_says_what_it_will_do(panel: PromptPanel):
    assert button(panel).text() == "Generate"
    assert about(panel) == "256 × 256 pixels in 20 steps"
    panel.set_busy(True)
    assert button(panel).text() == "Add to queue"
    panel.set_draft({"count": 4})
    assert button(panel).text() == "Add 4 pictures to queue"
    panel.set_busy(False)
    assert button(panel).text() == "Generate 4 pictures"
    assert "Ctrl+Enter" in button(panel).toolTip()


def test_a_size_that_the_starter_has_never_seen_is_called_experimental(panel: PromptPanel, qtbot: QtBot):
    panel.set_draft({"size": "288x224"})
    assert "experimental" in about(panel)

    other = panel_for(qtbot, replace(STARTER, id="real"))
    other.set_draft({"size": "288x224"})
    assert "experimental" not in about(other)


def test_a_button_that_is_off_says_why(panel: PromptPanel, orders: list[Order], qtbot: QtBot):
    panel.set_draft({"seed": 2**63 - 1, "seed_locked": True, "count": 2})

    assert not button(panel).isEnabled()
    assert "would be above" in button(panel).toolTip()
    assert "fewer pictures" in about(panel)
    qtbot.keyClick(prompt(panel), Qt.Key.Key_Return, CONTROL)
    assert orders == []
    panel.set_draft({"count": 1})
    assert button(panel).isEnabled()


def test_a_prompt_that_is_too_long_is_kept_and_refused(panel: PromptPanel, orders: list[Order]):
    panel.set_draft({"prompt": "x" * 100_001})
    panel.generate()

    assert orders == []
    assert "100001 characters" in panel.refusal
    assert len(prompt(panel).toPlainText()) == 100_001


def test_a_seed_that_is_too_large_is_refused_with_the_reason(panel: PromptPanel, qtbot: QtBot):
    field = next(line for line in panel.findChildren(QLineEdit) if line.accessibleName() == "Seed")
    field.selectAll()
    qtbot.keyClicks(field, "9" * 25)

    assert field.text() == "9" * 19
    assert "Seed" in panel.refusal


def test_every_change_is_told_once_it_is_in_the_draft(panel: PromptPanel, qtbot: QtBot):
    drafts = [panel.draft()]
    panel.draftChanged.connect(lambda: drafts.append(panel.draft()))

    qtbot.keyClicks(prompt(panel), "x")
    count = named(panel, "Pictures")
    assert isinstance(count, QSpinBox)
    count.setValue(2)
    qtbot.mouseClick(named(panel, "Format 4:3"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(named(panel, "Keep the seed"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(named(panel, "More settings"), Qt.MouseButton.LeftButton)

    assert drafts[-1] == drafts[0] | {
        "prompt": "x",
        "count": 2,
        "size": "288x224",
        "seed_locked": True,
        "more_open": True,
    }


def test_a_draft_survives_a_file_and_a_restart(panel: PromptPanel, qtbot: QtBot):
    panel.set_draft(
        {"prompt": "a\n“fox” 🦊", "seed": 2**63 - 1, "seed_locked": True, "size": "192x352", "more_open": True}
    )
    later = panel_for(qtbot)

    with qtbot.assertNotEmitted(later.draftChanged):
        later.set_draft(json.loads(json.dumps(panel.draft())))

    assert later.draft() == panel.draft()


def test_a_draft_keeps_the_old_words_within_undo(panel: PromptPanel, qtbot: QtBot):
    qtbot.keyClicks(prompt(panel), "a fox")
    panel.set_draft({"prompt": "a hen"})

    prompt(panel).undo()

    assert prompt(panel).toPlainText() == "a fox"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2)
)
KEYS = (
    "prompt", "negative", "styles", "size", "size_taken", "count", "seed", "seed_locked", "more_open",
    "steps", "guidance", "solver", "precision", "preview",
)  # fmt: skip


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ANYTHING)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_draft_at_all_leaves_a_panel_that_works(panel: PromptPanel, draft: dict[str, object]):
    panel.set_draft(draft)

    assert panel.draft().keys() == set(KEYS)
    assert json.loads(json.dumps(panel.draft())) == panel.draft()


def test_the_focus_goes_from_top_to_bottom(panel: PromptPanel, qtbot: QtBot):
    panel.set_draft({"more_open": True})
    panel.focus_prompt()
    qtbot.waitUntil(prompt(panel).hasFocus)

    visited: list[str] = []
    for _ in range(16):
        focused = panel.focusWidget()
        assert focused is not None
        visited.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)

    assert visited == [
        "Prompt", "Prompt history", "Styles", "Format 1:1", "Pictures", "Seed", "Roll a seed", "Keep the seed",
        "More settings", "Negative prompt", "Steps", "Guidance", "Solver", "Precision", "Preview",
        "Back to the pack's values",
    ]  # fmt: skip


def test_writing_goes_on_where_a_draft_ends(panel: PromptPanel, qtbot: QtBot):
    panel.set_draft({"prompt": "a fox"})

    panel.focus_prompt()
    qtbot.keyClicks(prompt(panel), "glove")

    assert prompt(panel).hasFocus()
    assert prompt(panel).toPlainText() == "a foxglove"


def last(orders: list[Order]) -> Recipe:
    return orders[-1].recipe


def test_styles_and_comments_shape_the_recipe_and_stay_out_of_the_words(panel: PromptPanel, orders: list[Order]):
    panel.set_draft(
        {"prompt": "a fox # or a hen?\n# at night", "negative": "dull # really", "styles": ["Photo", "gone"]}
    )

    panel.generate()

    assert last(orders).prompt == panel.prompt_text == "a photo of a fox, sharp"
    assert last(orders).negative == "dull, drawing"
    assert last(orders).emphasis is Emphasis.LITERAL
    assert panel.draft()["prompt"] == "a fox # or a hen?\n# at night"
    assert panel.draft()["styles"] == ["Photo"]


@pytest.mark.parametrize(
    ("draft", "emphasis", "prompt"),
    [
        ({"prompt": "a (fox:1.3)"}, Emphasis.WEIGHTED, "a (fox:1.3)"),
        ({"prompt": "a fox", "negative": "(hen:1.2)"}, Emphasis.WEIGHTED, "a fox"),
        ({"prompt": "a fox", "styles": ["Ink"]}, Emphasis.WEIGHTED, "a fox, black (ink:1.2)"),
        ({"prompt": "a (red) fox"}, Emphasis.LITERAL, "a (red) fox"),
        ({"prompt": "a fox # (x:1.3)"}, Emphasis.LITERAL, "a fox"),
        ({"prompt": r"a fox \(animal\)"}, Emphasis.LITERAL, "a fox (animal)"),
    ],
)
def test_weights_weigh_only_where_somebody_wrote_one(
    panel: PromptPanel, orders: list[Order], draft: dict[str, object], emphasis: Emphasis, prompt: str
):
    panel.set_draft(draft)

    panel.generate()

    assert (last(orders).emphasis, last(orders).prompt) == (emphasis, prompt)


def test_styles_that_multiply_too_far_turn_the_button_off(qtbot: QtBot):
    styles = [Style(f"Many {number}", "{prompt} and " * 600) for number in range(3)]
    panel = PromptPanel(STARTER, lambda: 1, styles=StyleBook(styles))
    qtbot.addWidget(panel)

    panel.set_draft({"prompt": "a fox", "styles": [style.name for style in styles]})

    assert "would be longer than" in panel.refusal
    assert not button(panel).isEnabled()
    assert panel.recipe is None


def test_an_order_can_go_before_all_others(panel: PromptPanel, orders: list[Order], qtbot: QtBot):
    first: list[Order] = []
    panel.generateFirstRequested.connect(first.append)

    qtbot.keyClick(prompt(panel), Qt.Key.Key_Return, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    panel.submit_first()

    assert [order.recipe.seed for order in first] == [100, 101]
    assert orders == []


def test_a_forecast_is_part_of_the_button(panel: PromptPanel):
    panel.set_forecast("about 6 s")
    assert "about 6 s" in button(panel).accessibleDescription()

    panel.set_draft({"seed": 2**63 - 1, "seed_locked": True, "count": 2})
    assert "about 6 s" not in button(panel).accessibleDescription()


def test_what_was_drawn_is_remembered_as_it_was_typed(panel: PromptPanel, qtbot: QtBot):
    qtbot.keyClicks(prompt(panel), "a fox # note")
    panel.generate()
    prompt(panel).clear()

    qtbot.keyClick(prompt(panel), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert prompt(panel).toPlainText() == "a fox # note"


def test_who_counts_tokens_hears_of_every_other_text_and_of_nothing_else(panel: PromptPanel, qtbot: QtBot):
    texts: list[str] = []
    panel.promptTextChanged.connect(texts.append)

    qtbot.keyClicks(prompt(panel), "a ")
    qtbot.keyClicks(prompt(panel), "#")
    panel.set_draft({"count": 3, "seed": 5})
    found(panel, StylePicker).choose(["Photo"])

    assert texts == ["a", "a ", "a", "a photo of a, sharp"]


def test_a_count_marks_the_words_that_are_not_read(panel: PromptPanel):
    panel.set_draft({"prompt": "a 🦊 # x\nin deep snow", "styles": ["Photo"]})
    assert panel.prompt_text == "a photo of a 🦊\nin deep snow, sharp"
    meter = found(panel, TokenMeter)

    panel.show_token_count(12, 9, panel.prompt_text.index(" deep"))
    assert meter.text() == "12 / 9 tokens · the last 3 words are not read"
    assert marked(panel) == [[], ["deep snow"]]

    panel.show_token_count(12, 9, panel.prompt_text.index(", sharp"))
    assert meter.text() == "12 / 9 tokens · the last 2 words are not read"
    assert marked(panel) == [[], []]

    panel.show_token_count(2, 1, 0)
    assert marked(panel) == [["a 🦊 "], ["in deep snow"]]
    panel.show_token_count(None, 9)
    assert meter.text() == ""
    assert marked(panel) == [[], []]


RECIPE = Recipe(
    prompt="a (blue:1.2) hen",
    negative="fox",
    size=Size(832, 1216),
    steps=7,
    guidance=3.5,
    seed=77,
    solver=Solver.FLOW_EULER,
    pack="other",
    precision=Precision.FP32,
    emphasis=Emphasis.WEIGHTED,
)


def test_a_picture_s_recipe_is_taken_over_whole_and_draws_it_again(panel: PromptPanel, orders: list[Order]):
    panel.set_draft({"prompt": "mine", "styles": ["Photo"], "count": 2})

    panel.use_recipe(RECIPE)
    panel.generate()

    assert last(orders) == replace(RECIPE, pack="starter")
    assert orders[-1].count == 2


@pytest.mark.parametrize(
    ("parts", "changed"),
    [
        (RecipePart.PROMPT, {"prompt": "a (blue:1.2) hen", "styles": []}),
        (RecipePart.NEGATIVE, {"negative": "fox"}),
        (RecipePart.SEED, {"seed": 77, "seed_locked": True}),
        (RecipePart.SIZE, {"size": "832x1216", "size_taken": True}),
        (RecipePart.SETTINGS, {"steps": 7, "guidance": 3.5, "solver": "flow-euler", "precision": "fp32"}),
    ],
)
def test_a_part_of_a_recipe_leaves_the_rest_alone(panel: PromptPanel, parts: RecipePart, changed: dict[str, object]):
    panel.set_draft({"prompt": "mine", "styles": ["Photo"], "seed": 5})
    before = panel.draft()

    panel.use_recipe(RECIPE, parts)

    assert panel.draft() == before | changed


def test_all_but_the_seed_draws_another_one(panel: PromptPanel, orders: list[Order]):
    panel.use_recipe(RECIPE, RecipePart.ALL_BUT_SEED)
    panel.generate()

    assert last(orders) == replace(RECIPE, pack="starter", seed=100)


@pytest.mark.parametrize("text", ["a (blue:1.2) hen", r"a \(blue\) hen", "a (blue) hen", "back\\slash"])
def test_letters_that_look_like_weights_stay_letters(panel: PromptPanel, orders: list[Order], text: str):
    literal = replace(RECIPE, prompt=text, emphasis=Emphasis.LITERAL)

    panel.use_recipe(literal)
    panel.generate()

    assert last(orders) == replace(literal, pack="starter")


def test_another_pack_keeps_what_fits(panel: PromptPanel, orders: list[Order]):
    panel.set_draft({"prompt": "a fox", "size": "352x192", "guidance": 7.0, "styles": ["Photo"]})
    other = replace(STARTER, id="real", base_size=1024, default_steps=14, default_guidance=4.5)
    changes: list[None] = []
    panel.draftChanged.connect(lambda: changes.append(None))

    panel.set_pack(other)
    panel.generate()

    recipe = last(orders)
    assert (recipe.pack, recipe.size, recipe.steps, recipe.guidance) == ("real", Size(1344, 768), 14, 7.0)
    assert recipe.prompt == "a photo of a fox, sharp"
    assert "experimental" not in about(panel)
    assert changes
    assert panel.pack is not STARTER


def test_a_draft_of_another_pack_keeps_its_shape(panel: PromptPanel):
    panel.set_draft({"size": "832x1216"})
    assert panel.draft()["size"] == "192x288"


def test_the_preview_is_told_when_it_changes_and_kept_in_the_draft(panel: PromptPanel):
    heard: list[PreviewChoice] = []
    panel.previewChosen.connect(heard.append)

    panel.set_draft({"preview": "off", "count": 2})
    panel.set_draft({"count": 3})

    assert heard == [PreviewChoice.OFF] == [panel.preview_choice]
    assert panel.draft()["preview"] == "off"
    panel.set_preview_choice(PreviewChoice.OFF)
    assert panel.preview_choice is PreviewChoice.OFF


def test_a_style_is_saved_from_what_is_written_and_can_be_chosen(panel: PromptPanel):
    panel.set_draft({"prompt": "{prompt} at dusk # note", "negative": "noon"})
    found(panel, StylePicker).saveRequested.emit()
    form = found(panel, StyleForm)
    found(form, QLineEdit).setText("Dusk")
    form._on_accepted()

    panel.set_draft({"prompt": "a fox", "negative": "", "styles": ["Dusk"]})

    assert panel.prompt_text == "a fox at dusk"


def test_a_renamed_style_stays_chosen(panel: PromptPanel, qtbot: QtBot):
    panel._on_style_written(Style("Dusk", "at dusk"))
    panel.set_draft({"styles": ["Ink", "Dusk", "Photo"]})
    panel._manager.open()
    assert [style.name for style in panel._book.own] == ["Dusk"]

    panel._manager._on_written(Style("Dawn", "at dawn"))

    assert panel.draft()["styles"] == ["Ink", "Dawn", "Photo"]


def test_a_header_stands_above_everything_for_eyes_and_for_the_tab_key(qtbot: QtBot):
    header = QPushButton("Starter")
    panel = PromptPanel(STARTER, lambda: 1, header=header)
    qtbot.addWidget(panel)
    panel.show()
    QApplication.processEvents()

    assert header.mapTo(panel, header.rect().bottomLeft()).y() < prompt(panel).mapTo(panel, prompt(panel).pos()).y()
    panel.focus_prompt()
    qtbot.waitUntil(prompt(panel).hasFocus)
    qtbot.keyClick(prompt(panel), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert header.hasFocus()


@pytest.mark.parametrize("width", [320, 340, 480])
def test_nothing_is_wider_than_the_panel(panel: PromptPanel, width: int):
    panel.set_draft({"more_open": True, "styles": ["Photo", "Ink"], "size": "832x1216", "size_taken": True})
    panel.resize(width, 700)
    QApplication.processEvents()

    scroll = found(panel, QScrollArea)
    fields = scroll.widget()
    assert fields is not None
    assert fields.width() <= scroll.viewport().width()
    assert fields.minimumSizeHint().width() <= 320 - scroll.verticalScrollBar().sizeHint().width()


def test_in_a_tall_window_the_prompt_stays_with_what_belongs_to_it(panel: PromptPanel):
    panel.resize(340, 1400)
    QApplication.processEvents()
    small = prompt(panel).height()
    panel.set_draft({"prompt": "word " * 60})
    for _ in range(5):
        QApplication.processEvents()

    assert small < 160
    assert small < prompt(panel).height() < 340


def test_what_another_program_wrote_is_taken_over_and_its_seed_locked(panel: PromptPanel):
    panel.adopt(Adoption(prompt="a (big) fox", negative="blur", seed=5, size=Size(288, 224), steps=12, guidance=3.0))
    draft = panel.draft()
    assert (draft["prompt"], draft["negative"], draft["seed"], draft["seed_locked"]) == ("a (big) fox", "blur", 5, True)
    assert (draft["size"], draft["steps"], draft["guidance"]) == ("288x224", 12, 3.0)
    panel.adopt(Adoption(seed=6))
    assert (panel.draft()["prompt"], panel.draft()["seed"]) == ("a (big) fox", 6)


def test_what_has_no_control_is_drawn_with_until_it_is_dropped(panel: PromptPanel):
    panel.use_recipe(made := replace(RECIPE, pack="starter", flow_shift=2.5))
    assert panel.recipe == made
    next(button for button in panel.findChildren(QPushButton) if button.text() == "Drop").click()
    assert panel.recipe == replace(made, flow_shift=None)
