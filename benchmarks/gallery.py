"""How long the gallery takes with 100,000 pictures: a keystroke of a search, all numbers, a window of rows, an import.

    .venv/bin/python -m benchmarks.gallery --csv benchmarks/results/gallery.csv

The rows are synthetic: prompts of words as frequent as words are in languages, some pictures rated and tagged.
Every keystroke of several searches is timed as it is typed, the worst of them decides. Import reads metadata of
files of A1111, ComfyUI and our own from a folder, the database new each time; the fastest of several imports
decides, because whatever else runs on the machine only makes them slower, and the median stands beside it. Every
measurement begins with a check that the answer is right.
"""

import argparse
import io
import os
import random
import resource
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from benchmarks.record import append_row, percentile
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.picture import Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.gallery.changes import add_root, change_tags, put_picture, rate
from sana_desktop.gallery.database import FILE_NAME, open_database, transaction
from sana_desktop.gallery.importer import scan_folder
from sana_desktop.gallery.infotext import infotext
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.prints import PRINT_BYTES
from sana_desktop.gallery.reader import GalleryReader
from sana_desktop.gallery.records import PictureFacts, RootKind
from sana_desktop.gallery.search import parse_search
from sana_desktop.services.fact_readers import FactReaders

# What the issue asks for.
MOST_MS_PER_KEY = 30.0
FEWEST_FILES_PER_SECOND = 3000.0
TYPED = (
    "{0} {1}",
    "{5} -{0}",
    "{40} rating:>3",
    "{2} tag:best pack:sana-1",
    '"{0} {1}" after:2025',
    "is:favourite {3}",
)
WINDOW = 60
PACKS = ("starter", "sana-600m", "sana-1600m")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and append to the table; 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(description="Measure the gallery.")
    parser.add_argument("--pictures", type=int, default=100_000, help="rows of the gallery (%(default)s)")
    parser.add_argument("--files", type=int, default=12_000, help="files to import (%(default)s)")
    parser.add_argument(
        "--repeat", type=int, default=5, help="how often everything is typed, and imported (%(default)s)"
    )
    parser.add_argument("--csv", type=Path, help="table to append to")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sana-gallery-") as folder:
        row = {"pictures": options.pictures} | measure_rows(Path(folder), options.pictures, options.repeat)
        row |= {"files": options.files} | measure_import(Path(folder), options.files, options.repeat)
    # How many others wanted the processor: more than the machine has make every time by the clock longer.
    row |= {"load": round(os.getloadavg()[0], 1)}
    kept = row["key_max_ms"] <= MOST_MS_PER_KEY and row["files_per_s"] >= FEWEST_FILES_PER_SECOND
    for name, value in row.items():
        print(f"{name:>18}: {value}")
    print(f"wanted: key_max_ms <= {MOST_MS_PER_KEY:g}, files_per_s >= {FEWEST_FILES_PER_SECOND:g}: "
          f"{'kept' if kept else 'NOT KEPT'}")  # fmt: skip
    if options.csv is not None:
        append_row(options.csv, row | {"kept": kept})
    return 0 if kept else 1


def measure_rows(folder: Path, count: int, repeat: int) -> dict[str, float]:
    """Milliseconds of what a person does with a large gallery."""
    words = vocabulary()
    file = folder / FILE_NAME
    began = time.perf_counter()
    fill(file, count, words)
    built = time.perf_counter() - began
    with GalleryReader(file) as reader:
        first = timed(lambda: reader.search())
        everything = reader.search()
        if len(everything) != count:
            raise SystemExit(f"expected {count} numbers, found {len(everything)}")
        # The median of several for each keystroke: what else runs on the machine is not the gallery's.
        typed = [[key for pattern in TYPED for key in type_search(reader, pattern.format(*words))]
                 for _ in range(repeat)]  # fmt: skip
        keys = [median(wall for wall, _ in same) for same in zip(*typed, strict=True)]
        cpu = [median(spent for _, spent in same) for same in zip(*typed, strict=True)]
        windows = [timed(lambda start=start: reader.rows(everything[start : start + WINDOW]))
                   for start in random.Random(1).sample(range(max(1, count - WINDOW)), min(count, 50))]  # fmt: skip
    return {
        "build_s": round(built, 1),
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "ids_first_ms": round(first, 1),
        "ids_again_ms": round(min(timed_again(file)), 1),
        "key_p50_ms": round(percentile(keys, 50), 1),
        "key_p95_ms": round(percentile(keys, 95), 1),
        "key_max_ms": round(max(keys), 1),
        "key_max_cpu_ms": round(max(cpu), 1),
        "window_p50_ms": round(percentile(windows, 50), 1),
        "window_max_ms": round(max(windows), 1),
    }


def timed_again(file: Path) -> list[float]:
    """All numbers, asked for by somebody who looked already."""
    with GalleryReader(file) as reader:
        reader.search()
        return [timed(lambda: reader.search()) for _ in range(5)]


def type_search(reader: GalleryReader, text: str) -> list[tuple[float, float]]:
    """The milliseconds of every keystroke, by the clock and of the processor; one that is no search costs nothing."""
    spent: list[tuple[float, float]] = []
    for end in range(1, len(text) + 1):
        try:
            search = parse_search(text[:end])
        except KnownError:
            continue
        began = time.thread_time()
        wall = timed(lambda search=search: reader.search(search))
        spent.append((wall, (time.thread_time() - began) * 1000))
    found = reader.rows(reader.search(parse_search(text))[:5])
    if any(text.split()[0].strip('"') not in row.facts.prompt for row in found if not text.startswith("is:")):
        raise SystemExit(f"the search {text} found something else")
    return spent


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def vocabulary() -> list[str]:
    """Three thousand words that are not words."""
    chance = random.Random(7)
    return ["".join(chance.choice("aeioubdfgklmnprst") for _ in range(chance.randint(3, 9))) for _ in range(3000)]


def fill(file: Path, count: int, words: list[str]) -> None:
    """Write a gallery of that many pictures."""
    chance = random.Random(8)
    # As frequent as words are: the second half as often as the first, the third a third as often.
    weights = [1 / (place + 3) for place in range(len(words))]
    opened = open_database(file)
    with transaction(opened.db):
        root = add_root(opened.db, file.parent / "pictures", RootKind.OWN)
        for number in range(count):
            prompt = " ".join(chance.choices(words, weights, k=14))
            put_picture(opened.db, root, f"2026/{number:06}.png", facts(chance, prompt, number))
        for stars in range(1, 6):
            rate(opened.db, chance.sample(range(1, count + 1), count // 20), stars)
        change_tags(opened.db, chance.sample(range(1, count + 1), count // 50), add=["best"])
    opened.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.db.close()


def facts(chance: random.Random, prompt: str, number: int) -> PictureFacts:
    """What a file would say."""
    return PictureFacts(
        length=1_500_000, modified=number, print=chance.randbytes(PRINT_BYTES), width=1024,
        height=chance.choice((768, 1024)),
        created=1_600_000_000_000 + chance.randrange(200_000_000_000), tool="Sana Desktop 0.1.0", prompt=prompt,
        negative="blurry, deformed", seed=chance.randrange(2**32), steps=20, guidance=4.5, solver="flow-dpm",
        pack=chance.choice(PACKS), recipe="{}", provenance="{}",
    )  # fmt: skip


def measure_import(folder: Path, count: int, repeat: int) -> dict[str, float]:
    """Files per second of reading a foreign folder into a new gallery, and again when nothing is new."""
    foreign = folder / "foreign"
    write_foreign(foreign, count)
    runs = [import_once(folder / f"import-{number}", foreign, count) for number in range(repeat)]
    shutil.rmtree(foreign)
    return {
        "files_per_s": round(count / min(run[0] for run in runs)),
        "files_per_s_median": round(count / median(run[0] for run in runs)),
        "import_cpu_s": round(min(run[1] for run in runs), 2),
        "rescan_ms": round(min(run[2] for run in runs)),
    }


def import_once(folder: Path, foreign: Path, count: int) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and the milliseconds of another look."""
    opened = open_database(folder / FILE_NAME)
    before = cpu_seconds()
    with FactReaders() as read:
        began = time.perf_counter()
        report = scan_folder(opened.db, foreign, RootKind.IMPORTED, read=read)
        spent = time.perf_counter() - began
    # With the processes that read, which have ended.
    cpu = cpu_seconds() - before
    again = timed(lambda: scan_folder(opened.db, foreign, RootKind.IMPORTED))
    found = opened.db.execute("SELECT count(*) FROM pictures WHERE prompt <> ''").fetchone()
    opened.db.close()
    if report.added != count or found != (count,):
        raise SystemExit(f"of {count} files {report.added} were added, {found[0]} with a prompt")
    return spent, cpu, again


def cpu_seconds() -> float:
    """What this process and those that it has waited for took of the processor."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def write_foreign(folder: Path, count: int) -> None:
    """Pictures of 192 x 192 pixels by three programs; the pixels are the same, what stands beside them is not."""
    folder.mkdir()
    comfyui = (
        '{{"3": {{"class_type": "KSampler", "inputs": {{"seed": {0}, "steps": 20, "cfg": 7.0, "sampler_name": "euler",'
        ' "positive": ["6", 0], "negative": ["7", 0]}}}}, "6": {{"class_type": "CLIPTextEncode", "inputs": {{"text":'
        ' "a fox {0}"}}}}, "7": {{"class_type": "CLIPTextEncode", "inputs": {{"text": "bad"}}}}}}'
    )
    own = picture()
    file = io.BytesIO()
    write_picture(own, PictureKind.PNG, file)
    plain = file.getvalue()
    texts = infotext(own)
    with Image.open(io.BytesIO(plain)) as image:
        image.load()
        bare = image.copy()
    pixels = io.BytesIO()
    bare.save(pixels, "PNG", compress_level=1)
    head, tail = pixels.getvalue()[:33], pixels.getvalue()[33:]
    for number in range(count):
        path = folder / f"{number:06}.png"
        if number % 3 == 0:
            path.write_bytes(plain[:-12] + chunk(b"tEXt", b"n\0%d" % number) + plain[-12:])
            continue
        info = PngInfo()
        if number % 3 == 1:
            info.add_text("parameters", texts.replace("Seed: 7", f"Seed: {number}"))
        else:
            info.add_text("prompt", comfyui.format(number))
        path.write_bytes(head + b"".join(chunk(kind, data) for kind, data, *_ in info.chunks) + tail)
    os.sync()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def picture() -> Picture:
    """A picture of noise."""
    side = 192
    return Picture(
        rgb=random.Random(3).randbytes(side * side * 3),
        width=side,
        height=side,
        recipe=Recipe(prompt="a red fox, running through the snow, evening light", negative="blurry, deformed",
                      size=Size(side, side), steps=20, guidance=4.5, seed=7, solver=Solver.FLOW_DPM, pack="starter"),
        provenance=Provenance(device="cpu", precision="fp32", precision_reason="it is a benchmark", pack_version="1",
                              app_version="0.1.0", torch_version="2.13.0"),
        timings=Timings(load=1.0, encode=0.5, sample=2.0, decode=0.5),
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
