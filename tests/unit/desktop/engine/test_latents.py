"""Starting noise: the same everywhere for a seed, and files that nobody vouches for."""

import hashlib
import io
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.utils.torch_utils import randn_tensor
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sana_desktop.domain.sizes import Size
from sana_desktop.engine.latents import initial_noise, latents_sha256, latents_to_halves, read_latents, step_noise
from sana_desktop.errors import RecipeError

SIZE = Size(96, 160)
SHAPE = (1, 32, 5, 3)


def _values(shape=SHAPE):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def _saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _header(text: str, version: bytes = b"\x01\x00") -> bytes:
    length = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return b"\x93NUMPY" + version + length + text.encode("latin1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "latents.npy"


def _refusal(file: Path) -> RecipeError:
    with pytest.raises(RecipeError) as caught:
        read_latents(file, SIZE)
    assert caught.value.hint
    assert str(file) in str(caught.value)
    return caught.value


def test_a_seed_gives_the_noise_that_diffusers_draws():
    expected = randn_tensor(SHAPE, generator=torch.Generator("cpu").manual_seed(42))
    drawn = initial_noise(42, SIZE)
    assert drawn.dtype == torch.float32
    assert torch.equal(drawn, expected)


@given(seed=st.integers(0, 2**63 - 1))
@example(seed=2**63 - 1)
def test_every_seed_that_a_recipe_may_hold_draws_the_same_noise_twice(seed):
    assert torch.equal(initial_noise(seed, SIZE, 4), initial_noise(seed, SIZE, 4))


def test_noise_does_not_depend_on_what_was_drawn_before():
    first = initial_noise(1, SIZE)
    torch.manual_seed(999)
    torch.randn(7)
    assert torch.equal(initial_noise(1, SIZE), first)
    assert not torch.equal(initial_noise(2, SIZE), first)


def test_noise_of_the_steps_continues_the_stream_of_the_initial_noise():
    generator = torch.Generator("cpu").manual_seed(42)
    drawn = [randn_tensor(SHAPE, generator=generator) for _ in range(3)]
    noise = step_noise([42], SIZE)
    assert torch.equal(initial_noise(42, SIZE), drawn[0])
    assert torch.equal(noise(1), drawn[1])
    assert torch.equal(noise(2), drawn[2])


def test_noise_of_the_steps_is_the_same_in_every_position_of_a_batch():
    together = step_noise([5, 6, 7], SIZE)
    alone = step_noise([6], SIZE)
    for step in (1, 2):
        assert torch.equal(together(step)[1:2], alone(step))


@pytest.mark.parametrize("first", [2, 3, 5])
def test_noise_of_the_steps_is_the_same_where_earlier_steps_are_left_out(first):
    every, late = step_noise([5, 6], SIZE), step_noise([5, 6], SIZE)
    noises = {step: every(step) for step in range(1, 7)}
    assert torch.equal(late(first), noises[first])
    assert torch.equal(late(first + 1), noises[first + 1])


@pytest.mark.parametrize("again", [1, 2, 3])
def test_noise_of_the_steps_cannot_be_asked_for_backwards(again):
    noise = step_noise([0], SIZE)
    noise(3)
    with pytest.raises(ValueError, match=f"expected one after 3, found {again}"):
        noise(again)


def test_the_fingerprint_is_that_of_the_fp32_bytes():
    values = torch.tensor([[1.0, -2.5], [0.0, 3.0]])
    expected = hashlib.sha256(struct.pack("<4f", 1.0, -2.5, 0.0, 3.0)).hexdigest()
    assert latents_sha256(values) == expected
    assert latents_sha256(values.double()) == expected
    assert latents_sha256(values.T.contiguous().T) == expected
    assert latents_sha256(values + 1) != expected


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4"])
@pytest.mark.parametrize("shape", [SHAPE, SHAPE[1:]], ids=["4d", "3d"])
def test_a_file_of_floats_is_read_as_fp32_with_a_batch_axis(file, shape, dtype):
    values = _values(shape).astype(dtype)
    np.save(file, values)
    latents = read_latents(file, SIZE)
    assert latents.shape == SHAPE
    assert latents.dtype == torch.float32
    assert torch.equal(latents, torch.tensor(values.astype(np.float32)).reshape(SHAPE))


def test_a_file_in_column_order_is_read_in_its_own_order(file):
    np.save(file, np.asfortranarray(_values()))
    assert torch.equal(read_latents(file, SIZE), torch.tensor(_values()))


def test_saved_noise_draws_what_its_seed_draws(file):
    np.save(file, initial_noise(3, SIZE).numpy())
    assert latents_sha256(read_latents(file, SIZE)) == latents_sha256(initial_noise(3, SIZE))


def test_what_was_read_belongs_to_the_reader(file):
    np.save(file, _values())
    latents = read_latents(file, SIZE)
    latents.zero_()
    assert torch.equal(read_latents(file, SIZE), torch.tensor(_values()))


@pytest.mark.parametrize("shape", [(1, 32, 3, 5), (2, 32, 5, 3), (32, 5, 3, 1), (480,), (), (1, 16, 5, 3), (0,)])
def test_a_wrong_shape_says_what_was_expected_and_found(file, shape):
    np.save(file, _values(shape))
    message = str(_refusal(file))
    assert f"has shape [{', '.join(map(str, shape))}]" in message
    assert "expected [1, 32, 5, 3]" in message


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused_with_their_count(file, bad):
    values = _values()
    values[0, 3, 2, 1] = values[0, 0, 0, 0] = bad
    np.save(file, values)
    assert "holds 2 values that are not finite" in str(_refusal(file))


def test_doubles_beyond_the_range_of_fp32_are_refused(file):
    np.save(file, np.full(SHAPE, 1e300))
    assert "not finite" in str(_refusal(file))


@pytest.mark.parametrize("dtype", ["int32", "bool", "complex64", "S4", "datetime64[s]", "uint8"])
def test_values_that_are_not_floats_are_refused(file, dtype):
    np.save(file, np.zeros(SHAPE, dtype))
    assert "expected float16, float32 or float64" in str(_refusal(file))


def test_a_record_array_is_refused(file):
    np.save(file, np.zeros(SHAPE, [("a", "f4")]))
    assert "expected float16" in str(_refusal(file))


class _Trap:
    """Writes a file when unpickled: proof that code ran."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self):
        return (Path.touch, (self._proof,))


def test_an_array_of_objects_is_refused_and_its_code_does_not_run(file, tmp_path):
    proof = tmp_path / "ran"
    np.save(file, np.full(SHAPE, _Trap(proof), dtype=object), allow_pickle=True)
    assert "could run code" in str(_refusal(file))
    assert not proof.exists()


def test_a_bare_pickle_is_refused(file):
    np.zeros(3).dump(file)
    assert "is not a NumPy array file" in str(_refusal(file))


def test_an_archive_is_refused(file):
    with file.open("wb") as stream:
        np.savez(stream, latents=_values())
    assert "is an archive (.npz)" in str(_refusal(file))


def test_a_picture_is_refused(file):
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "is not a NumPy array file" in str(_refusal(file))


def test_an_empty_file_is_refused(file):
    file.touch()
    assert "is not a NumPy array file" in str(_refusal(file))


def test_a_file_cut_short_anywhere_is_refused(file):
    content = _saved(_values())
    for length in [*range(130), 500, len(content) - 1]:
        file.write_bytes(content[:length])
        _refusal(file)


def test_missing_values_are_counted(file):
    file.write_bytes(_saved(_values())[:-7])
    assert "expected 1920 bytes of values, found 1913" in str(_refusal(file))


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 32, 5, 3)",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': 2, 'shape': (1, 32, 5, 3)}",
        "{'descr': 'nonsense', 'fortran_order': False, 'shape': (1, 32, 5, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 7}",
        "__import__('os').getcwd()",
        "(" * 900,
        "-" * 900 + "1",
        "'''",
        "\x00" * 50,
        "",
    ],
)
@pytest.mark.parametrize("version", [b"\x01\x00", b"\x02\x00"], ids=["v1", "v2"])
def test_a_broken_header_is_refused(file, header, version):
    file.write_bytes(_header(header, version) + bytes(1920))
    assert "header that is cut short or broken" in str(_refusal(file))


def test_an_unknown_version_of_the_format_is_refused(file):
    file.write_bytes(_saved(_values()).replace(b"NUMPY\x01", b"NUMPY\x09", 1))
    assert "header that is cut short or broken" in str(_refusal(file))


def test_a_header_that_claims_to_be_gigabytes_long_is_refused(file):
    file.write_bytes(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{'descr': '<f4'")
    assert "header that is cut short or broken" in str(_refusal(file))


def test_a_shape_of_terabytes_is_refused_before_anything_is_allocated(file):
    shape = (1, 32, 2**20, 2**20)
    file.write_bytes(_header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}") + bytes(10**7))
    tracemalloc.start()
    try:
        message = str(_refusal(file))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "has shape [1, 32, 1048576, 1048576]" in message
    assert "expected [1, 32, 5, 3]" in message
    assert peak < 10**6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_a_named_pipe_is_refused_instead_of_waited_for(file):
    os.mkfifo(file)
    assert "was not found" in str(_refusal(file))


def test_a_missing_file_and_a_folder_are_refused(file, tmp_path):
    assert "was not found" in str(_refusal(file))
    assert "was not found" in str(_refusal(tmp_path))


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    _refusal(tmp_path / ("n" * 5000))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 200), replacement=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_but_never_anything_else(tmp_path, position, replacement):
    file = tmp_path / "damaged.npy"
    content = bytearray(_saved(_values()))
    content[position : position + len(replacement)] = replacement
    file.write_bytes(content)
    try:
        latents = read_latents(file, SIZE)
    except RecipeError:
        return
    assert latents.shape == SHAPE
    assert latents.isfinite().all()


def test_finished_latents_become_halves_and_stay_finite():
    latents = torch.tensor([[1.5, -0.25, 1e9, -1e9]])

    found = np.frombuffer(latents_to_halves(latents), "<f2")

    assert found.tolist() == [1.5, -0.25, 65504.0, -65504.0]
