"""`sana-desktop packs verify`, `repair` and `remove`."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.fetch_progress import FetchLines
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.cli.pack_documents import verdict_document, verdict_lines
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError, PackError
from sana_desktop.services.fetch_files import FetchWatch
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.system.packs import choose_pack

PackArgument = Annotated[str, typer.Argument(metavar="PACK", help="Id or folder of a pack.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def add_upkeep(packs: typer.Typer, collaborators: Collaborators) -> None:
    """Give the group the commands."""
    logs = collaborators.paths.logs

    @packs.command()
    def verify(pack: PackArgument, as_json: JsonOption = False) -> None:
        """Check every file of a pack; ends with 1 if something is wrong. Contacts nobody."""
        with reporting(logs):
            chosen = choose_pack(pack, collaborators.pack_folders())
            care = collaborators.pack_hands().care
            _show(_watched(lambda watch: care.verify(chosen, watch)), as_json)

    @packs.command()
    def repair(
        pack: PackArgument,
        endpoint: Annotated[str, typer.Option(metavar="URL", help="A mirror of Hugging Face to ask.")] = "",
        proxy: Annotated[str, typer.Option(metavar="URL", help="The proxy to go through.")] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Fetch the damaged files of a pack anew, and only these."""
        with reporting(logs):
            chosen = choose_pack(pack, collaborators.pack_folders())
            care = collaborators.pack_hands(endpoint, proxy).care
            _show(_watched(lambda watch: care.repair(chosen, watch)), as_json)

    @packs.command()
    def remove(
        pack: PackArgument,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Delete an installed pack. What ships with the program stays."""
        with reporting(logs):
            chosen = choose_pack(pack, collaborators.pack_folders())
            if not yes and not sys.stdin.isatty():
                raise PackError(f"“{chosen.id}” was not removed.", hint="Add --yes.")
            if not yes and not typer.confirm(f"Delete {chosen.folder}?", err=True):
                raise JobCancelledError("kept")
            freed = collaborators.pack_hands().care.remove(chosen)
            typer.echo(json.dumps({"id": chosen.id, "bytes": freed}) if as_json else chosen.id)
            say(f"removed {freed / 1e9:.2f} GB; what other packs share of it stays theirs")


def _watched(work: Callable[[FetchWatch], PackVerdict]) -> PackVerdict:
    cancel, lines = CancelToken(), FetchLines()
    with on_interrupt(cancel.cancel):
        try:
            return work(FetchWatch(check=cancel.check, wait=cancel.wait, tell=lines.show))
        finally:
            lines.end()


def _show(verdict: PackVerdict, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(verdict_document(verdict)))
    else:
        for line in verdict_lines(verdict):
            typer.echo(line)
    if not verdict.sound:
        raise typer.Exit(ExitCode.DIFFERENT)
