"""What the gallery's commands print: for people, and as JSON in ASCII so that every pipe can carry it."""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer

from sana_desktop.cli.boundary import one_line
from sana_desktop.gallery.importer import ScanReport
from sana_desktop.gallery.records import PictureRow, PictureState
from sana_desktop.services.verifying import Verdict


def print_json(document: object) -> None:
    """One document on one line of standard output."""
    typer.echo(json.dumps(document))


def print_path(path: Path) -> None:
    """A path on a line of its own, byte for byte: names of files need not be text."""
    typer.echo(os.fsencode(path))


def row_document(row: PictureRow) -> dict[str, object]:
    """What a search tells of a picture."""
    facts = row.facts
    return {
        "picture": row.picture,
        "path": str(row.path),
        "created": created_text(row),
        "width": facts.width,
        "height": facts.height,
        "prompt": facts.prompt,
        "negative": facts.negative,
        "seed": facts.seed,
        "steps": facts.steps,
        "guidance": facts.guidance,
        "solver": facts.solver,
        "pack": facts.pack,
        "tool": facts.tool,
        "rating": row.rating,
        "favourite": row.favourite,
        "tags": list(row.tags),
        "albums": list(row.albums),
        "missing": row.state is PictureState.MISSING,
    }


def whole_document(row: PictureRow) -> dict[str, object]:
    """Everything that is known of a picture."""
    facts = row.facts
    return row_document(row) | {
        "bytes": facts.length,
        "print": facts.print.hex(),
        "recipe": None if facts.recipe is None else json.loads(facts.recipe),
        "provenance": None if facts.provenance is None else json.loads(facts.provenance),
    }


def row_lines(row: PictureRow) -> Iterator[tuple[str, str]]:
    """What is known of a picture, as (label, value)."""
    facts = row.facts
    values: tuple[tuple[str, object], ...] = (
        ("path", row.path),
        ("number", row.picture),
        ("created", created_text(row)),
        ("size", f"{facts.width}x{facts.height}"),
        ("prompt", facts.prompt),
        ("negative", facts.negative),
        ("seed", facts.seed),
        ("steps", facts.steps),
        ("guidance", facts.guidance),
        ("solver", facts.solver),
        ("pack", facts.pack),
        ("made by", facts.tool),
        ("rating", "★" * row.rating),
        ("favourite", "yes" if row.favourite else ""),
        ("tags", ", ".join(row.tags)),
        ("albums", ", ".join(row.albums)),
        ("file", "missing" if row.state is PictureState.MISSING else ""),
    )
    yield from ((label, one_line(str(value))) for label, value in values if value not in ("", None))


def scan_text(report: ScanReport) -> str:
    """What a scan found, in one line."""
    counts = (
        (report.added, "new"),
        (report.changed, "changed"),
        (report.moved, "moved"),
        (report.missing, "missing"),
        (report.unreadable, "unreadable"),
    )
    found = ", ".join(f"{count} {name}" for count, name in counts if count)
    return f"{report.seen} pictures seen; {found or 'nothing new'}"


def scan_document(report: ScanReport) -> dict[str, object]:
    """What a scan found."""
    return asdict(report)


def verdict_document(path: Path, verdict: Verdict) -> dict[str, object]:
    """What came of drawing again; JSON has no infinite numbers, so a PSNR of the same picture is null."""
    return {
        "path": str(path),
        "identical": verdict.identical,
        "psnr": finite(verdict.psnr),
        "differences": [asdict(one) for one in verdict.differences],
    }


def finite(decibels: float | None) -> float | None:
    """Rounded, None if there is no such number in JSON."""
    return None if decibels is None or math.isinf(decibels) else round(decibels, 2)


def created_text(row: PictureRow) -> str:
    """When the picture came into being: ISO 8601 in universal time; empty for a date that is none."""
    try:
        return datetime.fromtimestamp(row.facts.created / 1000, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
