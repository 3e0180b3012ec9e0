"""`sana-desktop gallery decode`: pixels anew from the latents beside a picture."""

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.gallery_lines import finite, print_json, print_path
from sana_desktop.cli.gallery_work import stoppable
from sana_desktop.domain.engine_port import LatentsDecoder
from sana_desktop.domain.picture import Picture
from sana_desktop.errors import BugError, RecipeError
from sana_desktop.gallery.files import write_new
from sana_desktop.gallery.latents_file import latents_beside
from sana_desktop.gallery.metadata import PictureKind, read_recipe, write_picture
from sana_desktop.services.verifying import nearness
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import choose_pack


def add_decode(group: typer.Typer, collaborators: Collaborators) -> None:
    """Give `group` the command."""

    @group.command()
    def decode(
        picture: Annotated[Path, typer.Argument(metavar="PICTURE", help="A file that was drawn here.")],
        latents: Annotated[
            Path | None, typer.Option(metavar="FILE.npy", help="Its latents, if they lie elsewhere.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ) -> None:
        """Make a picture's pixels again from the latents that were kept beside it, as a new PNG file.

        Latents are kept if the setting files.keep_latents is on. Nothing is drawn again, and nothing replaced.
        """
        paths = collaborators.paths
        with reporting(paths.logs), log_file(paths.logs), stoppable("nothing was changed") as cancel:
            recipe = read_recipe(picture)
            source = latents or latents_beside(picture)
            if not source.is_file():
                raise RecipeError(
                    f"{source.name} is not there.",
                    hint="Latents are kept if files.keep_latents is on when the picture is drawn.",
                )
            find_pack = partial(choose_pack, folders=collaborators.pack_folders())
            with closing(collaborators.make_engine(paths, find_pack)) as engine:
                if not isinstance(engine, LatentsDecoder):
                    raise BugError("This engine keeps no latents.")
                made = engine.decode_again(recipe, source, cancel)
            psnr = nearness(picture, made)
            target = write_new(picture.with_name(f"{picture.stem}-decoded.png"), partial(_put, made))
            if as_json:
                print_json({"path": str(picture), "copy": str(target), "psnr": finite(psnr)})
            else:
                print_path(target)
                say("note: the picture has another size" if psnr is None else f"PSNR to the picture: {psnr:.1f} dB")


def _put(picture: Picture, file: BinaryIO) -> None:
    write_picture(picture, PictureKind.PNG, file)
