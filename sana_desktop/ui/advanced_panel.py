"""What an artist changes rarely: what to avoid, and how the drawing is done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.recipe import LARGEST_GUIDANCE, MOST_STEPS
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.calm_fields import CalmComboBox, CalmDoubleSpinBox, CalmSpinBox
from sana_desktop.ui.draft_values import Draft, number_in, text_in, whole_in
from sana_desktop.ui.prompt_editor import PromptEditor

NEGATIVE_LINES = 3
# Up to here the network is asked once per step, without the negative prompt.
LARGEST_GUIDANCE_WITHOUT_NEGATIVE = 1.0


class AdvancedPanel(QWidget):
    """Negative prompt, steps, guidance, solver and precision; `pack` says where they start and what it can.

    Signals:
        changed: another value.
        generateRequested: Ctrl+Enter was pressed in the negative prompt.
    """

    changed = Signal()
    generateRequested = Signal()

    def __init__(self, pack: PackManifest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack = pack
        self._sprint = pack.default_solver is Solver.SPRINT
        self._negative = PromptEditor(NEGATIVE_LINES)
        self._without_effect = QLabel(
            self.tr("Without effect: Sprint packs do not read it.")
            if self._sprint
            else self.tr("Without effect: the guidance is 1 or less.")
        )
        self._without_effect.setWordWrap(True)
        self._steps = CalmSpinBox()
        self._guidance = CalmDoubleSpinBox()
        self._solver = CalmComboBox()
        self._precision = CalmComboBox()
        self._reset = QPushButton(self.tr("Back to the pack's values"))
        self._fill()
        self._describe()
        self._lay_out()
        self.reset()
        self._negative.textChanged.connect(self._on_changed)
        self._negative.generateRequested.connect(self.generateRequested)
        self._steps.valueChanged.connect(self._on_changed)
        self._guidance.valueChanged.connect(self._on_changed)
        self._solver.currentIndexChanged.connect(self._on_changed)
        self._precision.currentIndexChanged.connect(self._on_changed)
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

    def reset(self) -> None:
        """Take the values of the pack; the negative prompt stays."""
        self._steps.setValue(self._pack.default_steps)
        self._guidance.setValue(self._pack.default_guidance)
        self._solver.setCurrentIndex(self._solver.findData(self._pack.default_solver.value))
        self._precision.setCurrentIndex(self._precision.findData(Precision.AUTO.value))

    def draft(self) -> dict[str, object]:
        """All values, for `set_draft`."""
        return {
            "negative": self.negative,
            "steps": self.steps,
            "guidance": self.guidance,
            "solver": self.solver.value,
            "precision": self.precision.value,
        }

    def set_draft(self, draft: Draft) -> None:
        """Take the values that are there and that this pack can use."""
        if (negative := text_in(draft, "negative")) is not None:
            self._negative.replace_text(negative)
        if (steps := whole_in(draft, "steps", 1, MOST_STEPS)) is not None:
            self._steps.setValue(steps)
        if (guidance := number_in(draft, "guidance", 0.0, LARGEST_GUIDANCE)) is not None:
            self._guidance.setValue(guidance)
        for name, box in (("solver", self._solver), ("precision", self._precision)):
            index = box.findData(text_in(draft, name) or "")
            if index >= 0:
                box.setCurrentIndex(index)

    def _fill(self) -> None:
        self._steps.setRange(1, MOST_STEPS)
        self._guidance.setRange(0.0, LARGEST_GUIDANCE)
        self._guidance.setSingleStep(0.5)
        # Sprint packs know no other solver, and no other pack knows Sprint.
        if self._sprint:
            self._solver.addItem("Sprint", Solver.SPRINT.value)
        else:
            self._solver.addItem("Flow-DPM", Solver.FLOW_DPM.value)
            self._solver.addItem("Flow-Euler", Solver.FLOW_EULER.value)
        self._precision.addItem(self.tr("Automatic"), Precision.AUTO.value)
        for precision in self._pack.precisions.transformer:
            self._precision.addItem(precision.value, precision.value)

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
            (self._reset, self._reset.text(), self.tr("Steps, guidance, solver and precision as the pack wants them")),
        )
        for widget, name, tip in described:
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            if isinstance(widget, CalmComboBox):
                # The list that opens is a control of its own for screen readers.
                widget.view().setAccessibleName(name)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel(self._negative.accessibleName()))
        column.addWidget(self._negative)
        column.addWidget(self._without_effect)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self._steps, self._guidance, self._solver, self._precision):
            form.addRow(field.accessibleName(), field)
        column.addLayout(form)
        column.addWidget(self._reset)

    def _on_changed(self) -> None:
        unread = self._sprint or self.guidance <= LARGEST_GUIDANCE_WITHOUT_NEGATIVE
        self._without_effect.setVisible(unread and bool(self.negative))
        self.changed.emit()
