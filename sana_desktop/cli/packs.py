"""`sana-desktop packs`: what can draw on this machine, and bringing more in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.cli.packs_quantize import add_quantize
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.errors import JobCancelledError
from sana_desktop.system.packs import PackManifest, broken_packs, choose_pack, installed_packs


def add_packs(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the group of commands."""
    packs = typer.Typer(help="See and install packs, the models that draw.", no_args_is_help=False)
    app.add_typer(packs, name="packs")
    add_quantize(packs, collaborators)
    paths = collaborators.paths

    @packs.command("list")
    def list_packs() -> None:
        """List the installed packs, one per line, the id first."""
        with reporting(paths.logs):
            folders = collaborators.pack_folders()
            for line in pack_lines(installed_packs(folders)):
                typer.echo(line)
            for broken in broken_packs(folders):
                say(f"warning: {broken.folder} cannot be used: {broken.error}")

    @packs.command()
    def info(pack: Annotated[str, typer.Argument(metavar="PACK", help="Id or folder of a pack.")]) -> None:
        """Tell everything that a pack says about itself."""
        with reporting(paths.logs):
            manifest = choose_pack(pack, collaborators.pack_folders())
            for label, value in manifest_lines(manifest):
                typer.echo(f"{label:<13} {one_line(value)}")

    @packs.command("import")
    def import_(
        source: Annotated[Path, typer.Argument(help="A folder saved by diffusers, or an original .pth file.")],
        base: Annotated[
            str | None,
            typer.Option(metavar="PACK", help="Pack that lends text encoder and autoencoder to a .pth file."),
        ] = None,
        name: Annotated[str | None, typer.Option(metavar="ID", help="Id of the new pack.")] = None,
        model: Annotated[
            str | None,
            typer.Option(metavar="MODEL", help="Published model that the file is, if its name does not tell."),
        ] = None,
    ) -> None:
        """Install a pack and print its id. It appears whole or not at all; no code in it is run."""
        with reporting(paths.logs):
            lender = None if base is None else choose_pack(base, collaborators.pack_folders())
            say(f"importing {source}")
            imported = _import(collaborators, source, lender, name, model)
            typer.echo(imported.id)
            missing = imported.missing_parts()
            if missing:
                say(f"note: it cannot draw yet, {', '.join(missing)} is missing. Import it again with --base PACK.")
            else:
                say(f'  sana-desktop generate "a red apple" --pack {imported.id}')


def pack_lines(packs: list[PackManifest]) -> Iterator[str]:
    """One line per pack in columns, the id first and no blanks in it."""
    width = max((len(pack.id) for pack in packs), default=0)
    for pack in packs:
        missing = pack.missing_parts()
        state = f"incomplete: no {', no '.join(missing)}" if missing else "ready"
        size, steps = f"{pack.base_size:>4} px", f"{pack.default_steps:>2} steps"
        yield f"{pack.id:<{width}}  {size}  {steps}  {state}  {one_line(pack.name)}"


def manifest_lines(pack: PackManifest) -> Iterator[tuple[str, str]]:
    """What a pack says about itself, as (label, value)."""
    yield "id", pack.id
    yield "name", pack.name
    if pack.description:
        yield "description", pack.description
    if pack.notice:
        yield "notice", pack.notice
    yield "version", pack.version
    yield "family", pack.family
    yield "licence", pack.licence
    yield "size", f"{pack.base_size}x{pack.base_size}"
    yield "steps", f"{pack.default_steps} with {pack.default_solver}"
    yield "guidance", f"{pack.default_guidance:g}"
    yield "flow shift", f"{pack.flow_shift:g}"
    yield "transformer", ", ".join(pack.precisions.transformer)
    yield "text encoder", f"{', '.join(pack.precisions.text_encoder)} from {pack.text.source}"
    yield "autoencoder", ", ".join(pack.precisions.vae)
    yield "prompt", f"{pack.text.max_tokens} tokens, {'with' if pack.text.instruction else 'without'} instruction"
    yield "preview", pack.preview.kind
    yield "folder", str(pack.folder)
    missing = pack.missing_parts()
    if missing:
        yield "missing", ", ".join(missing)


def _import(
    collaborators: Collaborators, source: Path, base: PackManifest | None, name: str | None, model: str | None
) -> PackManifest:
    cancel = CancelToken()
    with on_interrupt(cancel.cancel):
        try:
            return collaborators.import_pack(
                source, collaborators.paths.packs, base=base, pack_id=name, model=model, check=cancel.check
            )
        except JobCancelledError:
            say("cancelled; nothing was installed")
            raise
