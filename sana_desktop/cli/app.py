"""The commands of the terminal program, put together."""

from typing import Annotated

import typer

from sana_desktop import __version__
from sana_desktop.cli.batch import add_batch
from sana_desktop.cli.boundary import PoliteGroup
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.doctor import add_doctor
from sana_desktop.cli.gallery import add_gallery
from sana_desktop.cli.generate import add_generate
from sana_desktop.cli.gui import add_gui
from sana_desktop.cli.packs import add_packs
from sana_desktop.cli.self_test import add_self_test
from sana_desktop.cli.settings import add_settings


def build_app(collaborators: Collaborators) -> typer.Typer:
    """Make the program; nothing runs before it is called with a command line."""
    app = typer.Typer(
        cls=PoliteGroup,
        help="Sana Desktop: make pictures from words; nothing leaves this machine.",
        # Plain help appears three times as fast, and error reports are our own.
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback(invoke_without_command=True)
    def start(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    ) -> None:
        if version:
            typer.echo(f"sana-desktop {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())

    add_generate(app, collaborators)
    add_batch(app, collaborators)
    add_gallery(app, collaborators)
    add_packs(app, collaborators)
    add_settings(app, collaborators)
    add_doctor(app, collaborators)
    add_self_test(app, collaborators)
    add_gui(app, collaborators)
    return app
