"""Gives the gallery files that nobody should have to read, and looks whether it stays calm.

Run it from the checkout: `.venv/bin/python scripts/fuzz_the_gallery.py --inputs 10000`. Every input is a picture
of ours or of another program, in one of four formats, with something wrong in it: bytes changed, pieces cut out or
doubled, lengths that claim too much, texts of nonsense with right checksums, directories of EXIF that lead back to
themselves. Beside them stand those that the gallery must know by name: a decompression bomb, a text of 50 MB,
encodings that are none, JSON nested 10,000 deep, links out of the folder, names of 255 bytes.

Each file is read as an import reads it, made small, copied without its texts, and imported with the others. The exit
code is 0 if nothing was raised that is not meant for people, nothing took more than a second of the processor, and
nothing was written outside of the library (every call of this process that opens, moves or makes files is watched).
"""

import argparse
import io
import json
import os
import random
import resource
import struct
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from PIL import Image

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.picture import Picture, Provenance, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.gallery.database import FILE_NAME, integrity_problems, open_database
from sana_desktop.gallery.exif import exif_block
from sana_desktop.gallery.exporting import export_pictures
from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.gallery.importer import scan_folder
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.gallery.records import RootKind
from sana_desktop.gallery.repair import repair
from sana_desktop.gallery.small_picture import small_jpeg_of
from sana_desktop.gallery.stripping import without_texts

LONGEST_SECONDS = 1.0
FILES_AT_ONCE = 250
SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "data" / "foreign"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_MOVING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"})
# Lengths and places that mean trouble where they are believed.
_NUMBERS = (0, 1, 7, 8, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def main() -> int:
    """Make, read, report; 1 if something went wrong."""
    parser = argparse.ArgumentParser(description="Give the gallery hostile files.")
    parser.add_argument("--inputs", type=int, default=1000, help="how many (%(default)s)")
    parser.add_argument("--random", type=int, default=None, help="seed of the inputs, to try them again")
    parser.add_argument("--patient", action="store_true", help="only tell what took longest")
    arguments = parser.parse_args()
    seed = random.randrange(10**6) if arguments.random is None else arguments.random
    print(f"inputs from --random {seed}")
    with tempfile.TemporaryDirectory(prefix="sana-desktop-fuzz-") as home:
        return Fuzzer(Path(home).resolve(), random.Random(seed), arguments.patient).run(arguments.inputs)


class Fuzzer:
    """Writes the inputs below `home`/library, reads them, and notes what should not have happened."""

    def __init__(self, home: Path, chance: random.Random, patient: bool) -> None:
        self._library = home / "library"
        self._outside = home / "outside"
        self._chance = chance
        self._patient = patient
        self._problems: list[str] = []
        self._ends: Counter[str] = Counter()
        self._slowest = (0.0, "nothing")
        self._longest_wait = 0.0

    def run(self, inputs: int) -> int:
        """All inputs; returns the exit code."""
        pictures = self._library / "pictures"
        pictures.mkdir(parents=True)
        self._outside.mkdir()
        (self._outside / "secret.png").write_bytes(own(PictureKind.PNG, "a secret"))
        sys.addaudithook(self._watch)
        opened = open_database(self._library / FILE_NAME)
        left, makes = inputs, [*hostile(pictures, self._outside)]
        seeds = list(seed_files())
        while left > 0:
            folder = pictures / f"{left:06}"
            folder.mkdir()
            for number in range(min(FILES_AT_ONCE, left)):
                if makes:
                    made = makes.pop()(folder)
                else:
                    made = folder / f"{number}.{self._chance.choice(('png', 'jpg', 'webp', 'avif'))}"
                    made.write_bytes(spoiled(self._chance.choice(seeds), self._chance))
                self._read(made)
            left -= FILES_AT_ONCE
            self._timed("import", folder, lambda: scan_folder(opened.db, pictures, RootKind.OWN))
        self._timed("export", pictures, lambda: self._export(pictures))
        self._problems += integrity_problems(opened.db)
        report = repair(opened.db)
        if report.rows_without_file:
            self._problems.append(f"{report.rows_without_file} rows without a file")
        names = {path for (path,) in opened.db.execute("SELECT prompt FROM pictures").fetchall()}
        if "a secret" in names:
            self._problems.append("a picture outside of the folder was taken in")
        opened.db.close()
        return self._tell(inputs)

    def _tell(self, inputs: int) -> int:
        print(", ".join(f"{name} {count}" for name, count in sorted(self._ends.items())))
        print(f"slowest: {self._slowest[0] * 1000:.0f} ms, {self._slowest[1]}")
        print(f"longest wait for the processor or the disk beside that: {self._longest_wait * 1000:.0f} ms")
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        for problem in self._problems[:20]:
            print(problem)
        print(f"{inputs} inputs, problems: {len(self._problems)}")
        return 1 if self._problems else 0

    def _read(self, path: Path) -> None:
        """Everything that is done with a file of which nothing is known."""
        if path.is_symlink():
            return
        self._timed("facts", path, lambda: facts_of_file(path))
        self._timed("thumbnail", path, lambda: small_jpeg_of(path))
        if path.stat().st_size < 2**20:
            self._timed("copy without texts", path, lambda: without_texts(path.read_bytes()))

    def _timed(self, what: str, path: Path, work: Callable[[], object]) -> None:
        began, on_the_clock = time.process_time(), time.perf_counter()
        try:
            work()
            self._ends[f"{what} done"] += 1
        except (KnownError, OSError):
            self._ends[f"{what} refused"] += 1
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            self._problems.append(f"{what} of {path.name[:40]}: {type(error).__name__}: {str(error)[:200]}")
            self._keep(path)
        spent = time.process_time() - began
        waited = time.perf_counter() - on_the_clock - spent
        # Whole folders are imported at once; each file of them was timed before.
        if what in ("import", "export"):
            return
        self._slowest = max(self._slowest, (spent, f"{what} of {path.name[:40]}"))
        self._longest_wait = max(self._longest_wait, waited)
        if spent > LONGEST_SECONDS and not self._patient:
            self._problems.append(f"{what} of {path.name[:40]} took {spent:.1f} s")
            self._keep(path)

    def _keep(self, path: Path) -> None:
        print(f"kept for looking at: {path.name[:40]}: {path.read_bytes()[:60]!r}" if path.is_file() else str(path))

    def _export(self, pictures: Path) -> None:
        """Twice into the same folder, so that names have to be numbered."""
        files = [path for path in sorted(pictures.rglob("*")) if path.is_file() and len(os.fsencode(path.name)) > 200]
        for _ in range(2):
            for one in export_pictures(files, self._library / "copies"):
                if one.copy is None:
                    self._problems.append(f"not copied: {one.problem[:200]}")

    def _watch(self, event: str, arguments: tuple[object, ...]) -> None:
        """Python's own report of what this process does with files."""
        if event == "open":
            path, mode, flags = arguments
            writes = (isinstance(flags, int) and flags & _WRITING) or (
                isinstance(mode, str) and set(mode) & set("wax+")
            )
            if writes:
                self._look_at(event, path)
        elif event in _MOVING:
            # What a link leads to is only read.
            if event not in ("os.link", "os.symlink"):
                self._look_at(event, arguments[0])
            if event in ("os.rename", "os.link", "os.symlink"):
                self._look_at(event, arguments[1])

    def _look_at(self, event: str, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        place = Path(os.path.realpath(os.fsdecode(cast("str | bytes | os.PathLike[str]", path))))
        if not place.is_relative_to(self._library) and place != Path(os.devnull):
            self._problems.append(f"{event} outside of the library: {place}")


def own(kind: PictureKind, prompt: str) -> bytes:
    """A small picture of ours."""
    side = 32
    file = io.BytesIO()
    picture = Picture(
        rgb=random.Random(3).randbytes(side * side * 3), width=side, height=side,
        recipe=Recipe(prompt=prompt, negative="blurry", size=Size(side, side), steps=4, guidance=1.0, seed=7,
                      solver=Solver.FLOW_EULER, pack="none"),
        provenance=Provenance(device="none", precision="none", precision_reason="none", pack_version="0",
                              app_version="0", torch_version="0"),
        timings=Timings(load=0.0, encode=0.0, sample=0.0, decode=0.0),
    )  # fmt: skip
    write_picture(picture, kind, file)
    return file.getvalue()


def seed_files() -> Iterator[bytes]:
    """What is spoiled: pictures of ours in every format, and what other programs write."""
    for kind in PictureKind:
        yield own(kind, "a red fox 狐 \U0001f98a")
    for path in sorted(SAMPLES.glob("*.json")):
        sample = json.loads(path.read_text(encoding="utf-8"))
        texts = {**sample.get("texts", {}), **sample.get("comf", {})}
        if "xmp" in sample:
            texts["XML:com.adobe.xmp"] = sample["xmp"]
        if texts:
            yield png(*(text(name, value.encode()) for name, value in texts.items()))
        comment = sample.get("comment") or next(iter(sample.get("exif", {}).values()), "")
        for kind in ("JPEG", "WEBP", "AVIF") if comment else ():
            file = io.BytesIO()
            Image.new("RGB", (16, 8)).save(file, kind, exif=exif_block("Somebody", comment))
            yield file.getvalue()


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The same with something wrong in it, once to four times; half of the PNG files with right checksums."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(1, len(made)))
        length = min(chance.choice((1, 2, 4, 8, 60, 1000)), len(made) - place)
        match chance.randrange(7):
            case 0:
                made[place : place + length] = chance.randbytes(length)
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = made[place : place + length] * chance.choice((1, 2, 50))
            case 3:
                number = struct.pack(chance.choice("<>") + "I", chance.choice(_NUMBERS))
                made[place : place + 4] = number
            case 4:
                made[place : place + length] = chance.choice((b"\xff", b"\0", b"{", b"[", b'"', b"\xd8")) * length
            case 5:
                made[place:place] = nonsense(chance)
            case _:
                del made[place:]
    if chance.random() < 0.5 and made.startswith(b"\x89PNG\r\n\x1a\n"):
        return with_checksums(bytes(made))
    return bytes(made)


def nonsense(chance: random.Random) -> bytes:
    """Texts that readers may believe."""
    words = ('{"prompt":', "[", '"', "\\ud800", "Steps: ", "Seed: 99999999999999999999999", ", ", "Size: 0x0", "NaN",
             "1e999", "Negative prompt:", '{"3":{"class_type":"KSampler","inputs":{"positive":["3",0]}}}',
             "\x00", "Version: v", "<exif:UserComment>{", "&#x0;", "null", ":", "\n")  # fmt: skip
    made = "".join(chance.choice(words) for _ in range(chance.randint(1, 60))).encode("utf-8", "surrogatepass")
    if chance.random() < 0.5:
        keyword = chance.choice((b"parameters", b"prompt", b"sana_recipe", b"invokeai_metadata", b"Comment", b"Dream"))
        kind = chance.choice((b"tEXt", b"zTXt", b"iTXt", b"comf", b"eXIf"))
        return chunk(kind, keyword + b"\0\0" + (zlib.compress(made) if kind == b"zTXt" else made))
    return made


def with_checksums(data: bytes) -> bytes:
    """A PNG file whose chunks say themselves that they are whole, as far as their lengths go."""
    made, place = bytearray(data), 8
    while place + 12 <= len(made):
        (length,) = struct.unpack_from(">I", made, place)
        end = place + 8 + length
        if end + 4 > len(made):
            break
        struct.pack_into(">I", made, end, zlib.crc32(made[place + 4 : end]))
        place = end + 4
    return bytes(made)


def hostile(pictures: Path, outside: Path) -> Iterator[Callable[[Path], Path]]:
    """What has to be there by name; each is written into a folder when its turn comes."""

    def put(name: str, data: bytes) -> Callable[[Path], Path]:
        def write(folder: Path) -> Path:
            (folder / name).write_bytes(data)
            return folder / name

        return write

    def link(name: str, target: Path) -> Callable[[Path], Path]:
        def make(folder: Path) -> Path:
            (folder / name).symlink_to(target)
            return folder / name

        return make

    rows = zlib.compressobj(9)
    black = b"".join(rows.compress(bytes(2501) * 100) for _ in range(200)) + rows.flush()
    yield put("bomb.png", png(text("parameters", b"x"), pixels=black, header=(20_000, 20_000, 1, 0)))
    yield put("bomb-8000.png", png(pixels=zlib.compress(bytes(24_001) * 8000, 1), header=(8000, 8000, 8, 2)))
    yield put("bomb.zTXt.png", png(*[chunk(b"zTXt", b"parameters\0\0" + zlib.compress(bytes(2**26), 9))] * 30))
    yield put("text-50-MB.png", png(chunk(b"tEXt", b"parameters\0" + b"a" * 50 * 2**20)))
    yield put("text-50-MB.webp", webp(b"EXIF", b"MM\0*" + bytes(50 * 2**20)))
    yield put("pairs.png", png(text("parameters", b"a: b, " * 600_000)))
    yield put("utf-8.png", png(chunk(b"iTXt", b"prompt\0\0\0\0\0\xff\xfe{\xc3\x28\xf5\x80")))
    for order, code in (("be", b"\xd8\x00" * 2001), ("le", b"\x00\xdc" * 2001)):
        yield put(f"utf-16-{order}.jpg", jpeg(exif(comment=b"UNICODE\0" + code + b"\x41")))
    for name, nested in (
        ("list", b"[" * 10_000),
        ("object", b'{"a":' * 10_000),
        ("closed", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    ):
        for keyword in ("parameters", "prompt", "sana_recipe", "invokeai_metadata", "Comment", "parameters-json"):
            yield put(f"nested-{name}-{keyword}.png", png(text(keyword, nested)))
    circle = {
        str(number): {"class_type": "KSampler", "inputs": {"positive": [str((number + 1) % 2000), 0]}}
        for number in range(2000)
    }
    yield put("circle.png", png(text("prompt", json.dumps(circle).encode())))
    # The directory that EXIF's inner one is said to be is the outer one, and its values lie within themselves.
    yield put(
        "exif-loop.jpg",
        jpeg(b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">HHHIIHHIII", 2, 0x8769, 4, 1, 8, 0x9286, 7, 65535, 8, 8)),
    )
    yield put(
        "exif-entries.jpg",
        jpeg(b"Exif\0\0II*\0\x08\0\0\0" + b"\xff\xff" + struct.pack("<HHII", 0x9286, 7, 40, 8) * 4000),
    )
    yield put("boxes.avif", avif_of_boxes())
    yield link("link.png", outside / "secret.png")
    yield link("folder", outside)
    yield link("circle", pictures)
    yield link("nowhere.png", outside / "nothing.png")
    yield put("狐" * 83 + "ab.png", own(PictureKind.PNG, "a long name"))


def png(*chunks: bytes, pixels: bytes = b"", header: tuple[int, int, int, int] = (4, 4, 8, 0)) -> bytes:
    """A PNG file; `header` is width, height, bits and kind of colour."""
    rows = pixels or zlib.compress((b"\0" + b"\x80" * 4) * 4)
    first = chunk(b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join((first, *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b"")))


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text(keyword: str, value: bytes) -> bytes:
    """A text chunk in UTF-8."""
    return chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + value)


def exif(comment: bytes) -> bytes:
    """An EXIF block with these bytes as the user comment."""
    entry = struct.pack(">HHHIII", 1, 0x9286, 7, len(comment), 26, 0)
    return b"Exif\0\0MM\0*\0\0\0\x08" + entry + comment


def jpeg(block: bytes) -> bytes:
    """A JPEG file with these bytes in its first segment."""
    file = io.BytesIO()
    Image.new("RGB", (16, 8)).save(file, "JPEG")
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + file.getvalue()[2:]


def webp(name: bytes, body: bytes) -> bytes:
    """A WebP file with one more chunk."""
    file = io.BytesIO()
    Image.new("RGB", (16, 8)).save(file, "WEBP")
    made = file.getvalue()[8:] + name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(made)) + made


def avif_of_boxes() -> bytes:
    """An AVIF file with as many items and pieces as its numbers can name."""
    sizes = struct.pack(">II4s4sI4sIII", 8 + 8 + 20, 0, b"iprp", b"", 20, b"ispe", 0, 8, 8)
    iloc = bytes(4) + b"\0\0" + struct.pack(">H", 0xFFFF) + struct.pack(">HHH", 1, 0, 0xFFFF) * 9000
    boxes = struct.pack(">I4s", 8 + len(iloc), b"iloc") + iloc + sizes
    meta = bytes(4) + boxes
    return (
        struct.pack(">I4s8s4s", 20, b"ftyp", b"avif\0\0\0\0", b"avif")
        + struct.pack(">I4s", 8 + len(meta), b"meta")
        + meta
    )


if __name__ == "__main__":
    sys.exit(main())
