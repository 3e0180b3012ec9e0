"""One preference in the settings window: what it is, its field, and what else there is to say."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sana_desktop.errors import KnownError
from sana_desktop.system.settings_schema import Effect, Setting, Value
from sana_desktop.ui.settings.setting_controls import ChooseFolder, ask_for_folder, control_for
from sana_desktop.ui.settings.settings_texts import setting_text

CONTROL_WIDTH = 210


class SettingRow(QWidget):
    """Label, field, explanation, a note or a complaint, and a way back where the value is not as it ships.

    Signals:
        edited(str, object): the key, and the value that the user wants, which may not be allowed.
        resetRequested(str): back to the default of this key.
    """

    edited = Signal(str, object)
    resetRequested = Signal(str)

    def __init__(self, setting: Setting, choose: ChooseFolder = ask_for_folder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._control = control_for(setting, choose)
        self._label = QLabel(setting_text(setting.label))
        self._label.setBuddy(self._control)
        self._help = _line()
        self._help.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._help.setText(" ".join((setting_text(setting.help), self._effect_text())).strip())
        self._note = _line()
        self._problem = _line()
        self._problem.setProperty("problem", True)
        self._reset = QPushButton(self.tr("Reset"))
        self._reset.setAutoDefault(False)
        self._reset.setAccessibleName(self.tr("Reset: {what}").format(what=self._label.text()))
        self._lay_out()
        self._control.edited.connect(self._on_edited)
        self._reset.clicked.connect(self._on_reset)
        self.set_note("")
        self.clear_problem()

    @property
    def words(self) -> str:
        """Everything that a search may find, in lower case."""
        written = (self.setting.label, self.setting.help, *self.setting.names)
        # In English too: that is what a page on the web will have told.
        return " ".join((self.setting.key, *written, *map(setting_text, written))).casefold()

    def show_value(self, value: Value) -> None:
        """Show what counts now, and offer the way back if it is not the default."""
        self._control.show_value(value)
        changed = value != self.setting.default
        # It keeps its place, so that nothing jumps.
        self._reset.setEnabled(changed)
        self._reset.setVisible(changed)
        tip = self.tr("Back to the value with which the program ships") if changed else ""
        self._reset.setToolTip(tip)

    def set_note(self, text: str) -> None:
        """Say something below the field, such as what a choice comes to."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def show_problem(self, error: KnownError) -> None:
        """Say why the value that stands in the field does not count."""
        text = f"{error} {error.hint}".strip()
        self._problem.setText(text)
        self._problem.show()
        self._note.hide()
        self._control.describe(text)

    def clear_problem(self) -> None:
        """All is well."""
        self._problem.clear()
        self._problem.hide()
        self._note.setVisible(bool(self._note.text()))
        self._control.describe("")

    def focus_control(self) -> None:
        """Put the cursor into the field."""
        self._control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _effect_text(self) -> str:
        match self.setting.effect:
            case Effect.AT_ONCE:
                return ""
            case Effect.NEXT_PICTURE:
                return self.tr("Counts with the next picture.")
            case Effect.NEXT_START:
                return self.tr("Counts at the next start of the program.")

    def _lay_out(self) -> None:
        below = QVBoxLayout()
        below.setSpacing(3)
        below.addWidget(self._help)
        below.addWidget(self._note)
        below.addWidget(self._problem)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._label, 0, 0)
        if self._control.wide:
            grid.addWidget(self._reset, 0, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._control, 1, 0, 1, 3)
        else:
            self._control.setFixedWidth(CONTROL_WIDTH)
            grid.addWidget(self._reset, 0, 1)
            grid.addWidget(self._control, 0, 2)
        grid.addLayout(below, 2, 0, 1, 3)

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        self.edited.emit(self.setting.key, value)

    @Slot()
    def _on_reset(self) -> None:
        # The button goes; the focus must not go with it.
        self.focus_control()
        self.resetRequested.emit(self.setting.key)


def _line() -> QLabel:
    label = QLabel()
    # Plain: it may quote what a file says.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
