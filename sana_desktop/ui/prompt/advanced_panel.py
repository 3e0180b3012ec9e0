"""What an artist changes rarely: what to avoid, and how the drawing is done."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sana_desktop.domain.choices import Precision, PreviewChoice, Solver
from sana_desktop.domain.recipe import LARGEST_GUIDANCE, MOST_STEPS, Recipe
from sana_desktop.system.pack_manifest import PackManifest, PreviewKind
from sana_desktop.ui.basics.calm_fields import CalmComboBox, CalmDoubleSpinBox, CalmSpinBox
from sana_desktop.ui.basics.draft_values import Draft, number_in, text_in, whole_in
from sana_desktop.ui.prompt.kept_settings import KeptSettings
from sana_desktop.ui.prompt.prompt_editor import PromptEditor

NEGATIVE_LINES = 3
# Up to here the network is asked once per step, without the negative prompt.
LARGEST_GUIDANCE_WITHOUT_NEGATIVE = 1.0


class AdvancedPanel(QWidget):
    """Negative prompt, steps, guidance, solver, precision and preview; `pack` says where they start and what it can.

    Signals:
        changed: another value.
        generateRequested, generateFirstRequested: Ctrl+Enter or Ctrl+Shift+Enter in the negative prompt.
    """

    changed = Signal()
    generateRequested = Signal()
    generateFirstRequested = Signal()

    def __init__(self, pack: PackManifest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack = pack
        self._negative = PromptEditor(NEGATIVE_LINES)
        self._without_effect = QLabel()
        self._without_effect.setWordWrap(True)
        self._steps = CalmSpinBox()
        self._steps.setRange(1, MOST_STEPS)
        self._guidance = CalmDoubleSpinBox()
        self._guidance.setRange(0.0, LARGEST_GUIDANCE)
        self._guidance.setSingleStep(0.5)
        self._solver = CalmComboBox()
        self._precision = CalmComboBox()
        self._preview = CalmComboBox()
        self._kept = KeptSettings()
        self._reset = QPushButton(self.tr("Back to the pack's values"))
        self._fill()
        self._describe()
        self._lay_out()
        self.reset()
        self._negative.edited.connect(self._on_changed)
        self._negative.generateRequested.connect(self.generateRequested)
        self._negative.generateFirstRequested.connect(self.generateFirstRequested)
        self._steps.valueChanged.connect(self._on_changed)
        self._guidance.valueChanged.connect(self._on_changed)
        for box in (self._solver, self._precision, self._preview):
            box.currentIndexChanged.connect(self._on_changed)
        self._kept.changed.connect(self._on_changed)
        self._reset.clicked.connect(self.reset)
        self._on_changed()

    @property
    def negative(self) -> str:
        """What to stay away from."""
        return self._negative.toPlainText()

    @property
    def steps(self) -> int:
        """Solver steps."""
        return self._steps.value()

    @property
    def guidance(self) -> float:
        """How closely to follow the prompt."""
        return self._guidance.value()

    @property
    def solver(self) -> Solver:
        """How the noise becomes a picture."""
        return Solver(self._solver.currentData())

    @property
    def precision(self) -> Precision:
        """Arithmetic of the transformer."""
        return Precision(self._precision.currentData())

    @property
    def kept(self) -> KeptSettings:
        """What a picture brought along that has no control here."""
        return self._kept

    @property
    def preview_choice(self) -> PreviewChoice:
        """How the forming picture is shown; no part of a recipe."""
        return PreviewChoice(self._preview.currentData())

    def reset(self) -> None:
        """Take the values of the pack; the negative prompt and the preview stay."""
        self._steps.setValue(self._pack.default_steps)
        self._guidance.setValue(self._pack.default_guidance)
        self._solver.setCurrentIndex(self._solver.findData(self._pack.default_solver.value))
        self._precision.setCurrentIndex(self._precision.findData(Precision.AUTO.value))
        self._kept.drop()

    def set_pack(self, pack: PackManifest) -> None:
        """Offer what another pack can: what was as the old pack wants it becomes what the new one wants."""
        old, self._pack = self._pack, pack
        kept = self.draft()
        if self.steps == old.default_steps:
            kept["steps"] = pack.default_steps
        if self.guidance == old.default_guidance:
            kept["guidance"] = pack.default_guidance
        if self.solver is old.default_solver:
            kept["solver"] = pack.default_solver.value
        self._fill()
        self.reset()
        self.set_draft(kept)
        self._on_changed()

    def use(self, recipe: Recipe) -> None:
        """Take steps, guidance, solver, precision and what has no control from a picture, as far as this pack can."""
        self.set_draft(
            {
                "steps": recipe.steps,
                "guidance": recipe.guidance,
                "solver": recipe.solver.value,
                "precision": recipe.precision.value,
            }
        )
        self._kept.use(recipe)

    def use_negative(self, text: str) -> None:
        """Put in what a picture stayed away from; undo brings the old words back."""
        self._negative.replace_text(text)

    def draft(self) -> dict[str, object]:
        """All values, for `set_draft`."""
        return {
            "negative": self.negative,
            "steps": self.steps,
            "guidance": self.guidance,
            "solver": self.solver.value,
            "precision": self.precision.value,
            "preview": self.preview_choice.value,
            **self._kept.draft(),
        }

    def set_draft(self, draft: Draft) -> None:
        """Take the values that are there and that this pack can use."""
        if (negative := text_in(draft, "negative")) is not None:
            self._negative.replace_text(negative)
        if (steps := whole_in(draft, "steps", 1, MOST_STEPS)) is not None:
            self._steps.setValue(steps)
        if (guidance := number_in(draft, "guidance", 0.0, LARGEST_GUIDANCE)) is not None:
            self._guidance.setValue(guidance)
        boxes = (("solver", self._solver), ("precision", self._precision), ("preview", self._preview))
        for name, box in boxes:
            index = box.findData(text_in(draft, name) or "")
            if index >= 0:
                box.setCurrentIndex(index)
        self._kept.set_draft(draft)

    def _fill(self) -> None:
        for box in (self._solver, self._precision, self._preview):
            box.blockSignals(True)
            box.clear()
        # Sprint packs know no other solver, and no other pack knows Sprint.
        if self._sprint:
            self._solver.addItem("Sprint", Solver.SPRINT.value)
        else:
            self._solver.addItem("Flow-DPM", Solver.FLOW_DPM.value)
            self._solver.addItem("Flow-Euler", Solver.FLOW_EULER.value)
        self._precision.addItem(self.tr("Automatic"), Precision.AUTO.value)
        for precision in (*self._pack.precisions.transformer, Precision.INT8, Precision.NF4, Precision.W8A8):
            self._precision.addItem(precision.value, precision.value)
        self._preview.addItem(self.tr("Automatic"), PreviewChoice.AUTO.value)
        self._preview.addItem(self.tr("Linear map"), PreviewChoice.LINEAR.value)
        self._preview.addItem(self.tr("Tiny decoder"), PreviewChoice.TINY.value)
        self._preview.addItem(self.tr("Off"), PreviewChoice.OFF.value)
        self._refuse_previews()
        for box in (self._solver, self._precision, self._preview):
            box.blockSignals(False)
        self._without_effect.setText(
            self.tr("Without effect: Sprint packs do not read it.")
            if self._sprint
            else self.tr("Without effect: the guidance is 1 or less.")
        )

    @property
    def _sprint(self) -> bool:
        return self._pack.default_solver is Solver.SPRINT

    def _refuse_previews(self) -> None:
        """Turn off what the pack has nothing for, and say so."""
        preview = self._pack.preview
        has_linear = preview.kind in (PreviewKind.LINEAR, PreviewKind.TAESANA)
        has_tiny = preview.kind in (PreviewKind.TINY, PreviewKind.TAESANA) or preview.tiny is not None
        model = self._preview.model()
        assert isinstance(model, QStandardItemModel)
        for choice, there in ((PreviewChoice.LINEAR, has_linear), (PreviewChoice.TINY, has_tiny)):
            item = model.item(self._preview.findData(choice.value))
            item.setEnabled(there)
            item.setToolTip("" if there else self.tr("This pack brings nothing for it."))
            item.setData(item.toolTip(), Qt.ItemDataRole.AccessibleDescriptionRole)

    def _describe(self) -> None:
        self._negative.setPlaceholderText(self.tr("blurry, cropped"))
        described = (
            (self._negative, self.tr("Negative prompt"), self.tr("What to stay away from")),
            (self._steps, self.tr("Steps"), self.tr("More steps take longer and add detail up to a point")),
            (self._guidance, self.tr("Guidance"), self.tr("How closely to follow the prompt")),
            (self._solver, self.tr("Solver"), self.tr("How the noise becomes a picture")),
            (
                self._precision,
                self.tr("Precision"),
                self.tr("Arithmetic of the transformer; automatic takes the fastest that the pack allows"),
            ),
            (
                self._preview,
                self.tr("Preview"),
                self.tr("How the forming picture is shown; automatic shows as much as costs little"),
            ),
            (self._reset, self._reset.text(), self.tr("Steps, guidance, solver and precision as the pack wants them")),
        )
        for widget, name, tip in described:
            widget.setAccessibleName(name)
            widget.setToolTip(tip)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel(self._negative.accessibleName()))
        column.addWidget(self._negative)
        column.addWidget(self._without_effect)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self._steps, self._guidance, self._solver, self._precision, self._preview):
            form.addRow(field.accessibleName(), field)
        column.addLayout(form)
        column.addWidget(self._kept)
        column.addWidget(self._reset)

    @Slot()
    def _on_changed(self) -> None:
        unread = self._sprint or self.guidance <= LARGEST_GUIDANCE_WITHOUT_NEGATIVE
        self._without_effect.setVisible(unread and bool(self.negative))
        self.changed.emit()
