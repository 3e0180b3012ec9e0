from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sana_desktop.domain.choices import Precision, PreviewChoice, Solver
from sana_desktop.system.pack_manifest import PackManifest, PackPreview, PreviewKind
from sana_desktop.ui.prompt.advanced_panel import AdvancedPanel
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
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
    assert choices(panel, "Precision") == ["Automatic", "bf16", "fp32", "int8", "nf4", "w8a8"]

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
        | {"preview": "linear"}
    )
    other = panel_for(qtbot)

    other.set_draft(panel.draft())

    assert other.draft() == panel.draft()
    assert (other.negative, other.steps, other.guidance) == ("dull\nflat", 33, 2.25)
    assert (other.solver, other.precision) == (Solver.FLOW_EULER, Precision.FP32)


@pytest.mark.parametrize("wrong", [None, -1, 10**30, 1e300, "sprint", "fp16", [1], {}, True])
def test_what_does_not_fit_is_left_as_it_is(panel: AdvancedPanel, wrong: object):
    before = panel.draft()

    panel.set_draft(dict.fromkeys(("steps", "guidance", "solver", "precision", "preview"), wrong))

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


def test_how_the_forming_picture_is_shown_can_be_chosen(panel: AdvancedPanel, qtbot: QtBot):
    assert choices(panel, "Preview") == ["Automatic", "Linear map", "Tiny decoder", "Off"]
    assert panel.preview_choice is PreviewChoice.AUTO

    with qtbot.waitSignal(panel.changed):
        panel.set_draft({"preview": "off"})

    assert panel.preview_choice is PreviewChoice.OFF
    panel.reset()
    assert panel.preview_choice is PreviewChoice.OFF


@pytest.mark.parametrize(
    ("preview", "off"),
    [
        (PackPreview(kind=PreviewKind.NONE), {"Linear map", "Tiny decoder"}),
        (PackPreview(kind=PreviewKind.LINEAR), {"Tiny decoder"}),
        (PackPreview(kind=PreviewKind.LINEAR, tiny=Path("tiny")), set()),
        (PackPreview(kind=PreviewKind.TINY, file=Path("tiny")), {"Linear map"}),
        (PackPreview(kind=PreviewKind.TAESANA), set()),
    ],
)
def test_previews_that_the_pack_has_nothing_for_are_off_and_say_why(qtbot: QtBot, preview: PackPreview, off: set[str]):
    panel = panel_for(qtbot, replace(PACK, preview=preview))
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == "Preview")
    model = box.model()

    refused = {
        box.itemText(row): box.itemData(row, Qt.ItemDataRole.ToolTipRole)
        for row in range(box.count())
        if not model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled
    }

    assert refused.keys() == off
    assert all("nothing for it" in reason for reason in refused.values())


def test_another_pack_s_values_replace_what_was_never_changed(panel: AdvancedPanel, qtbot: QtBot):
    panel.set_draft({"negative": "dull", "guidance": 3.0, "precision": "bf16", "preview": "linear"})
    other = replace(PACK, id="other", default_steps=20, default_guidance=5.0)

    with qtbot.waitSignal(panel.changed):
        panel.set_pack(other)

    assert (panel.negative, panel.steps, panel.guidance) == ("dull", 20, 3.0)
    assert (panel.precision, panel.preview_choice) == (Precision.BF16, PreviewChoice.LINEAR)


def test_what_another_pack_cannot_do_becomes_what_it_wants(panel: AdvancedPanel):
    panel.set_draft({"negative": "dull", "solver": "flow-euler", "precision": "fp32"})
    sprint = replace(PACK, default_solver=Solver.SPRINT, default_steps=2)
    fp16 = replace(sprint, precisions=replace(PACK.precisions, transformer=(Precision.FP16,)))

    panel.set_pack(fp16)

    assert (panel.solver, panel.precision, panel.steps) == (Solver.SPRINT, Precision.AUTO, 2)
    assert choices(panel, "Precision") == ["Automatic", "fp16", "int8", "nf4", "w8a8"]
    assert "Sprint packs do not read it" in shown_labels(panel)
    panel.set_pack(PACK)
    assert panel.solver is Solver.FLOW_DPM
