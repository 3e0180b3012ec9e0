from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sana_desktop.engine.embedding_cache import EmbeddingCache, EmbeddingKey

KEY = EmbeddingKey("gemma", (2, 7, 9), 1, 3)
STATES = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))


def key(number: int) -> EmbeddingKey:
    return EmbeddingKey("gemma", (number,), 1, 1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_states_come_back_bit_for_bit_from_memory_and_from_the_folder(tmp_path: Path, dtype: torch.dtype) -> None:
    cache = EmbeddingCache(tmp_path)
    states = STATES.to(dtype)
    assert cache.get(KEY) is None
    cache.put(KEY, states)
    for found in (cache.get(KEY), EmbeddingCache(tmp_path).get(KEY)):
        assert found is not None
        assert found.dtype == dtype
        assert torch.equal(found, states)


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, encoder="gemma in bf16"),
        replace(KEY, tokens=(2, 7, 8)),
        replace(KEY, kept_from=2),
        replace(KEY, length=4),
        EmbeddingKey("gemma", (1, 3, 2, 7, 9), 1, 3),
    ],
    ids=["encoder", "tokens", "kept_from", "length", "shifted numbers"],
)
def test_every_part_of_the_key_tells_entries_apart(tmp_path: Path, other: EmbeddingKey) -> None:
    cache = EmbeddingCache(tmp_path)
    cache.put(KEY, STATES)
    assert cache.get(other) is None
    assert other.digest != KEY.digest


def test_memory_forgets_what_was_used_longest_ago() -> None:
    cache = EmbeddingCache(memory_bytes=2 * STATES.nbytes)
    cache.put(key(1), STATES)
    cache.put(key(2), STATES)
    assert cache.get(key(1)) is not None
    cache.put(key(3), STATES)
    assert cache.get(key(2)) is None
    assert cache.get(key(1)) is not None
    assert cache.get(key(3)) is not None


def test_putting_twice_counts_once() -> None:
    cache = EmbeddingCache(memory_bytes=2 * STATES.nbytes)
    for _ in range(5):
        cache.put(key(1), STATES)
    cache.put(key(2), STATES)
    assert cache.get(key(1)) is not None
    assert cache.get(key(2)) is not None


def test_what_is_larger_than_the_memory_is_not_kept_in_it() -> None:
    cache = EmbeddingCache(memory_bytes=STATES.nbytes - 1)
    cache.put(KEY, STATES)
    assert cache.get(KEY) is None


def test_the_folder_forgets_what_was_used_longest_ago(tmp_path: Path) -> None:
    EmbeddingCache(tmp_path).put(key(1), STATES)
    (entry,) = tmp_path.iterdir()
    bound = 2 * entry.stat().st_size
    for number in (2, 3):
        EmbeddingCache(tmp_path, folder_bytes=bound).put(key(number), STATES)
    fresh = EmbeddingCache(tmp_path, folder_bytes=bound)
    assert [fresh.get(key(number)) is not None for number in (1, 2, 3)] == [False, True, True]


def test_an_unfinished_file_of_a_killed_program_is_forgotten_in_its_turn(tmp_path: Path) -> None:
    (tmp_path / "left.unfinished").write_bytes(b"x" * 10_000)
    EmbeddingCache(tmp_path, folder_bytes=5_000).put(KEY, STATES)
    assert [path.suffix for path in tmp_path.iterdir()] == [".safetensors"]


def test_files_that_are_not_its_own_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.png").write_bytes(b"x" * 10_000)
    EmbeddingCache(tmp_path, folder_bytes=5_000).put(KEY, STATES)
    assert (tmp_path / "holiday.png").exists()


def damaged_copies(data: bytes) -> dict[str, bytes]:
    flipped = bytearray(data)
    flipped[-1] ^= 1
    return {
        "empty": b"",
        "truncated": data[:-1],
        "flipped bit in the states": bytes(flipped),
        "not safetensors": b"\xff" * len(data),
        "text": b"hello",
        "another key's": b"",
    }


@pytest.mark.parametrize("damage", list(damaged_copies(b"x")))
def test_a_damaged_file_counts_as_none_and_is_replaced(tmp_path: Path, damage: str) -> None:
    EmbeddingCache(tmp_path).put(KEY, STATES)
    (entry,) = tmp_path.iterdir()
    if damage == "another key's":
        EmbeddingCache(tmp_path).put(key(1), STATES)
        (other,) = set(tmp_path.iterdir()) - {entry}
        other.replace(entry)
    else:
        entry.write_bytes(damaged_copies(entry.read_bytes())[damage])
    cache = EmbeddingCache(tmp_path)
    assert cache.get(KEY) is None
    cache.put(KEY, STATES)
    repaired = EmbeddingCache(tmp_path).get(KEY)
    assert repaired is not None
    assert torch.equal(repaired, STATES)


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = EmbeddingCache(tmp_path / "file" / "folder")
    cache.put(KEY, STATES)
    assert cache.get(KEY) is not None


def test_a_deleted_folder_is_made_again(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "folder")
    cache.put(KEY, STATES)
    assert EmbeddingCache(tmp_path / "folder").get(KEY) is not None
