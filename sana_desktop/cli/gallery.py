"""`sana-desktop gallery`: looking for pictures and saying something about them."""

from collections.abc import Sequence
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.gallery_files import add_file_commands
from sana_desktop.cli.gallery_lines import print_json, print_path, row_document, row_lines, whole_document
from sana_desktop.cli.gallery_verify import add_verify
from sana_desktop.cli.gallery_work import TAKES_MINUS, find_rows, query_text, ready_gallery, wait_for
from sana_desktop.gallery.reader import GalleryReader, Sort
from sana_desktop.gallery.records import PictureState
from sana_desktop.gallery.search import parse_search

PicturesArgument = Annotated[
    list[str], typer.Argument(metavar="PICTURE...", help="Files, or their numbers in the gallery.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object per picture on one line.")]


def add_gallery(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the group of commands."""
    group = typer.Typer(help="Find, rate, export and verify pictures.", no_args_is_help=False)
    app.add_typer(group, name="gallery")
    logs = collaborators.paths.logs

    @group.command(context_settings=TAKES_MINUS)
    def search(
        query: Annotated[
            list[str] | None,
            typer.Argument(metavar="[QUERY]...", help="Such as: red fox pack:starter rating:>3 after:2026-11-24"),
        ] = None,
        sort: Annotated[Sort, typer.Option(help="Order of the pictures.")] = Sort.NEWEST,
        limit: Annotated[int | None, typer.Option(min=1, help="Show at most so many.")] = None,
        as_json: JsonOption = False,
    ) -> None:
        """List the pictures that match, one path per line.

        Words may stand in any order and may be beginnings of words; "quoted ones" belong together; a minus
        excludes. Fields: pack: size: seed: after: before: rating: tag: album: negative: is:favourite, unrated,
        untagged, missing.
        """
        with reporting(logs), ready_gallery(collaborators) as (_, reader):
            _search(reader, query_text(query), sort, limit, as_json)

    @group.command()
    def show(pictures: PicturesArgument, as_json: JsonOption = False) -> None:
        """Tell everything that is known of pictures."""
        with reporting(logs), ready_gallery(collaborators) as (_, reader):
            for row in find_rows(reader, pictures):
                if as_json:
                    print_json(whole_document(row))
                    continue
                for label, value in row_lines(row):
                    typer.echo(f"{label:<10} {value}")

    @group.command()
    def rate(
        pictures: PicturesArgument,
        stars: Annotated[int | None, typer.Option(min=0, max=5, help="0 takes the rating away.")] = None,
        favourite: Annotated[bool | None, typer.Option(help="Mark as a favourite, or not.")] = None,
        as_json: JsonOption = False,
    ) -> None:
        """Give pictures stars, or mark favourites."""
        with reporting(logs), ready_gallery(collaborators) as (library, reader):
            if stars is None and favourite is None:
                raise typer.BadParameter("expected --stars, --favourite or --no-favourite")
            numbers = [row.picture for row in find_rows(reader, pictures)]
            if stars is not None:
                wait_for(library.rate(numbers, stars))
            if favourite is not None:
                wait_for(library.set_favourite(numbers, favourite))
            _print_rows(reader, numbers, as_json)

    @group.command()
    def tag(
        pictures: PicturesArgument,
        add: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Put it on; may be repeated.")] = None,
        remove: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Take it off; may be repeated.")] = None,
        as_json: JsonOption = False,
    ) -> None:
        """Put tags on pictures and take them off."""
        with reporting(logs), ready_gallery(collaborators) as (library, reader):
            if not add and not remove:
                raise typer.BadParameter("expected --add or --remove")
            numbers = [row.picture for row in find_rows(reader, pictures)]
            wait_for(library.change_tags(numbers, add or (), remove or ()))
            _print_rows(reader, numbers, as_json)

    @group.command()
    def trash(
        pictures: PicturesArgument,
        undo: Annotated[bool, typer.Option("--undo", help="Bring them back to where they were.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Move pictures to the trash of the system, or bring them back with all that was said of them."""
        with reporting(logs), ready_gallery(collaborators) as (library, reader):
            state = PictureState.DELETED if undo else PictureState.PRESENT
            numbers = [row.picture for row in find_rows(reader, pictures, state)]
            moved = wait_for(library.undelete(numbers) if undo else library.delete(numbers))
            _print_rows(reader, moved, as_json)
            if len(moved) < len(set(numbers)):
                where = "in the trash" if undo else "in the gallery"
                say(f"note: {len(set(numbers)) - len(moved)} were not {where}")

    add_file_commands(group, collaborators)
    add_verify(group, collaborators)


def _search(reader: GalleryReader, query: str, sort: Sort, limit: int | None, as_json: bool) -> None:
    found = reader.search(parse_search(query), sort)
    shown = found if limit is None else found[:limit]
    _print_rows(reader, shown, as_json)
    if len(shown) < len(found):
        say(f"note: {len(found) - len(shown)} more match")
    elif not found:
        say("note: no picture matches")


def _print_rows(reader: GalleryReader, numbers: Sequence[int], as_json: bool) -> None:
    # Window by window: whoever reads only the first lines does not wait for the last.
    for start in range(0, len(numbers), 500):
        for row in reader.rows(numbers[start : start + 500]):
            if as_json:
                print_json(row_document(row))
            else:
                print_path(row.path)
