"""`sana-desktop gallery verify`: drawing pictures again to see whether they come out the same."""

import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.gallery_lines import print_json, verdict_document
from sana_desktop.cli.gallery_work import ready_gallery, stoppable
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import Event, Notice
from sana_desktop.domain.recipe import Recipe
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.services.verifying import drawn_by, verify
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import choose_pack


def add_verify(group: typer.Typer, collaborators: Collaborators) -> None:
    """Give `group` the command."""

    @group.command("verify")
    def verify_(
        pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="Files that were drawn here.")],
        latents: Annotated[
            Path | None, typer.Option(metavar="FILE.npy", help="Noise, for pictures that began with a file of it.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per picture on one line.")] = False,
    ) -> None:
        """Draw pictures again and compare; the exit code is 1 if one is not bit-identical."""
        paths = collaborators.paths
        with (
            reporting(paths.logs),
            log_file(paths.logs),
            ready_gallery(collaborators) as (_, reader),
            stoppable("nothing was changed") as cancel,
            _engine(collaborators) as engine,
        ):
            draw = drawn_by(engine, cancel, _tell, latents)
            different = False
            for path in pictures:
                verdict = verify(path, draw, _recorded(reader, path))
                different |= not verdict.identical
                if as_json:
                    print_json(verdict_document(path, verdict))
                else:
                    typer.echo(f"{one_line(str(path))}: {one_line(verdict.text)}")
            if different:
                raise typer.Exit(ExitCode.DIFFERENT)


def _recorded(reader: GalleryReader, path: Path) -> Recipe | None:
    number = reader.find(path)
    rows = () if number is None else reader.rows([number])
    return rows[0].recipe() if rows else None


@contextmanager
def _engine(collaborators: Collaborators) -> Generator[PictureEngine]:
    """An engine that goes on from nothing that others left: what is to be shown is that it needs nothing."""
    find_pack = partial(choose_pack, folders=collaborators.pack_folders())
    with tempfile.TemporaryDirectory(prefix="sana-desktop-verify-") as journal:
        paths = replace(collaborators.paths, journal=Path(journal))
        with closing(collaborators.make_engine(paths, find_pack)) as engine:
            yield engine


def _tell(event: Event) -> None:
    if isinstance(event, Notice):
        say(f"note: {event.text}")
