import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from sana_desktop.errors import KnownError
from sana_desktop.system.settings import Settings
from sana_desktop.ui.settings.settings_keeper import SettingsKeeper
from support.settings import settings_in


def test_what_is_touched_is_on_the_disk_a_moment_later(qtbot: QtBot, tmp_path: Path):
    settings = settings_in(tmp_path)
    keeper = SettingsKeeper(settings)
    settings.set("look.theme", "dark")

    keeper.touch()

    qtbot.waitUntil(lambda: settings_in(tmp_path).choice("look.theme") == "dark")
    keeper.finish()


def test_the_end_writes_at_once(qtbot: QtBot, tmp_path: Path):
    settings = settings_in(tmp_path)
    keeper = SettingsKeeper(settings)
    settings.set("look.theme", "dark")
    keeper.touch()

    keeper.finish()

    assert settings_in(tmp_path).choice("look.theme") == "dark"


def test_a_disk_that_refuses_is_told_of(qtbot: QtBot, tmp_path: Path):
    (tmp_path / "config").write_text("a file where the folder should be")
    settings = settings_in(tmp_path / "config")
    keeper = SettingsKeeper(settings)
    settings.set("look.theme", "dark")

    with qtbot.waitSignal(keeper.refused) as heard:
        keeper.touch()

    assert heard.args is not None
    assert isinstance(heard.args[0], KnownError)
    with qtbot.waitSignal(keeper.refused):
        keeper.finish()


def test_the_window_does_not_wait_for_the_disk(qtbot: QtBot, tmp_path: Path):
    class SlowSettings(Settings):
        """Preferences on a disk that has to wake up."""

        def __init__(self, settings: Settings) -> None:
            super().__init__(settings.schema, settings.path)
            self.may_write = threading.Event()
            self.writers: list[str] = []

        def save(self) -> None:
            """Wait, and remember who waits."""
            self.writers.append(threading.current_thread().name)
            assert self.may_write.wait(20)
            super().save()

    settings = SlowSettings(settings_in(tmp_path))
    keeper = SettingsKeeper(settings)
    settings.set("look.theme", "dark")
    keeper.touch()
    qtbot.waitUntil(lambda: bool(settings.writers))
    settings.set("look.theme", "light")
    keeper.touch()

    # The window is alive: it waits for nobody, and only one writes at a time.
    assert settings.writers == ["background"]
    settings.may_write.set()
    qtbot.waitUntil(lambda: settings_in(tmp_path).choice("look.theme") == "light")
    keeper.finish()
