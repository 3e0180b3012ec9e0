from io import BytesIO

import pytest

from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.lines import LONGEST_LINE, Line, read_lines


def read(data: bytes) -> list[Line | Problem]:
    return list(read_lines(BytesIO(data)))


def places(found: list[Line | Problem]) -> list[tuple[int, int] | str]:
    return [(one.line, one.column) if isinstance(one, Problem) else one.text for one in found]


def test_lines_come_without_their_ends_and_a_mark_of_utf8_is_no_letter():
    assert read(b"\xef\xbb\xbfa fox\r\na dog\n\nlast") == [
        Line(1, "a fox"),
        Line(2, "a dog"),
        Line(3, ""),
        Line(4, "last"),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused_by_name(encoding: str):
    with pytest.raises(KnownError, match="line 1, column 1: the list .*UTF-(16|32)"):
        read("a red fox\n".encode(encoding))


def test_bytes_that_are_no_text_cost_their_line_only():
    assert places(read("é\0x\n".encode() + b"ok\n" + "é".encode() + b"\xff\n")) == [(1, 2), "ok", (3, 2)]


def test_a_line_without_end_is_never_held():
    assert places(read(b"x" * (3 * LONGEST_LINE) + b"\nok")) == [(1, 1), "ok"]
