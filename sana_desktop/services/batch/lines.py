"""The lines of a list as a stream: decoded, bounded, and hostile until then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import KnownError

# A prompt of the greatest length in UTF-8, and room for flags.
LONGEST_LINE = 500_000

_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `number` counts from 1."""

    number: int
    text: str


def read_lines(file: BinaryIO) -> Iterator[Line | Problem]:
    """The lines of a file in UTF-8, one at a time, and a problem for each that is no text.

    Never holds more than one line, of at most `LONGEST_LINE` bytes. Raises `KnownError` for UTF-16 and UTF-32,
    which other programs write, and if the disk fails.
    """
    number = 0
    try:
        while True:
            data = file.readline(LONGEST_LINE + 1)
            if not data:
                return
            number += 1
            if number == 1:
                data = _without_mark(data)
            if len(data) > LONGEST_LINE:
                _skip_rest(file, data)
                yield Problem(
                    number, 1, f"The line has more than {LONGEST_LINE} bytes.", "Prompts are shorter; is this a list?"
                )
                continue
            yield _line(number, data)
    except OSError as error:
        raise KnownError(f"The list cannot be read ({error.strerror or error}).") from error


def _without_mark(data: bytes) -> bytes:
    for mark, name in _OTHER_MARKS:
        if data.startswith(mark):
            raise KnownError(
                f"line 1, column 1: the list is {name}, expected UTF-8.", hint="Save it as UTF-8 and try again."
            )
    # UTF-16 without a mark: every second byte of plain letters is zero.
    if len(data) >= 4 and (data[1::2][:8].count(0) >= min(8, len(data) // 2) or data[::2][:8].count(0) == 8):
        raise KnownError("line 1, column 1: the list looks like UTF-16, expected UTF-8.", hint="Save it as UTF-8.")
    return data.removeprefix(_UTF8_MARK)


def _skip_rest(file: BinaryIO, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = file.readline(LONGEST_LINE)


def _line(number: int, data: bytes) -> Line | Problem:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(data[: error.start].decode("utf-8")) + 1
        return Problem(number, column, f"Byte 0x{data[error.start]:02x} is not UTF-8.", "Save the list as UTF-8.")
    if "\0" in text:
        return Problem(number, text.index("\0") + 1, "The line holds a zero byte.", "Remove it; lists are plain text.")
    return Line(number, text.rstrip("\r\n"))
