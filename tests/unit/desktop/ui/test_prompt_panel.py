import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.job import Order
from sana_desktop.domain.sizes import Size
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.prompt_editor import PromptEditor
from sana_desktop.ui.prompt_panel import PromptPanel
from support.packs import manifest

STARTER = replace(manifest(Path("starter"), "starter"), base_size=256, default_steps=20, default_guidance=4.0)
CONTROL = Qt.KeyboardModifier.ControlModifier


def panel_for(qtbot: QtBot, pack: PackManifest = STARTER) -> PromptPanel:
    """A panel whose random seeds are 100, 101, 102, ..."""
    panel = PromptPanel(pack, itertools.count(100).__next__)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show()
    return panel


@pytest.fixture
def panel(qtbot: QtBot) -> PromptPanel:
    return panel_for(qtbot)


@pytest.fixture
def orders(panel: PromptPanel) -> list[Order]:
    """What the panel wants to be drawn."""
    heard: list[Order] = []
    panel.generateRequested.connect(heard.append)
    return heard


def named(panel: PromptPanel, name: str) -> QWidget:
    return next(widget for widget in panel.findChildren(QWidget) if widget.accessibleName() == name)


def button(panel: PromptPanel) -> QPushButton:
    found = named(panel, "Generate")
    assert isinstance(found, QPushButton)
    return found


def about(panel: PromptPanel) -> str:
    label = named(panel, "What will be drawn")
    assert isinstance(label, QLabel)
    return label.text()


def prompt(panel: PromptPanel) -> PromptEditor:
    found = named(panel, "Prompt")
    assert isinstance(found, PromptEditor)
    return found


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
    "prompt", "negative", "size", "count", "seed", "seed_locked", "more_open",
    "steps", "guidance", "solver", "precision",
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
    for _ in range(13):
        focused = panel.focusWidget()
        assert focused is not None
        visited.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)

    assert visited == [
        "Prompt", "Format 1:1", "Pictures", "Seed", "Roll a seed", "Keep the seed", "More settings",
        "Negative prompt", "Steps", "Guidance", "Solver", "Precision", "Back to the pack's values",
    ]  # fmt: skip


def test_every_control_has_a_name(panel: PromptPanel):
    reached = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy()
    ]

    assert len(reached) > 12
    assert [type(widget).__name__ for widget in reached if not widget.accessibleName()] == []


def test_writing_goes_on_where_a_draft_ends(panel: PromptPanel, qtbot: QtBot):
    panel.set_draft({"prompt": "a fox"})

    panel.focus_prompt()
    qtbot.keyClicks(prompt(panel), "glove")

    assert prompt(panel).hasFocus()
    assert prompt(panel).toPlainText() == "a foxglove"
