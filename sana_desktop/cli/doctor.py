"""`sana-desktop doctor`: what somebody who helps with a problem would ask for first."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop import __version__
from sana_desktop.cli.boundary import one_line, reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.services.memory_book import FILE_NAME as MEMORY
from sana_desktop.services.memory_book import MemoryBook, MemoryForecast
from sana_desktop.services.plan_control import wished_plan
from sana_desktop.services.usual_recipe import usual_recipe
from sana_desktop.system.packs import PackManifest, broken_packs, installed_packs
from sana_desktop.system.paths import AppPaths

GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The state of the installation. `packs` maps each pack to (part, precision, reason) lines.

    `memory` says of each pack that can draw what a picture of its base size takes, and how it is drawn in that.
    """

    machine: tuple[tuple[str, str], ...]
    folders: tuple[tuple[str, Path], ...]
    packs: tuple[tuple[PackManifest, tuple[tuple[str, str, str], ...]], ...]
    problems: tuple[str, ...]
    memory: tuple[tuple[PackManifest, MemoryForecast], ...] = ()

    @property
    def can_draw(self) -> bool:
        """Whether at least one pack is complete."""
        return any(not pack.missing_parts() for pack, _ in self.packs)


def add_doctor(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
        """Show device, memory, folders and packs, and why each precision is chosen.

        Ends with exit code 2 if no pack can draw.
        """
        with reporting(collaborators.paths.logs):
            diagnosis = diagnose(collaborators)
            if as_json:
                typer.echo(json.dumps(_plain(diagnosis)))
            else:
                _show(diagnosis)
            if not diagnosis.can_draw:
                raise typer.Exit(ExitCode.BAD_INPUT)


def diagnose(collaborators: Collaborators) -> Diagnosis:
    """Look at machine, folders and packs; loads no weights and writes nothing."""
    folders = collaborators.pack_folders()
    machine = collaborators.inspect_machine()
    packs = installed_packs(folders)
    problems = [f"{broken.folder} cannot be used: {broken.error}" for broken in broken_packs(folders)]
    problems += [
        f"pack {pack.id} has no {', no '.join(pack.missing_parts())}" for pack in packs if pack.missing_parts()
    ]
    if not packs:
        problems.append("no pack is installed")
    return Diagnosis(
        machine=machine.lines,
        folders=_folders(collaborators.paths),
        packs=tuple((pack, machine.precisions(pack)) for pack in packs),
        problems=tuple(problems),
        memory=_forecasts(collaborators, [pack for pack in packs if not pack.missing_parts()]),
    )


def _forecasts(
    collaborators: Collaborators, packs: list[PackManifest]
) -> tuple[tuple[PackManifest, MemoryForecast], ...]:
    book = MemoryBook(collaborators.paths.data / MEMORY, collaborators.read_hardware)
    book.look()
    wish = wished_plan(collaborators.settings())
    found = [(pack, book.forecast(pack, usual_recipe(pack), plan=wish)) for pack in packs]
    return tuple((pack, forecast) for pack, forecast in found if forecast is not None)


def _memory_text(pack: PackManifest, forecast: MemoryForecast) -> str:
    needed, total = (f"{size / GIB:.1f}" for size in (forecast.needed, forecast.total))
    place = "the card's" if forecast.on_gpu else "the machine's"
    size = f"{pack.base_size}x{pack.base_size}"
    return f"about {needed} of {place} {total} GB for {size} ({forecast.level}): {forecast.plan.words}"


def _folders(paths: AppPaths) -> tuple[tuple[str, Path], ...]:
    return (("pictures", paths.pictures), ("packs", paths.packs), ("cache", paths.cache), ("logs", paths.logs))


def _show(diagnosis: Diagnosis) -> None:
    _line("version", f"Sana Desktop {__version__}")
    for label, value in (*diagnosis.machine, *diagnosis.folders):
        _line(label, str(value))
    for pack, choices in diagnosis.packs:
        _line("pack", f"{pack.id}, {pack.name}")
        for part, precision, reason in choices:
            _line(f"  {part}", f"{precision}: {reason}")
        for known, forecast in diagnosis.memory:
            if known == pack:
                _line("  memory", _memory_text(pack, forecast))
    for problem in diagnosis.problems:
        say(f"problem: {problem}")


def _line(label: str, value: str) -> None:
    typer.echo(f"{label:<14} {one_line(value)}")


def _plain(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "version": __version__,
        "machine": dict(diagnosis.machine),
        "folders": {label: str(folder) for label, folder in diagnosis.folders},
        "packs": [
            {
                "id": pack.id,
                "name": pack.name,
                "folder": str(pack.folder),
                "missing": pack.missing_parts(),
                "precisions": [
                    {"part": part, "precision": precision, "reason": reason} for part, precision, reason in choices
                ],
            }
            for pack, choices in diagnosis.packs
        ],
        "memory": [
            {
                "pack": pack.id,
                "needed": forecast.needed,
                "total": forecast.total,
                "phase": forecast.phase,
                "plan": forecast.plan.words,
                "level": forecast.level,
            }
            for pack, forecast in diagnosis.memory
        ],
        "problems": diagnosis.problems,
        "can_draw": diagnosis.can_draw,
    }
