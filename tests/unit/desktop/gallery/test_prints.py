import io
from collections.abc import Callable
from typing import BinaryIO

import pytest

from sana_desktop.gallery.prints import (
    END_BYTES,
    FIRST_END_BYTES,
    FIRST_PRINT_BYTES,
    PRINT_BYTES,
    fingerprint,
    first_fingerprint,
    is_print_of,
)

KINDS = pytest.mark.parametrize(
    ("kind", "end", "size"),
    [(fingerprint, END_BYTES, PRINT_BYTES), (first_fingerprint, FIRST_END_BYTES, FIRST_PRINT_BYTES)],
)
Kind = Callable[[BinaryIO], bytes]


@KINDS
def test_small_files_are_told_apart_by_every_byte(kind: Kind, end: int, size: int):
    data = bytes(2 * end)
    made = kind(io.BytesIO(data))
    assert len(made) == size
    assert made == kind(io.BytesIO(bytes(2 * end)))
    for place in (0, end - 1, end, 2 * end - 1):
        assert kind(io.BytesIO(data[:place] + b"x" + data[place + 1 :])) != made
    assert kind(io.BytesIO(b"")) != kind(io.BytesIO(b"\0"))


@KINDS
def test_large_files_are_told_apart_by_their_ends_and_their_length(kind: Kind, end: int, size: int):
    data = bytes(3 * end)
    made = kind(io.BytesIO(data))
    assert kind(io.BytesIO(b"x" + data[1:])) != made
    assert kind(io.BytesIO(data[:-1] + b"x")) != made
    assert kind(io.BytesIO(data + b"\0")) != made


@KINDS
def test_a_print_of_either_kind_is_recognised(kind: Kind, end: int, size: int):
    made = kind(io.BytesIO(b"a picture"))
    assert is_print_of(made, io.BytesIO(b"a picture"))
    assert not is_print_of(made, io.BytesIO(b"another"))


def test_the_first_kind_of_print_stays_what_it_was():
    # Old databases hold such; made by the program that wrote them.
    assert first_fingerprint(io.BytesIO(b"a picture")).hex() == "6f143c0bbb39a2dff74ede286b119180"
