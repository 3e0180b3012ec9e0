"""One style to write: its name and what it adds."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from sana_desktop.domain.styles import LONGEST_NAME, SLOT, Style
from sana_desktop.errors import RecipeError
from sana_desktop.ui.basics.calm_fields import CalmLineEdit
from sana_desktop.ui.prompt.prompt_editor import PromptEditor


class StyleForm(QDialog):
    """Starts from three texts; `refusal` says why a style cannot be kept under its name, or nothing.

    Signals:
        written(Style): the user is content with it.
    """

    written = Signal(object)

    def __init__(
        self,
        title: str,
        name: str,
        prompt: str,
        negative: str,
        refusal: Callable[[Style], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._refusal = refusal
        self._name = CalmLineEdit(name)
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setPlaceholderText(self.tr("Autumn woods"))
        self._prompt = PromptEditor(4, slots=True)
        self._prompt.setPlainText(prompt)
        self._prompt.setPlaceholderText(self.tr("{prompt}, golden leaves, low sun"))
        self._negative = PromptEditor(2, slots=True)
        self._negative.setPlainText(negative)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._name.textChanged.connect(self._refresh)
        self._prompt.edited.connect(self._refresh)
        self._negative.edited.connect(self._refresh)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        self._refresh()
        self.resize(440, self.sizeHint().height())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        hint = QLabel(
            self.tr("Write {slot} where the prompt is to go. Without it, the words go behind the prompt.").format(
                slot=SLOT
            )
        )
        hint.setWordWrap(True)
        for label, field in (
            (self.tr("Name"), self._name),
            (self.tr("Adds to the prompt"), self._prompt),
            (self.tr("Adds to the negative prompt"), self._negative),
        ):
            title = QLabel(label)
            title.setBuddy(field)
            field.setAccessibleName(label)
            column.addWidget(title)
            column.addWidget(field)
            if field is self._prompt:
                column.addWidget(hint)
        column.addWidget(self._about)
        column.addWidget(self._buttons)

    def _style(self) -> Style | str:
        try:
            style = Style(self._name.text().strip(), self._prompt.toPlainText(), self._negative.toPlainText())
        except RecipeError as error:
            return str(error)
        return self._refusal(style) or style

    def _save(self) -> QPushButton:
        return self._buttons.button(QDialogButtonBox.StandardButton.Save)

    @Slot()
    def _refresh(self) -> None:
        style = self._style()
        reason = style if isinstance(style, str) else ""
        self._save().setEnabled(not reason)
        self._save().setToolTip(reason)
        self._save().setAccessibleDescription(reason)
        # A form that was just opened needs no reproach for being empty.
        self._about.setText(reason if self._name.text() else "")

    @Slot()
    def _on_accepted(self) -> None:
        style = self._style()
        if isinstance(style, Style):
            self.written.emit(style)
            self.accept()
