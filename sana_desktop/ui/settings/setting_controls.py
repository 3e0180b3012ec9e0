"""The fields of the settings window: one for each kind of preference, all used in the same way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from sana_desktop.system.settings_schema import Kind, Setting, Value
from sana_desktop.ui.basics.calm_fields import CalmComboBox, CalmDoubleSpinBox, CalmLineEdit, CalmSpinBox
from sana_desktop.ui.basics.check_box import CheckBox
from sana_desktop.ui.settings.settings_texts import setting_text

# Asks for a folder, given the widget that asks, a title and where to begin; empty if the user thought better of it.
ChooseFolder = Callable[[QWidget, str, str], str]


class SettingControl(QWidget):
    """Shows a value and lets the user change it.

    Signals:
        edited(object): the user chose this value, which may not be allowed.
    """

    edited = Signal(object)

    def __init__(self, setting: Setting, field: QWidget) -> None:
        super().__init__()
        self._field = field
        self._help = setting_text(setting.help)
        field.setAccessibleName(setting_text(setting.label))
        self.describe("")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(field)
        self.setFocusProxy(field)

    @property
    def wide(self) -> bool:
        """Whether it wants a line of its own."""
        return False

    def describe(self, problem: str) -> None:
        """Let screen readers say what is wrong with the value, or without a problem what the field is for."""
        self._field.setAccessibleDescription(problem or self._help)

    def show_value(self, value: Value) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError


class FlagControl(SettingControl):
    """On or off."""

    def __init__(self, setting: Setting) -> None:
        self._box = CheckBox()
        super().__init__(setting, self._box)
        self._box.toggled.connect(self._on_toggled)
        self._tell()

    def show_value(self, value: Value) -> None:
        """Check the box, or not."""
        self._box.blockSignals(True)
        self._box.setChecked(bool(value))
        self._box.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        self._box.setText(self.tr("On") if self._box.isChecked() else self.tr("Off"))

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self._tell()
        self.edited.emit(on)


class ChoiceControl(SettingControl):
    """One of a few."""

    def __init__(self, setting: Setting) -> None:
        self._box = CalmComboBox()
        super().__init__(setting, self._box)
        for choice, name in zip(setting.choices, setting.names, strict=True):
            self._box.addItem(setting_text(name), choice)
        self._box.currentIndexChanged.connect(self._on_changed)

    def show_value(self, value: Value) -> None:
        """Choose the entry of that value."""
        self._box.blockSignals(True)
        self._box.setCurrentIndex(self._box.findData(value))
        self._box.blockSignals(False)

    @Slot(int)
    def _on_changed(self, _: int) -> None:
        self.edited.emit(self._box.currentData())


class WholeControl(SettingControl):
    """A whole number."""

    def __init__(self, setting: Setting) -> None:
        self._box = CalmSpinBox()
        super().__init__(setting, self._box)
        self._box.setRange(int(setting.smallest), int(setting.largest))
        self._box.setKeyboardTracking(False)
        if setting.unit:
            self._box.setSuffix(f" {setting.unit}")
        self._box.valueChanged.connect(self._on_value)

    def show_value(self, value: Value) -> None:
        """Show the number."""
        self._box.blockSignals(True)
        self._box.setValue(int(value))
        self._box.blockSignals(False)

    @Slot(int)
    def _on_value(self, value: int) -> None:
        self.edited.emit(value)


class NumberControl(SettingControl):
    """A number with one decimal."""

    def __init__(self, setting: Setting) -> None:
        self._box = CalmDoubleSpinBox()
        super().__init__(setting, self._box)
        self._box.setDecimals(1)
        self._box.setSingleStep(0.5)
        self._box.setRange(setting.smallest, setting.largest)
        self._box.setKeyboardTracking(False)
        if setting.unit:
            self._box.setSuffix(f" {setting.unit}")
        self._box.valueChanged.connect(self._on_value)

    def show_value(self, value: Value) -> None:
        """Show the number."""
        self._box.blockSignals(True)
        self._box.setValue(float(value))
        self._box.blockSignals(False)

    @Slot(float)
    def _on_value(self, value: float) -> None:
        self.edited.emit(value)


class TextControl(SettingControl):
    """A line of text; every letter counts at once, so that its effect can be watched."""

    def __init__(self, setting: Setting) -> None:
        self._line = CalmLineEdit()
        super().__init__(setting, self._line)
        self._line.setMaxLength(setting.longest)
        self._line.textEdited.connect(self._on_edited)

    @property
    def wide(self) -> bool:
        """Lines are long."""
        return True

    def show_value(self, value: Value) -> None:
        """Show the text; the cursor stays if it is the same."""
        if self._line.text() != value:
            self._line.setText(str(value))

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        self.edited.emit(text)


class FolderControl(SettingControl):
    """A folder that is chosen, or typed and confirmed with Enter; nothing stands for the usual one."""

    def __init__(self, setting: Setting, choose: ChooseFolder) -> None:
        self._line = CalmLineEdit()
        super().__init__(setting, self._line)
        self._title = setting_text(setting.label)
        self._choose = choose
        self._shown = ""
        self._line.setPlaceholderText(setting_text(setting.empty))
        self._button = QPushButton(self.tr("Choose…"))
        self._button.setAutoDefault(False)
        self._button.setAccessibleName(self.tr("Choose: {what}").format(what=self._title))
        self._row.addWidget(self._button)
        self._line.editingFinished.connect(self._on_finished)
        self._button.clicked.connect(self._on_choose)

    @property
    def wide(self) -> bool:
        """Paths are long."""
        return True

    def show_value(self, value: Value) -> None:
        """Show the path."""
        self._shown = str(value)
        self._line.setText(self._shown)

    @Slot()
    def _on_finished(self) -> None:
        text = self._line.text().strip()
        if text.startswith("~"):
            text = str(Path(text).expanduser())
        # The field also finishes when it loses the focus.
        if text != self._shown:
            self._shown = text
            self.edited.emit(text)

    @Slot()
    def _on_choose(self) -> None:
        folder = self._choose(self, self._title, self._line.text())
        if folder:
            self._line.setText(folder)
            self._on_finished()


def ask_for_folder(parent: QWidget, title: str, start: str) -> str:
    """Let the user choose a folder in the desktop's own dialog."""
    return QFileDialog.getExistingDirectory(parent, title, start)


def control_for(setting: Setting, choose: ChooseFolder = ask_for_folder) -> SettingControl:
    """The field for a preference."""
    match setting.kind:
        case Kind.FLAG:
            return FlagControl(setting)
        case Kind.CHOICE:
            return ChoiceControl(setting)
        case Kind.WHOLE:
            return WholeControl(setting)
        case Kind.NUMBER:
            return NumberControl(setting)
        case Kind.TEXT:
            return TextControl(setting)
        case Kind.FOLDER:
            return FolderControl(setting, choose)
