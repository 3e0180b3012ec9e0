"""Kills the program again and again while it saves, imports, deletes and migrates, and looks at what is left.

Run it from the checkout: `.venv/bin/python scripts/kill_the_gallery.py --kills 200`. Every start is a child
process with the real saver, library and importer; it is killed (SIGKILL) at a random moment. Then the folder
is looked at as its owner would, the database is checked, and after `repair` every picture on the disk must have
its row and every row its file. The exit code is 0 if that was so every time.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from PIL import Image

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.picture import Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import ensure_own
from sana_desktop.gallery.database import FILE_NAME, integrity_problems, open_database, transaction
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.gallery.migrations import MIGRATIONS
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.repair import repair
from sana_desktop.services.library import Library
from sana_desktop.services.saving import OutputPlan, PictureSaver

VERBS = ("save", "import", "delete", "migrate")
OLD = Path(__file__).resolve().parent.parent / "tests" / "data" / "gallery-1.sqlite"
FOREIGN_PICTURES = 300
# A start takes about half a second to import what it needs; it says when it begins.
LONGEST_WAIT = {"save": 0.15, "import": 0.5, "delete": 0.15, "migrate": 0.03}


def main() -> int:
    """Read the arguments and be the child or the one who kills it."""
    parser = argparse.ArgumentParser(description="Kill the program while it writes the gallery.")
    parser.add_argument("--kills", type=int, default=40, help="how often (%(default)s)")
    parser.add_argument("--random", type=int, default=None, help="seed of the moments, to try them again")
    parser.add_argument("--home", type=Path, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--child", choices=VERBS, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        work(arguments.home, arguments.child)
        return 0
    seed = random.randrange(10**6) if arguments.random is None else arguments.random
    print(f"moments from --random {seed}")
    with tempfile.TemporaryDirectory(prefix="sana-desktop-gallery-kills-") as home:
        return Killer(Path(home), random.Random(seed)).run(arguments.kills)


def work(home: Path, verb: str) -> None:
    """Do one thing over and over until somebody ends this process."""
    folder = home / "pictures"
    print("ready", flush=True)
    if verb == "migrate":
        open_database(home / "old" / FILE_NAME).db.close()
        time.sleep(60)
    with Library(home / "data", home / "cache", folder) as library:
        saver = PictureSaver(OutputPlan(folder=folder), record=library.record)
        if verb == "import":
            library.import_folder(home / "foreign").result()
            time.sleep(60)
        for number in range(10_000):
            saver(1, picture(random.randrange(2**32)))
            if verb == "delete" and number % 2:
                library.rescan().result()
                with library.reader() as reader:
                    library.delete(reader.search()[:2], lambda path: path.unlink()).result()


def picture(seed: int) -> Picture:
    """A picture of noise."""
    side = 96
    return Picture(
        rgb=random.Random(seed).randbytes(side * side * 3),
        width=side,
        height=side,
        recipe=Recipe(prompt="noise", size=Size(side, side), steps=4, guidance=1.0, seed=seed,
                      solver=Solver.FLOW_EULER, pack="none", precision=Precision.AUTO),
        provenance=Provenance(device="none", precision="none", precision_reason="none", pack_version="0",
                              app_version="0", torch_version="0"),
        timings=Timings(load=0.0, encode=0.0, sample=0.0, decode=0.0),
    )  # fmt: skip


class Killer:
    """Starts, kills, and compares."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self._home = home
        self._chance = chance
        self._problems: list[str] = []
        self._found: Counter[str] = Counter()

    def run(self, kills: int) -> int:
        """All starts; returns the exit code."""
        saver = PictureSaver(OutputPlan(folder=self._home / "foreign"))
        for seed in range(FOREIGN_PICTURES):
            saver(1, picture(seed))
        for number in range(kills):
            verb = VERBS[number % len(VERBS)]
            self._kill(verb)
            before = len(self._problems)
            self._look(verb)
            print(f"{number + 1:>4}  {verb:8} {'; '.join(self._problems[before:]) or 'sound'}", flush=True)
        print(", ".join(f"{name} {count}" for name, count in sorted(self._found.items())))
        print(f"{kills} kills, problems: {len(self._problems)}")
        return 1 if self._problems else 0

    def _kill(self, verb: str) -> None:
        if verb == "migrate":
            shutil.rmtree(self._home / "old", ignore_errors=True)
            (self._home / "old").mkdir()
            shutil.copy(OLD, self._home / "old" / FILE_NAME)
        if verb == "import":
            self._make_new_again()
        command = [sys.executable, __file__, "--home", str(self._home), "--child", verb]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(self._chance.uniform(0, LONGEST_WAIT[verb]))
            child.kill()

    def _make_new_again(self) -> None:
        """Let the pictures that were imported be files that the gallery has never seen."""
        if (self._home / "data" / FILE_NAME).exists():
            opened = open_database(self._home / "data" / FILE_NAME)
            opened.db.execute("DELETE FROM words WHERE rowid IN (SELECT picture FROM pictures WHERE root > 1)")
            opened.db.execute("DELETE FROM pictures WHERE root > 1")
            opened.db.close()

    def _look(self, verb: str) -> None:
        if verb == "migrate":
            self._look_at_old()
            return
        files = self._files()
        if not (self._home / "data" / FILE_NAME).exists():
            return
        opened = open_database(self._home / "data" / FILE_NAME)
        if opened.notice:
            self._problems.append(opened.notice)
        self._problems += integrity_problems(opened.db)
        with transaction(opened.db):
            # As the library does whenever it opens: the program may have died before it did so the first time.
            ensure_own(opened.db, self._home / "pictures")
        report = repair(opened.db)
        opened.db.close()
        self._found["files without a row"] += report.scan.added
        self._found["rows without a file"] += report.scan.missing
        with GalleryReader(self._home / "data" / FILE_NAME) as reader:
            rows = {row.path for row in reader.rows(reader.search())}
        known = {path for path in files if path.is_relative_to(self._home / "pictures")}
        shown = {path for path in rows if path.is_relative_to(self._home / "pictures")}
        if not report.is_sound or shown != known:
            self._problems.append(
                f"after repair {len(shown - known)} rows without file, {len(known - shown)} files without"
            )

    def _look_at_old(self) -> None:
        """A migration was made as a whole or not at all, and the next start makes up for it."""
        file = self._home / "old" / FILE_NAME
        with sqlite3.connect(file) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
        db.close()
        self._found[f"killed at version {version}"] += 1
        opened = open_database(file)
        rows = opened.db.execute("SELECT count(*) FROM pictures").fetchone()
        (version,) = opened.db.execute("PRAGMA user_version").fetchone()
        if opened.is_new or rows != (4,) or version != len(MIGRATIONS) or integrity_problems(opened.db):
            self._problems.append(f"a migration left {rows} rows at version {version}")
        opened.db.close()

    def _files(self) -> set[Path]:
        """What somebody who opens the folder sees; every file must be a whole picture."""
        files = set((self._home / "pictures").glob("[!.]*"))
        for path in files:
            try:
                with Image.open(path) as image:
                    image.load()
                read_recipe(path)
            except (OSError, ValueError, SyntaxError, KnownError) as error:
                self._problems.append(f"{path.name} is half a picture: {error}")
        return files


if __name__ == "__main__":
    # The readers of an import are started anew from this file.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
