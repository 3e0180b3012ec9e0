import io

from sana_desktop.gallery.prints import END_BYTES, PRINT_BYTES, fingerprint


def of(data: bytes) -> bytes:
    return fingerprint(io.BytesIO(data))


def test_small_files_are_told_apart_by_every_byte():
    data = bytes(2 * END_BYTES)
    assert len(of(data)) == PRINT_BYTES
    assert of(data) == of(bytes(2 * END_BYTES))
    for place in (0, END_BYTES - 1, END_BYTES, 2 * END_BYTES - 1):
        assert of(data[:place] + b"x" + data[place + 1 :]) != of(data)
    assert of(b"") != of(b"\0")


def test_large_files_are_told_apart_by_their_ends_and_their_length():
    data = bytes(3 * END_BYTES)
    assert of(b"x" + data[1:]) != of(data)
    assert of(data[:-1] + b"x") != of(data)
    assert of(data + b"\0") != of(data)
