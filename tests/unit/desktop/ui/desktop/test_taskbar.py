from pathlib import Path

from sana_desktop.ui.desktop.taskbar import APPLICATION, TaskbarProgress
from support.fake_bus import FakeBus
from support.settings import settings_in


def said(bus: FakeBus) -> list[tuple[float, bool]]:
    """(progress, visible) of everything that was announced."""
    found: list[tuple[float, bool]] = []
    for member, signature, (application, values) in bus.announced:
        assert (member, signature, application) == ("Update", "sa{sv}", APPLICATION)
        assert isinstance(values, dict)
        assert [values[key][0] for key in ("progress", "progress-visible")] == ["d", "b"]
        found.append((values["progress"][1], values["progress-visible"][1]))
    return found


def test_progress_is_shown_and_taken_away(tmp_path: Path):
    bus = FakeBus()
    taskbar = TaskbarProgress(bus, settings_in(tmp_path))

    for fraction in (0.0, 0.25, 1.0, None):
        taskbar.show(fraction)

    assert said(bus) == [(0.0, True), (0.25, True), (1.0, True), (0.0, False)]


def test_what_cannot_be_seen_is_not_said(tmp_path: Path):
    bus = FakeBus()
    taskbar = TaskbarProgress(bus, settings_in(tmp_path))

    for fraction in (None, 0.5, 0.501, 0.504, 7.0, 1.0, None, None):
        taskbar.show(fraction)

    assert said(bus) == [(0.5, True), (1.0, True), (0.0, False)]


def test_who_does_not_want_it_sees_nothing(tmp_path: Path):
    bus, settings = FakeBus(), settings_in(tmp_path)
    taskbar = TaskbarProgress(bus, settings)
    taskbar.show(0.5)
    settings.set("notifications.taskbar", False)

    taskbar.show(0.6)
    taskbar.show(0.7)

    assert said(bus) == [(0.5, True), (0.0, False)]
