from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.advanced_panel import AdvancedPanel
from sana_desktop.ui.prompt_editor import PromptEditor
from support.packs import manifest

PACK = replace(manifest(Path("toy")), default_steps=14, default_guidance=4.5)


def panel_for(qtbot: QtBot, pack: PackManifest = PACK) -> AdvancedPanel:
    panel = AdvancedPanel(pack)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def panel(qtbot: QtBot) -> AdvancedPanel:
    return panel_for(qtbot)


def choices(panel: AdvancedPanel, name: str) -> list[str]:
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)
    return [box.itemText(index) for index in range(box.count())]


def shown_labels(panel: AdvancedPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_it_starts_with_the_values_of_the_pack(panel: AdvancedPanel):
    assert (panel.negative, panel.steps, panel.guidance) == ("", 14, 4.5)
    assert (panel.solver, panel.precision) == (Solver.FLOW_DPM, Precision.AUTO)


def test_only_what_the_pack_can_do_is_offered(panel: AdvancedPanel, qtbot: QtBot):
    assert choices(panel, "Solver") == ["Flow-DPM", "Flow-Euler"]
    assert choices(panel, "Precision") == ["Automatic", "bf16", "fp32"]

    sprint = panel_for(qtbot, replace(PACK, default_solver=Solver.SPRINT))

    assert choices(sprint, "Solver") == ["Sprint"]
    assert sprint.solver is Solver.SPRINT


def test_every_change_is_told(panel: AdvancedPanel, qtbot: QtBot):
    for kind in (QSpinBox, QDoubleSpinBox, QComboBox, PromptEditor):
        for field in panel.findChildren(kind):
            field.setFocus()
            with qtbot.waitSignal(panel.changed):
                if isinstance(field, PromptEditor):
                    field.setPlainText("blurry")
                else:
                    qtbot.keyClick(field, Qt.Key.Key_Down)


def test_a_negative_prompt_that_nobody_reads_is_said_to_be_so(panel: AdvancedPanel, qtbot: QtBot):
    panel.set_draft({"guidance": 1.0})
    assert "Without effect" not in shown_labels(panel)
    panel.set_draft({"negative": "blurry"})
    assert "guidance is 1 or less" in shown_labels(panel)
    panel.set_draft({"guidance": 1.5})
    assert "Without effect" not in shown_labels(panel)

    sprint = panel_for(qtbot, replace(PACK, default_solver=Solver.SPRINT))
    sprint.set_draft({"negative": "blurry"})
    assert "Sprint" in shown_labels(sprint)


def test_a_draft_brings_everything_back(panel: AdvancedPanel, qtbot: QtBot):
    panel.set_draft(
        {"negative": "dull\nflat", "steps": 33, "guidance": 2.25, "solver": "flow-euler", "precision": "fp32"}
    )
    other = panel_for(qtbot)

    other.set_draft(panel.draft())

    assert other.draft() == panel.draft()
    assert (other.negative, other.steps, other.guidance) == ("dull\nflat", 33, 2.25)
    assert (other.solver, other.precision) == (Solver.FLOW_EULER, Precision.FP32)


@pytest.mark.parametrize("wrong", [None, -1, 10**30, 1e300, "sprint", "fp16", [1], {}, True])
def test_what_does_not_fit_is_left_as_it_is(panel: AdvancedPanel, wrong: object):
    before = panel.draft()

    panel.set_draft(dict.fromkeys(("steps", "guidance", "solver", "precision"), wrong))

    assert panel.draft() == before


def test_the_pack_s_values_come_back_and_the_words_stay(panel: AdvancedPanel, qtbot: QtBot):
    panel.set_draft({"negative": "dull", "steps": 33, "guidance": 2.0, "solver": "flow-euler", "precision": "fp32"})
    button = panel.findChild(QPushButton)
    assert button is not None

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert (panel.negative, panel.steps, panel.guidance) == ("dull", 14, 4.5)
    assert (panel.solver, panel.precision) == (Solver.FLOW_DPM, Precision.AUTO)


def test_ctrl_enter_generates_from_the_negative_prompt_too(panel: AdvancedPanel, qtbot: QtBot):
    editor = panel.findChild(PromptEditor)
    assert editor is not None

    with qtbot.waitSignal(panel.generateRequested):
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
