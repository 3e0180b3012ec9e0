import struct

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.engine.gguf.file import GgufFile, read_gguf
from sana_desktop.errors import WeightsError
from support.tiny_gguf import tiny_gguf_tensors, tiny_gguf_tokens, write_tiny_gguf


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_tiny_gguf(path, tiny_gguf_tensors())
    return path.read_bytes()


def parse(data: bytes) -> GgufFile:
    return read_gguf(memoryview(data))


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def header(tensors: int, pairs: int, body: bytes = b"", version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, pairs) + body


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def test_metadata_and_tensors_written_by_llama_cpp_are_read(data: bytes) -> None:
    file = parse(data)
    assert file.metadata["general.architecture"] == "gemma3"
    assert file.metadata["gemma3.block_count"] == 2
    assert file.metadata["gemma3.rope.freq_base"] == 1e6
    assert file.metadata["tokenizer.ggml.tokens"] == tiny_gguf_tokens()
    assert {name: tensor.shape for name, tensor in file.tensors.items()} == {
        name: values.shape for name, values in tiny_gguf_tensors().items()
    }


def test_values_are_those_that_llama_cpp_dequantises(data: bytes) -> None:
    file = parse(data)
    for name, values in tiny_gguf_tensors().items():
        kind = gguf.GGMLQuantizationType.Q8_0 if values.ndim > 1 else gguf.GGMLQuantizationType.F32
        expected = gguf.dequantize(gguf.quantize(values, kind), kind)
        found = np.concatenate(list(file.float_rows(name))).reshape(values.shape)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected)


def test_rows_come_in_pieces_that_join_without_a_gap(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(parse(data).float_rows("token_embd.weight"))
    monkeypatch.setattr("sana_desktop.engine.gguf.file.ROWS_AT_ONCE", 7)
    pieces = list(parse(data).float_rows("token_embd.weight"))
    assert {len(piece) for piece in pieces[:-1]} == {7}
    np.testing.assert_array_equal(np.concatenate(pieces), np.concatenate(whole))


def test_a_file_cut_anywhere_is_a_known_error(data: bytes) -> None:
    end_of_header = parse(data).tensors["token_embd.weight"].offset
    for length in [*range(4000), *range(4000, end_of_header - 64, 97)]:
        with pytest.raises(WeightsError):
            parse(data[:length])


def test_a_tensor_whose_data_is_cut_is_a_known_error(data: bytes) -> None:
    file = parse(data[:-64])
    last = max(file.tensors.values(), key=lambda tensor: tensor.offset)
    with pytest.raises(WeightsError, match="truncated"):
        list(file.float_rows(last.name))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_anywhere_in_the_header_is_read_or_a_known_error(data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        damaged[draw.draw(st.integers(0, 3000))] = draw.draw(st.integers(0, 255))
    try:
        file = parse(bytes(damaged))
        for name in list(file.tensors)[:4]:
            list(file.float_rows(name))
    except WeightsError:
        pass


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "truncated"),
        (b"PK\x03\x04" + b"\0" * 40, "Not a GGUF file"),
        (header(0, 0, version=1), "version 1 cannot be read"),
        (header(2**63, 0), "announces 9223372036854775808 tensors"),
        (header(0, 2**40), "announces 1099511627776 metadata pairs"),
        (header(0, 1, struct.pack("<Q", 2**60)), "truncated"),
        (header(0, 1, text("a") + struct.pack("<I", 99)), "unknown type 99"),
        (header(0, 1, text("a") + struct.pack("<IIQ", 9, 8, 2**50)), "strings in"),
        (header(0, 1, text("a") + struct.pack("<IIQ", 9, 10, 2**61)), "truncated"),
        (header(0, 1, text("a") + struct.pack("<IIQ", 9, 9, 1)), "unknown type 9"),
        (header(0, 1, text("a") + struct.pack("<IQ", 8, 1) + b"\xff"), "not UTF-8"),
        (header(0, 2, 2 * (text("a") + struct.pack("<IB", 0, 1))), "there twice"),
        (header(0, 1, text("general.alignment") + struct.pack("<II", 4, 0)), "alignment 0"),
        (header(0, 1, text("general.alignment") + struct.pack("<If", 6, 2.0)), "alignment 2.0"),
        (header(1, 0, tensor("w", ())), "0 dimensions"),
        (header(1, 0, text("w") + struct.pack("<I", 2**32 - 1)), "4294967295 dimensions"),
        (header(1, 0, tensor("w", (4, 0))), "is empty"),
        (header(2, 0, 2 * tensor("w", (4,))), "two tensors of one name"),
    ],
)
def test_what_no_sound_file_says_is_a_known_error(content: bytes, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        parse(content)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (tensor("w", (4,), kind=999), "unknown type 999"),
        (tensor("w", (31, 2), kind=8), "whole Q8_0 blocks"),
        (tensor("w", (2**62, 2**62)), "truncated"),
        (tensor("w", (4,), offset=2**63), "truncated"),
        (tensor("w", (256,), kind=15 + 9), "cannot be read"),
    ],
    ids=["type", "blocks", "size", "offset", "a type without dequantisation"],
)
def test_a_tensor_that_cannot_be_read_is_a_known_error(entry: bytes, message: str) -> None:
    file = parse(header(1, 0, entry) + b"\0" * 4096)
    with pytest.raises(WeightsError, match=message):
        list(file.float_rows("w"))
