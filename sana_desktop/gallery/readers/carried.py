"""What a picture file carries beside its pixels, in one form for PNG, JPEG, WebP and AVIF."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# One text, unpacked; all texts of one file together.
LARGEST_TEXT = 4 * 2**20
LARGEST_TEXTS = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Texts by the keywords that PNG files use for them, also where they came from EXIF; XMP as it stands.

    `kind` is PNG, JPEG, WebP or AVIF, `width` and `height` what the header claims (pixels). `bulky` says that more
    lies in the file than was read, so other readers of the format must not be let near it. `notes` say what
    was passed over.
    """

    kind: str
    width: int
    height: int
    texts: Mapping[str, str]
    xmp: str = ""
    bulky: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Collector:
    """Gathers texts within the limits; what exceeds them becomes a note."""

    texts: dict[str, str] = field(default_factory=dict[str, str])
    xmp: str = ""
    bulky: bool = False
    notes: list[str] = field(default_factory=list[str])
    _taken: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more will be kept, so that unpacking more would be wasted."""
        return self._taken >= LARGEST_TEXTS

    def add(self, name: str, text: str) -> None:
        """Keep a text; the first of a name stays."""
        self._taken += len(text)
        if self._taken > LARGEST_TEXTS:
            self.pass_over(name)
        else:
            self.texts.setdefault(name, text)

    def pass_over(self, name: str) -> None:
        """Say that a text was too large to be read."""
        self.bulky = True
        # Counted too: a file of nothing but such texts must come to an end.
        self._taken += LARGEST_TEXT
        self._say(f"A text of more than {LARGEST_TEXT // 2**20} MiB was passed over: “{name[:40]}”.")

    def damaged(self, name: str) -> None:
        """Say that a text could not be read."""
        self._say(f"A damaged text was passed over: “{name[:40]}”.")

    def cut(self) -> None:
        """Say that the file ends in the middle."""
        self._say("The file is cut short; what stands before the cut was read.")

    def carried(self, kind: str, width: int, height: int) -> Carried:
        """All that was gathered."""
        return Carried(
            kind=kind,
            width=width,
            height=height,
            texts=self.texts,
            xmp=self.xmp,
            bulky=self.bulky,
            notes=tuple(self.notes),
        )

    def _say(self, text: str) -> None:
        # A file may hold thousands of them.
        if len(self.notes) < 5:
            self.notes.append(text)
