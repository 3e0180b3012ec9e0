"""`sana-desktop packs fetch`: the one command that asks another machine for something."""

import json
import sys
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.fetch_progress import FetchLines
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.cli.pack_documents import manifest_document
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError, KnownError, PackError
from sana_desktop.services.fetch_files import FetchWatch
from sana_desktop.services.pack_hands import PackHands
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.fetch.hub import chosen_endpoint
from sana_desktop.system.pack_manifest import PackManifest


def add_fetch(packs: typer.Typer, collaborators: Collaborators) -> None:
    """Give the group the command."""

    @packs.command()
    def fetch(
        model: Annotated[str, typer.Argument(metavar="MODEL", help="A published model; see packs list --offers.")],
        accept: Annotated[
            bool, typer.Option("--accept-licence", help="You have read the model's terms and accept them.")
        ] = False,
        revision: Annotated[
            str | None, typer.Option(metavar="COMMIT", help="Fetch this commit instead of the newest.")
        ] = None,
        endpoint: Annotated[str, typer.Option(metavar="URL", help="A mirror of Hugging Face to ask.")] = "",
        proxy: Annotated[str, typer.Option(metavar="URL", help="The proxy to go through.")] = "",
        discard: Annotated[bool, typer.Option("--discard", help="Throw away what has arrived, and end.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object at the end.")] = False,
    ) -> None:
        """Fetch a published model and install it as a pack.

        Ctrl+C pauses; the same command goes on. This is the only command that connects to another machine.
        """
        with reporting(collaborators.paths.logs):
            hands = collaborators.pack_hands(endpoint, proxy)
            entry = hands.fetching.model(model)
            if discard:
                hands.fetching.discard(entry.id)
                say(f"what had arrived of {entry.id} is gone")
                return
            _accept_terms(hands, entry, accept)
            setting = collaborators.settings().text("privacy.endpoint")
            say(f"fetching {entry.repository} from {chosen_endpoint(endpoint or setting)}")
            pack = _fetch(hands, entry, revision)
            typer.echo(json.dumps(manifest_document(pack)) if as_json else pack.id)
            say(f'  sana-desktop generate "a red apple" --pack {pack.id}')


def _accept_terms(hands: PackHands, model: CatalogModel, accepted: bool) -> None:
    begun = any(fetch.record.pack_id == model.id for fetch in hands.fetching.unfinished())
    if accepted or begun:
        return
    say(f"{model.name} comes on these terms:")
    for terms in model.terms:
        say(f"  {terms.name}: {terms.url}")
    if not sys.stdin.isatty():
        raise PackError("The terms were not accepted.", hint="Read them, and add --accept-licence.")
    if not typer.confirm("Do you accept them?", err=True):
        raise JobCancelledError("not accepted")


def _fetch(hands: PackHands, model: CatalogModel, revision: str | None) -> PackManifest:
    cancel, lines = CancelToken(), FetchLines()
    watch = FetchWatch(check=cancel.check, wait=cancel.wait, tell=lines.show)
    with on_interrupt(cancel.cancel):
        try:
            return hands.fetching.fetch(model.id, watch, accepted=True, revision=revision)
        except JobCancelledError:
            lines.end()
            say("paused; the same command goes on from here")
            raise
        except KnownError:
            lines.end()
            raise
        finally:
            lines.end()
