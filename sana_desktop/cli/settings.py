"""`sana-desktop settings`: seeing and changing preferences without the window."""

from collections.abc import Iterator
from typing import Annotated

import typer

from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.system.settings import Settings, show_value
from sana_desktop.system.settings_schema import Effect

_NOTES = {
    Effect.AT_ONCE: "",
    Effect.NEXT_PICTURE: "counts with the next picture",
    Effect.NEXT_START: "counts at the next start",
}


def add_settings(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the group of commands."""
    group = typer.Typer(help="See and change preferences.", no_args_is_help=False)
    app.add_typer(group, name="settings")
    logs = collaborators.paths.logs
    key_argument = typer.Argument(metavar="KEY", help="Such as files.format; `list` shows all.")

    @group.command("list")
    def list_settings() -> None:
        """List all preferences, one per line: key, value, and a star where it is not as it ships."""
        with reporting(logs):
            settings = _open(collaborators)
            for line in setting_lines(settings):
                typer.echo(line)
            say(f"note: they are kept in {settings.path}")

    @group.command()
    def get(key: Annotated[str, key_argument]) -> None:
        """Print the value of a preference; an empty line is the usual folder."""
        with reporting(logs):
            settings = _open(collaborators)
            typer.echo(one_line(show_value(settings.value(settings.require(key).key))))

    @group.command("set")
    def set_(
        key: Annotated[str, key_argument],
        value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")],
    ) -> None:
        """Change a preference. A window that is open keeps what it has read."""
        with reporting(logs):
            settings = _open(collaborators)
            setting = settings.require(key)
            settings.set(key, setting.parse(value))
            _save(settings, key)

    @group.command()
    def reset(key: Annotated[str, key_argument]) -> None:
        """Give a preference the value with which it ships."""
        with reporting(logs):
            settings = _open(collaborators)
            settings.reset(settings.require(key).key)
            _save(settings, key)


def setting_lines(settings: Settings) -> Iterator[str]:
    """One line per preference in columns, the key first and no blanks in it."""
    width = max(len(key) for key in settings.schema.settings)
    for key in settings.schema.settings:
        star = "*" if settings.is_changed(key) else " "
        yield f"{key:<{width}} {star} {one_line(show_value(settings.value(key)))}".rstrip()


def _open(collaborators: Collaborators) -> Settings:
    settings = collaborators.settings()
    for notice in settings.notices:
        say(f"warning: {notice}")
    return settings


def _save(settings: Settings, key: str) -> None:
    settings.save()
    note = _NOTES[settings.require(key).effect]
    if note:
        say(f"note: {key} {note}")
