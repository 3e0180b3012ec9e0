"""`sana-desktop gallery import|export|repair`: the gallery and the disk."""

from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.gallery_lines import print_json, print_path, scan_document, scan_text
from sana_desktop.cli.gallery_work import TAKES_MINUS, counting, query_text, ready_gallery, stoppable, wait_for
from sana_desktop.gallery.contact_sheet import SheetPicture
from sana_desktop.gallery.exporting import Exported, export_pictures, export_sheets
from sana_desktop.gallery.importer import ScanReport
from sana_desktop.gallery.reader import Sort
from sana_desktop.gallery.records import PictureRow
from sana_desktop.gallery.search import parse_search
from sana_desktop.services.library import Library

_KEPT = "what was done until then is kept, and the same command goes on from there"


def add_file_commands(group: typer.Typer, collaborators: Collaborators) -> None:
    """Give `group` the commands."""
    logs = collaborators.paths.logs

    @group.command("import")
    def import_(
        folder: Annotated[Path, typer.Argument(help="Pictures of any program; nothing in it is changed.")],
        as_json: Annotated[bool, typer.Option("--json", help="What was found, as a JSON object.")] = False,
    ) -> None:
        """Let a folder of pictures appear in the gallery, where they are. Ctrl+C and again: it goes on."""
        with reporting(logs), collaborators.open_library() as library, stoppable(_KEPT) as cancel:
            report = wait_for(library.import_folder(folder, counting("files read"), cancel))
            _tell_problems(report)
            if as_json:
                print_json(scan_document(report))
            else:
                typer.echo(scan_text(report))

    @group.command(context_settings=TAKES_MINUS)
    def export(
        out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the copies go.")],
        query: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="As in `search`.")] = None,
        metadata: Annotated[bool, typer.Option(help="Copy the settings inside the files, or leave them out.")] = True,
        contact_sheet: Annotated[bool, typer.Option("--contact-sheet", help="Also make sheets of them all.")] = False,
        copies: Annotated[bool, typer.Option(help="Copy the files, or make only a contact sheet.")] = True,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per file on one line.")] = False,
    ) -> None:
        """Copy the pictures that match into a folder, where nothing is replaced. Prints the new paths."""
        with reporting(logs), ready_gallery(collaborators) as (library, reader), stoppable(_KEPT) as cancel:
            rows = reader.rows(reader.search(parse_search(query_text(query)), Sort.NEWEST))
            if not rows:
                say("note: no picture matches")
                return
            if copies:
                paths = [row.path for row in rows]
                count = counting("files copied")
                for one in export_pictures(paths, out, with_texts=metadata, progress=count, check=cancel.check):
                    _show_exported(one, as_json)
            if contact_sheet:
                for path in export_sheets(_sheet_pictures(library, rows), out):
                    if as_json:
                        print_json({"contact_sheet": str(path)})
                    else:
                        print_path(path)

    @group.command()
    def repair(
        as_json: Annotated[bool, typer.Option("--json", help="What was found, as a JSON object.")] = False,
    ) -> None:
        """Make the gallery agree with the files: new, changed, moved and missing ones, and a damaged database."""
        with reporting(logs), collaborators.open_library() as library, stoppable(_KEPT) as cancel:
            report = wait_for(library.repair(counting("files read"), cancel))
            _tell_problems(report.scan)
            for damage in report.damage:
                say(f"warning: {damage}")
            if as_json:
                sound = {"sound": report.is_sound, "rows_without_file": report.rows_without_file}
                print_json(sound | {"damage": list(report.damage)} | scan_document(report.scan))
            else:
                typer.echo(scan_text(report.scan))
            if not report.is_sound:
                raise typer.Exit(ExitCode.DIFFERENT)


def _tell_problems(report: ScanReport) -> None:
    for problem in report.problems:
        say(f"warning: {problem}")
    more = report.unreadable - len(report.problems)
    if more > 0:
        say(f"warning: and {more} more that cannot be read")


def _show_exported(exported: Exported, as_json: bool) -> None:
    if exported.copy is None:
        say(f"warning: {exported.problem}")
    if as_json:
        copy = None if exported.copy is None else str(exported.copy)
        print_json({"path": str(exported.source), "copy": copy, "problem": exported.problem or None})
    elif exported.copy is not None:
        print_path(exported.copy)


def _sheet_pictures(library: Library, rows: tuple[PictureRow, ...]) -> list[SheetPicture]:
    with library.thumbnail_store() as thumbnails:
        return [SheetPicture(thumbnails.get_or_make(row.facts.print, row.path), row.path.name) for row in rows]
