"""What a dropped picture says about how it was made, and what of it can be used."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPalette, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.domain.adoption import Part, adopt
from sana_desktop.domain.inspected import Inspected
from sana_desktop.ui.inspect.field_row import FieldRow

WIDTH, HEIGHT = 620, 640
THUMBNAIL_SIDE = 132


class InspectPanel(QDialog):
    """Shows settings without touching those of the user, until the user says so.

    Signals:
        useRequested(object, object): an `Adoption` with the values to take over, and the `Part` they are.
    """

    useRequested = Signal(object, object)

    def __init__(self, parent: QWidget | None = None, *, packs: Collection[str] = ()) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings of a picture"))
        self._packs = packs
        self._found: Inspected | None = None
        self._rows: list[FieldRow] = []
        self._thumbnail = QLabel()
        self._thumbnail.setFixedSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE)
        # Flush with the names below it.
        self._thumbnail.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._thumbnail.setWordWrap(True)
        self._thumbnail.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._title = self._label()
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(1.2 * font.pointSizeF())
        self._title.setFont(font)
        self._name = self._label()
        self._notes = self._label()
        self._fields = QScrollArea()
        self._fields.setWidgetResizable(True)
        self._fields.setFrameShape(QFrame.Shape.NoFrame)
        self._fields.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._buttons = {part: QPushButton() for part in Part}
        self._build()
        self.resize(WIDTH, HEIGHT)

    @property
    def rows(self) -> tuple[FieldRow, ...]:
        """The fields that are shown."""
        return tuple(self._rows)

    @property
    def notes(self) -> str:
        """What could not be read, and what would be changed on use."""
        return self._notes.text()

    def button(self, part: Part) -> QPushButton:
        """The button that takes a part over."""
        return self._buttons[part]

    def set_packs(self, packs: Collection[str]) -> None:
        """These packs are installed; for the next picture."""
        self._packs = packs

    def show_found(self, name: str, found: Inspected, thumbnail: QImage) -> None:
        """Show the settings of the picture called `name`; a null `thumbnail` is one that was not made."""
        self._found = found
        self._title.setText(found.tool)
        self._name.setText(name)
        self._show_thumbnail(thumbnail)
        taken = adopt(found, Part.ALL, self._packs)
        notes = [*found.notes, *(self.tr("On use: {note}").format(note=note) for note in taken.notes)]
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))
        self._show_fields(found)
        nothing = self.tr("The picture does not say it")
        present = {
            Part.PROMPT: bool(found.prompt or found.negative),
            Part.SEED: taken.seed is not None,
            Part.SIZE: taken.size is not None,
            Part.ALL: not found.is_empty,
            Part.ALL_BUT_SEED: not found.is_empty,
        }
        for part, there in present.items():
            self._buttons[part].setEnabled(there)
            self._buttons[part].setToolTip("" if there else nothing)
            self._buttons[part].setAccessibleDescription(self._buttons[part].toolTip())

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._name)
        words.addWidget(self._notes)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self._thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        names = {
            Part.ALL: self.tr("Use &all"),
            Part.ALL_BUT_SEED: self.tr("All &but the seed"),
            Part.PROMPT: self.tr("&Prompt"),
            Part.SEED: self.tr("&Seed"),
            Part.SIZE: self.tr("Si&ze"),
        }
        slots = {
            Part.ALL: self._on_all,
            Part.ALL_BUT_SEED: self._on_all_but_seed,
            Part.PROMPT: self._on_prompt,
            Part.SEED: self._on_seed,
            Part.SIZE: self._on_size,
        }
        row = QHBoxLayout()
        for part, name in names.items():
            button = self._buttons[part]
            button.setText(name)
            button.clicked.connect(slots[part])
            # Enter on a field must not replace somebody's settings.
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        close = QPushButton(self.tr("&Close"))
        close.clicked.connect(self.close)
        close.setAutoDefault(False)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._fields, 1)
        column.addLayout(row)

    def _show_thumbnail(self, thumbnail: QImage) -> None:
        if thumbnail.isNull():
            self._thumbnail.setPixmap(QPixmap())
            self._thumbnail.setText(self.tr("Too large or too damaged for a small picture"))
            return
        ratio = self.devicePixelRatioF()
        side = round(THUMBNAIL_SIDE * ratio)
        small = thumbnail.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        self._thumbnail.setText("")
        self._thumbnail.setPixmap(QPixmap.fromImage(small))
        self._thumbnail.setAccessibleName(self.tr("The picture, small"))

    def _show_fields(self, found: Inspected) -> None:
        whole = QWidget()
        grid = QGridLayout(whole)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._rows = [FieldRow(name, value, whole) for name, value in self._pairs(found) if value]
        for number, row in enumerate(self._rows):
            row.add_to(grid, number)
        grid.setRowStretch(len(self._rows), 1)
        # The one before is deleted by its scroll area.
        self._fields.setWidget(whole)

    def _pairs(self, found: Inspected) -> list[tuple[str, str]]:
        def text(value: float | None) -> str:
            return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

        size = "" if found.size is None else f"{found.size[0]} × {found.size[1]}"
        return [
            (self.tr("Prompt"), found.prompt),
            (self.tr("Negative prompt"), found.negative),
            (self.tr("Seed"), text(found.seed)),
            (self.tr("Size"), size),
            (self.tr("Steps"), text(found.steps)),
            (self.tr("Guidance"), text(found.guidance)),
            (self.tr("Sampler"), found.sampler),
            (self.tr("Model"), found.model),
            *found.extra,
        ]

    def _label(self) -> QLabel:
        label = QLabel()
        # Plain: the words come from a file that a stranger made.
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _use(self, part: Part) -> None:
        if self._found is not None:
            self.useRequested.emit(adopt(self._found, part, self._packs), part)

    def _on_all(self) -> None:
        self._use(Part.ALL)

    def _on_all_but_seed(self) -> None:
        self._use(Part.ALL_BUT_SEED)

    def _on_prompt(self) -> None:
        self._use(Part.PROMPT)

    def _on_seed(self) -> None:
        self._use(Part.SEED)

    def _on_size(self) -> None:
        self._use(Part.SIZE)
