"""How far drawing has come, on the program's icon in the taskbar."""

from sana_desktop.system.session_bus import SessionBus
from sana_desktop.system.settings import Settings

KEY = "notifications.taskbar"
APPLICATION = "application://sana-desktop.desktop"
PATH = "/com/canonical/unity/launcherentry/1"
INTERFACE = "com.canonical.Unity.LauncherEntry"
# Finer steps cannot be seen.
STEPS = 100


class TaskbarProgress:
    """Speaks the protocol of Unity's launcher, which KDE's taskbar, GNOME's docks and others listen to.

    Other desktops do not hear it and show the window's title only: Qt gives no access to the taskbar of
    Windows or the dock of macOS.
    """

    def __init__(self, bus: SessionBus, settings: Settings) -> None:
        self._bus = bus
        self._settings = settings
        self._shown: int | None = None

    def show(self, fraction: float | None) -> None:
        """Show that `fraction` of the work, from 0 to 1, is done; None: there is no work."""
        wanted = fraction is not None and self._settings.flag(KEY)
        step = round(STEPS * min(1.0, max(0.0, fraction))) if wanted and fraction is not None else None
        if step == self._shown:
            return
        self._shown = step
        values = {"progress": ("d", (step or 0) / STEPS), "progress-visible": ("b", step is not None)}
        self._bus.announce(PATH, INTERFACE, "Update", "sa{sv}", (APPLICATION, values))
