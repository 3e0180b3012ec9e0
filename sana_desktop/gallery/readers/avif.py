"""The texts of an AVIF file, found by walking through its boxes; nothing is unpacked.

A file is a row of boxes. The one called "meta" lists items (the pixels, EXIF, XMP) and says in which pieces
(extents) of the file each of them lies.
"""

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.carried import LARGEST_TEXT, Carried, Collector
from sana_desktop.gallery.readers.exif_texts import add_exif

# A still picture has three boxes at the top; its "meta" is some hundred bytes, a large mosaic's some thousand.
MOST_BOXES = 64
LARGEST_META = 2**20
MOST_ITEMS = 4096
MOST_EXTENTS = 4096

XMP_TYPE = b"application/rdf+xml"
# Nothing can be looked for behind it.
_FARTHEST = 2**62
_BRANDS = (b"avif", b"avis")
_EXIF, _MIME = b"Exif", b"mime"


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its name: `start` is where its content begins, `end` the place behind it."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the list: `kind_at` is where in the file its kind is written, `extents` are (place, length)."""

    kind: bytes
    kind_at: int
    extents: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """Bytes of all extents."""
        return sum(length for _, length in self.extents)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds: boxes at the top, EXIF and XMP items, and the pixels of the picture, None without."""

    boxes: tuple[Box, ...]
    texts: tuple[Item, ...]
    size: tuple[int, int] | None


def is_avif(head: bytes) -> bool:
    """Whether a file that begins so is an AVIF file."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def read_avif(file: BinaryIO) -> Carried:
    """EXIF texts and XMP of an AVIF file; raises `RecipeError` if it names no size."""
    layout = layout_of(file)
    if layout.size is None:
        raise RecipeError("Expected the size of an AVIF picture, found none.", hint="The file is damaged.")
    found = Collector()
    for item in layout.texts:
        if item.length > LARGEST_TEXT:
            found.pass_over(item.kind.decode("latin-1"))
            continue
        body = _content(file, item)
        if len(body) < item.length:
            found.cut()
        elif item.kind == _EXIF:
            _add_exif(found, body)
        else:
            found.xmp = found.xmp or body.decode("utf-8", "replace")
    return found.carried("AVIF", *layout.size)


def layout_of(file: BinaryIO) -> Layout:
    """Where everything lies; what is damaged counts as not there. Reads headers and "meta" only."""
    boxes = tuple(_top(file))
    texts: tuple[Item, ...] = ()
    size: tuple[int, int] | None = None
    for box in boxes:
        if box.name == b"meta" and box.end - box.start <= LARGEST_META:
            file.seek(box.start)
            meta = file.read(box.end - box.start)
            with contextlib.suppress(struct.error, IndexError):
                size = _size(meta)
                texts = tuple(_texts(meta, box.start))
            break
    return Layout(boxes, texts, size)


def _top(file: BinaryIO) -> Iterator[Box]:
    place = 0
    for _ in range(MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return
        length, name = struct.unpack_from(">I4s", head)
        start = place + 8
        if length == 1 and len(head) == 16:
            # Sixty-four bits, for what is larger than four gigabytes; no picture is.
            (length,) = struct.unpack_from(">Q", head, 8)
            start = place + 16
        end = file.seek(0, 2) if length == 0 else place + length
        if not start <= end <= _FARTHEST:
            return
        yield Box(name, start, end)
        place = end


def _inner(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes within a piece of `data`, as far as they fit together."""
    while start + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, start)
        if length < 8 or start + length > end:
            return
        yield Box(name, start + 8, start + length)
        start += length


def _texts(meta: bytes, place: int) -> Iterator[Item]:
    """The items that are texts; `place` is where `meta` stands in the file."""
    boxes = {box.name: box for box in _inner(meta, 4, len(meta))}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    within = boxes.get(b"idat")
    extents = _extents(meta, boxes[b"iloc"], None if within is None else place + within.start)
    for number, kind, kind_at, content_type in _kinds(meta, boxes[b"iinf"]):
        if kind == _EXIF or (kind == _MIME and content_type == XMP_TYPE):
            yield Item(kind, place + kind_at, extents.get(number, ()))


def _kinds(meta: bytes, box: Box) -> Iterator[tuple[int, bytes, int, bytes]]:
    """Number, kind, its place in `meta`, and content type of every item."""
    version = meta[box.start]
    entries = box.start + (6 if version == 0 else 8)
    for count, entry in enumerate(_inner(meta, entries, box.end)):
        if count >= MOST_ITEMS:
            return
        version = meta[entry.start]
        if entry.name != b"infe" or version not in (2, 3):
            continue
        wide = version == 3
        (number,) = struct.unpack_from(">I" if wide else ">H", meta, entry.start + 4)
        kind_at = entry.start + (10 if wide else 8)
        _name, _, rest = meta[kind_at + 4 : entry.end].partition(b"\0")
        yield number, meta[kind_at : kind_at + 4], kind_at, rest.partition(b"\0")[0]


def _extents(meta: bytes, box: Box, within: int | None) -> dict[int, tuple[tuple[int, int], ...]]:
    """For every item its pieces of the file; `within` is where the content of "idat" stands in it."""
    version = meta[box.start]
    sizes, more = meta[box.start + 4], meta[box.start + 5]
    offset_size, length_size, base_size, index_size = sizes >> 4, sizes & 15, more >> 4, more & 15
    reader = _Reader(meta[: box.end], box.start + 6)
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    left = MOST_EXTENTS
    for _ in range(min(reader.number(4 if version == 2 else 2), MOST_ITEMS)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version in (1, 2) else 0
        reader.number(2)
        base = reader.number(base_size)
        pieces: list[tuple[int, int]] = []
        for _ in range(reader.number(2)):
            left -= 1
            if left < 0:
                return found
            if version in (1, 2):
                reader.number(index_size)
            pieces.append((base + reader.number(offset_size), reader.number(length_size)))
            if pieces[-1][0] > _FARTHEST:
                raise struct.error("a piece outside of any file")
        if method == 1 and within is not None:
            pieces = [(within + start, length) for start, length in pieces]
        if method == 0 or (method == 1 and within is not None):
            found[item] = tuple(pieces)
    return found


def _size(meta: bytes) -> tuple[int, int] | None:
    """The largest of the sizes that are listed: tiles and thumbnails are smaller than the picture."""
    found: list[tuple[int, int]] = []
    for box in _inner(meta, 4, len(meta)):
        if box.name != b"iprp":
            continue
        for inner in _inner(meta, box.start, box.end):
            if inner.name == b"ipco":
                found += [
                    struct.unpack_from(">II", meta, one.start + 4)
                    for one in _inner(meta, inner.start, inner.end)
                    if one.name == b"ispe" and one.end - one.start >= 12
                ]
    return max(found, key=lambda size: size[0] * size[1], default=None)


def _content(file: BinaryIO, item: Item) -> bytes:
    parts: list[bytes] = []
    for place, length in item.extents:
        file.seek(place)
        parts.append(file.read(length))
    return b"".join(parts)


def _add_exif(found: Collector, body: bytes) -> None:
    """Before the block stands how many bytes lie between here and its beginning."""
    try:
        (skipped,) = struct.unpack_from(">I", body)
    except struct.error:
        found.damaged("EXIF")
        return
    add_exif(found, body[4 + skipped :])


class _Reader:
    """Whole numbers one after the other; raises `struct.error` at the end."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data = data
        self._place = place

    def number(self, size: int) -> int:
        """The next number of `size` bytes; zero for none."""
        piece = self._data[self._place : self._place + size]
        if len(piece) < size:
            raise struct.error("a number outside of the box")
        self._place += size
        return int.from_bytes(piece, "big")
