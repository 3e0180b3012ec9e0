"""Preferences take effect: in the dialog, in the menu, and everywhere that follows them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from sana_desktop.domain.choices import PreviewChoice
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import OutputError
from sana_desktop.services.preview_control import BUDGET, KIND
from sana_desktop.services.saving import plan_by_settings
from sana_desktop.ui.basics.theme import Theme, apply_theme
from sana_desktop.ui.settings.privacy_proof import PrivacyProof
from sana_desktop.ui.settings.settings_keeper import SettingsKeeper
from sana_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from sana_desktop.ui.settings.settings_dialog import SettingsDialog

THEME, ANIMATIONS, OFFLINE = "look.theme", "look.animations", "privacy.offline"
FILES = ("files.pictures_folder", "files.name_pattern", "files.format")


class PreferencesDesk(QObject):
    """Opens the dialog over `window` when it is asked for, and carries changes to whom they concern.

    Signals:
        failed(KnownError): a preference cannot be followed, or not be saved.
        changed(str): the preference of this key has another value.
    """

    failed = Signal(object)
    changed = Signal(str)

    def __init__(self, parts: WindowParts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._dialog: SettingsDialog | None = None
        self._cost: tuple[float, str] | None = None
        self._keeper = SettingsKeeper(parts.settings, self)
        self._keeper.refused.connect(self.failed)
        for key in (OFFLINE, KIND):
            self._follow(key)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def begin(self) -> None:
        """Somebody listens now: save as the preferences say, or tell why that cannot be."""
        self._follow(FILES[0])

    @property
    def pictures_folder(self) -> Path:
        """Where pictures go."""
        return self._parts.settings.folder(FILES[0]) or self._parts.paths.pictures

    def dress(self) -> None:
        """Put on the look that was chosen, once all widgets are in their places.

        Each widget that moves into another one is dressed again: earlier, that would take longer than the widgets.
        """
        self._follow(THEME)

    @property
    def theme(self) -> Theme:
        """The look that was chosen."""
        return Theme(self._parts.settings.choice(THEME))

    @property
    def animated(self) -> bool | None:
        """Whether things may move: False, or None for what the desktop says."""
        return None if self._parts.settings.flag(ANIMATIONS) else False

    @Slot()
    def open(self) -> None:
        """Show the dialog."""
        self._dialog_now().show()
        self._dialog_now().raise_()
        self._dialog_now().activateWindow()

    def open_section(self, key: str) -> None:
        """Show one section of the dialog."""
        self._dialog_now().open_section(key)

    def set(self, key: str, value: object) -> None:
        """Change a preference from elsewhere than its dialog."""
        if self._parts.settings.value(key) == value:
            return
        self._parts.settings.set(key, value)
        if self._dialog is not None:
            self._dialog.refresh(key)
        self._on_changed(key)

    @Slot(object)
    def set_theme(self, theme: Theme) -> None:
        """Change the look."""
        self.set(THEME, theme.value)

    @Slot(object)
    def set_preview(self, choice: PreviewChoice) -> None:
        """Change how previews are made."""
        self.set(KIND, choice.value)

    @Slot(object)
    def note_cost(self, picture: Picture) -> None:
        """Remember what the previews of a picture took of its time, for the dialog."""
        timings = picture.timings
        whole = timings.encode + timings.sample + timings.decode
        if whole > 0 and timings.sample > 0:
            self._cost = (100 * timings.preview / whole, "")
            self._show_cost()

    def close(self) -> None:
        """Write what is not written yet; before the window goes."""
        self._keeper.finish()

    def _dialog_now(self) -> "SettingsDialog":
        if self._dialog is None:
            # Here, because the window opens without it, and sooner.
            from sana_desktop.ui.settings.settings_dialog import SettingsDialog

            proof = PrivacyProof(self._parts.guard.report, self._parts.guard.try_out)
            self._dialog = SettingsDialog(self._parts.settings, proof, self._window)
            self._dialog.changed.connect(self._on_changed)
            self._show_cost()
        return self._dialog

    def _show_cost(self) -> None:
        if self._dialog is not None and self._cost is not None:
            self._dialog.set_preview_cost(*self._cost)
        elif self._dialog is not None:
            self._dialog.set_preview_cost(None, self.tr("What it really takes is measured with every picture."))

    @Slot(str)
    def _on_changed(self, key: str) -> None:
        self._follow(key)
        self._keeper.touch()
        self.changed.emit(key)

    def _follow(self, key: str) -> None:
        parts, settings = self._parts, self._parts.settings
        if key == THEME:
            self._on_scheme_changed()
        elif key == OFFLINE:
            parts.guard.enabled = settings.flag(OFFLINE)
        elif key in (KIND, BUDGET):
            parts.previews.follow(settings)
        elif key in FILES:
            try:
                parts.saver.use(plan_by_settings(settings, parts.paths.pictures))
            except OutputError as error:
                self.failed.emit(error)

    @Slot()
    def _on_scheme_changed(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, self.theme)
