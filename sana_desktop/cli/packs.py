"""`sana-desktop packs`: what can draw on this machine, and bringing more in."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.cli.pack_documents import (
    manifest_document,
    manifest_lines,
    offer_document,
    offer_line,
    pack_lines,
    unfinished_line,
)
from sana_desktop.cli.pack_fetch import add_fetch
from sana_desktop.cli.pack_upkeep import add_upkeep
from sana_desktop.cli.packs_quantize import add_quantize
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError
from sana_desktop.services.packs import PackShelf
from sana_desktop.system.packs import broken_packs, choose_pack, installed_packs


def add_packs(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the group of commands."""
    packs = typer.Typer(help="See, fetch, install and look after packs, the models that draw.", no_args_is_help=False)
    app.add_typer(packs, name="packs")
    add_quantize(packs, collaborators)
    paths = collaborators.paths
    add_fetch(packs, collaborators)
    add_upkeep(packs, collaborators)

    @packs.command("list")
    def list_packs(
        offers: Annotated[
            bool, typer.Option("--offers", help="Published models that could be fetched, what fits first.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    ) -> None:
        """List the installed packs, one per line, the id first. Contacts nobody."""
        with reporting(paths.logs):
            folders = collaborators.pack_folders()
            if offers:
                survey = PackShelf(folders, paths.packs, collaborators.import_pack, lambda _: None).survey()
                for offer in survey.offers:
                    typer.echo(json.dumps(offer_document(offer)) if as_json else offer_line(offer))
                return
            installed = installed_packs(folders)
            for line in (
                (json.dumps(manifest_document(pack)) for pack in installed) if as_json else pack_lines(installed)
            ):
                typer.echo(line)
            for fetch in collaborators.pack_hands().fetching.unfinished():
                say(f"unfinished: {unfinished_line(fetch)}")
            for broken in broken_packs(folders):
                say(f"warning: {broken.folder} cannot be used: {broken.error}")

    @packs.command()
    def info(
        pack: Annotated[str, typer.Argument(metavar="PACK", help="Id or folder of a pack.")],
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ) -> None:
        """Tell everything that a pack says about itself."""
        with reporting(paths.logs):
            manifest = choose_pack(pack, collaborators.pack_folders())
            if as_json:
                typer.echo(json.dumps(manifest_document(manifest)))
                return
            for label, value in manifest_lines(manifest):
                typer.echo(f"{label:<13} {one_line(value)}")

    @packs.command("import")
    def import_(
        source: Annotated[
            Path, typer.Argument(help="A folder saved by diffusers, or an original .pth or .safetensors.")
        ],
        base: Annotated[
            str | None,
            typer.Option(metavar="PACK", help="Pack that lends text encoder and autoencoder to a .pth file."),
        ] = None,
        name: Annotated[str | None, typer.Option(metavar="ID", help="Id of the new pack.")] = None,
        model: Annotated[
            str | None,
            typer.Option(metavar="MODEL", help="Published model that the file is, if its name does not tell."),
        ] = None,
        vae: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Original DC-AE file, instead of the autoencoder of --base."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ) -> None:
        """Install a pack and print its id. It appears whole or not at all; no code in it is run."""
        with reporting(paths.logs):
            lender = None if base is None else choose_pack(base, collaborators.pack_folders())
            say(f"importing {source}")
            cancel = CancelToken()
            with on_interrupt(cancel.cancel):
                try:
                    imported = collaborators.import_pack(
                        source,
                        paths.packs,
                        base=lender,
                        pack_id=name,
                        model=model,
                        vae=vae,
                        check=cancel.check,
                    )
                except JobCancelledError:
                    say("cancelled; nothing was installed")
                    raise
            typer.echo(json.dumps(manifest_document(imported)) if as_json else imported.id)
            missing = imported.missing_parts()
            if missing:
                say(f"note: it cannot draw yet, {', '.join(missing)} is missing. Import it again with --base PACK.")
            else:
                say(f'  sana-desktop generate "a red apple" --pack {imported.id}')
