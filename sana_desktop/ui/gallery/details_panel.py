"""What is known of the chosen pictures, and what of it can be used again."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.domain.adoption import Part
from sana_desktop.gallery.records import PictureRow
from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.basics.flow_layout import FlowLayout
from sana_desktop.ui.canvas.difference_words import difference_words
from sana_desktop.ui.gallery.row_facts import inspected, tags_in
from sana_desktop.ui.inspect.field_row import FieldRow

WIDTH = 320


class DetailsPanel(QWidget):
    """Shows one picture in full, of two what is different, and of more how many they are.

    Signals:
        useRequested(object): the `Part` of the settings that the user wants.
        tagsWritten(object): the tags that all of the pictures are to have.
    """

    useRequested = Signal(object)
    tagsWritten = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[PictureRow, ...] = ()
        self._fields: list[FieldRow] = []
        self._title = QLabel()
        self._buttons = {part: QPushButton() for part in Part}
        self._tags = CalmLineEdit()
        self._area = QScrollArea()
        self._build()
        self.show_rows((), 0)

    @property
    def title(self) -> str:
        """What stands at the top."""
        return self._title.text()

    @property
    def fields(self) -> tuple[FieldRow, ...]:
        """The values that are shown."""
        return tuple(self._fields)

    def button(self, part: Part) -> QPushButton:
        """The button that takes a part over."""
        return self._buttons[part]

    def show_rows(self, rows: Sequence[PictureRow], chosen: int) -> None:
        """Show pictures, one or two of `chosen` that are selected."""
        known = tuple(rows) if len(rows) == chosen else ()
        if known == self._rows and chosen == len(known) and chosen:
            return
        self._rows = known
        self._title.setText(self._title_of(known, chosen))
        one = known[0] if len(known) == 1 else None
        self._allow(one)
        self._tags.setEnabled(chosen > 0)
        self._tags.setToolTip("" if chosen else self.tr("Choose a picture first"))
        if not self._tags.hasFocus():
            self._tags.setText("" if one is None else ", ".join(one.tags))
        if one is not None:
            self._show_fields(self._facts_of(one))
        elif len(known) == 2:
            words = difference_words(known[0].recipe(), known[1].recipe())
            self._show_fields([(self.tr("Difference"), words)])
        else:
            self._show_fields([])

    def focus_tags(self) -> None:
        """Let the user write tags."""
        self._tags.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._tags.selectAll()

    def _title_of(self, known: Sequence[PictureRow], chosen: int) -> str:
        if len(known) == 1:
            return known[0].path.name
        if chosen == 0:
            return self.tr("No picture is chosen")
        return self.tr("{n} pictures are chosen").format(n=f"{chosen:,}")

    def _allow(self, one: PictureRow | None) -> None:
        found = None if one is None else inspected(one)
        there = {
            Part.ALL: found is not None and not found.is_empty,
            Part.ALL_BUT_SEED: found is not None and not found.is_empty,
            Part.PROMPT: found is not None and bool(found.prompt or found.negative),
            Part.SEED: found is not None and found.seed is not None,
            Part.SIZE: found is not None,
        }
        why = self.tr("Choose one picture first") if one is None else self.tr("The picture does not say it")
        for part, button in self._buttons.items():
            button.setEnabled(there[part])
            button.setToolTip(self._tips()[part] if there[part] else why)
            button.setAccessibleDescription("" if there[part] else why)

    def _tips(self) -> dict[Part, str]:
        return {
            Part.ALL: self.tr("Everything that it was drawn with (A)"),
            Part.ALL_BUT_SEED: self.tr("Everything but the seed: other pictures like this one (R)"),
            Part.PROMPT: self.tr("Its prompt and negative prompt (P)"),
            Part.SEED: self.tr("Its seed (S)"),
            Part.SIZE: self.tr("Its size (D)"),
        }

    def _facts_of(self, row: PictureRow) -> list[tuple[str, str]]:
        facts = row.facts
        created = QLocale().toString(QDateTime.fromMSecsSinceEpoch(facts.created), QLocale.FormatType.ShortFormat)
        stars = self.tr("{n} of 5 stars").format(n=row.rating) if row.rating else ""
        return [
            (self.tr("Prompt"), facts.prompt),
            (self.tr("Negative prompt"), facts.negative),
            (self.tr("Seed"), "" if facts.seed is None else str(facts.seed)),
            (self.tr("Size"), f"{facts.width} × {facts.height}"),
            (self.tr("Steps"), "" if facts.steps is None else str(facts.steps)),
            (self.tr("Guidance"), "" if facts.guidance is None else f"{facts.guidance:g}"),
            (self.tr("Sampler"), facts.solver),
            (self.tr("Model"), facts.pack),
            (self.tr("Program"), facts.tool),
            (self.tr("Created"), created),
            (self.tr("Rating"), stars),
            (self.tr("Albums"), ", ".join(row.albums)),
            (self.tr("File"), str(row.path)),
        ]

    def _show_fields(self, pairs: Sequence[tuple[str, str]]) -> None:
        whole = QWidget()
        grid = QGridLayout(whole)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._fields = [FieldRow(name, value, whole, name_width=92) for name, value in pairs if value]
        for number, row in enumerate(self._fields):
            row.add_to(grid, number)
        grid.setRowStretch(len(self._fields), 1)
        # The one before is deleted by its scroll area.
        self._area.setWidget(whole)
        # As its surroundings; a scroll area would give it a ground of its own.
        whole.setAutoFillBackground(False)

    @Slot()
    def _on_tags(self) -> None:
        self.tagsWritten.emit(tags_in(self._tags.text()))

    def _build(self) -> None:
        self.setFixedWidth(WIDTH)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        # Plain: the name is a file's.
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        names = {
            Part.ALL: self.tr("Use all"),
            Part.ALL_BUT_SEED: self.tr("Remix"),
            Part.PROMPT: self.tr("Prompt"),
            Part.SEED: self.tr("Seed"),
            Part.SIZE: self.tr("Size"),
        }
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for part, name in names.items():
            button = self._buttons[part]
            button.setText(name)
            button.setProperty("tight", True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, part=part: self.useRequested.emit(part))
            flow.addWidget(button)
        self._tags.setPlaceholderText(self.tr("Tags, with commas between them"))
        self._tags.setAccessibleName(self.tr("Tags"))
        sign = self.tr("Tags (T)")
        label = QLabel(sign)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setBuddy(self._tags)
        self._tags.returnPressed.connect(self._on_tags)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 4, 6, 12)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(buttons)
        column.addWidget(label)
        column.addWidget(self._tags)
        column.addWidget(self._area, 1)

    @property
    def tag_field(self) -> QLineEdit:
        """Where tags are written."""
        return self._tags
