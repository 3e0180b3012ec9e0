"""What happens on a disk that is really full; a program of its own, for it needs such a disk.

    unshare --map-root-user --mount python -m support.full_disk FOLDER

mounts a small disk in memory at FOLDER, which only this process sees, and prints what happened as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from sana_desktop.domain.events import JobFailed, PictureSaved
from sana_desktop.errors import KnownError
from sana_desktop.gallery.database import FILE_NAME, integrity_problems, open_database
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.library import Library
from sana_desktop.services.saving import OutputPlan, PictureSaver
from support.fake_engine import FakeEngine
from support.recipes import recipe
from support.recording_listener import RecordingListener

SECONDS = 60
DISK = "4m"


def main(folder: Path) -> None:
    """Save a picture, fill the disk, save one in vain, make room, and save that one again."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "full", str(folder)], check=True)
    engine, listener = FakeEngine(), RecordingListener()
    pictures, ballast = folder / "pictures", folder / "ballast"
    pictures.mkdir()
    library = Library(folder / "data", folder / "cache", pictures)
    save = PictureSaver(OutputPlan(folder=pictures), record=library.record)
    with GenerationQueue(lambda: engine, save, listener) as queue:
        queue.wait(queue.submit(recipe(seed=1)), SECONDS)
        library.rescan().result()
        fill(ballast)
        job = queue.submit(recipe(seed=2))
        queue.wait(job, SECONDS)
        (error,) = (event.error for event in listener.of(JobFailed) if isinstance(event.error, KnownError))
        there = names(pictures)
        ballast.unlink()
        queue.wait(queue.retry(job), SECONDS)
    report = library.rescan().result()
    with library.reader() as reader:
        rows = reader.rows(reader.search())
    library.close()
    told = {
        "message": str(error),
        "hint": error.hint,
        "there_when_full": len(there),
        "drawn": [[one.seed for one in batch] for batch in engine.batches],
        "saved": [event.picture.recipe.seed for event in listener.of(PictureSaved)],
        "read_back": sorted(read_recipe(pictures / name).seed for name in names(pictures)),
        "in_the_gallery": sorted(row.facts.seed or 0 for row in rows),
        "new_to_the_gallery": report.added,
        "problems": integrity_of(folder),
    }
    sys.stdout.write(json.dumps(told))


def names(folder: Path) -> list[str]:
    """All files below, also hidden ones."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def fill(ballast: Path) -> None:
    """Leave no room at all."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(os.sysconf("SC_PAGE_SIZE")))


def integrity_of(folder: Path) -> list[str]:
    """What is wrong with the gallery's database."""
    opened = open_database(folder / "data" / FILE_NAME)
    try:
        return list(integrity_problems(opened.db))
    finally:
        opened.db.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
