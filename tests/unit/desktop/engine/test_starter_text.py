import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from sana_desktop.engine import starter_conversion, starter_text
from sana_desktop.engine.starter_conversion import convert
from sana_desktop.engine.starter_text import ensure_gemma_270m, gemma_270m_folder
from sana_desktop.engine.text_encoder import load_gemma
from sana_desktop.errors import JobCancelledError, MachineError, WeightsError
from support.tiny_gguf import install_tiny_package

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
    """The parts of a tiny encoder in place of the installed package."""
    return install_tiny_package(tmp_path, monkeypatch)


def ensure(cache: Path, notify: Callable[[str], None], check: Callable[[], None] = nothing) -> Path:
    """Without a process of its own, which would not know the tiny package."""
    return ensure_gemma_270m(cache, notify, check, convert)


@pytest.mark.usefixtures("package")
def test_the_parts_become_a_folder_that_encodes(cache: Path) -> None:
    said: list[str] = []
    folder = ensure(cache, said.append)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert list(cache.iterdir()) == [folder]
    assert len(said) == 1
    encoder = load_gemma(folder, torch.bfloat16, torch.device("cpu"), nothing)
    assert encoder.states(encoder.tokenizer.encode("a red cat")).shape == (4, 32)


def test_a_second_time_nothing_is_made_and_nothing_said(cache: Path, package: list[Path]) -> None:
    said: list[str] = []
    folder = ensure(cache, said.append)
    for part in package:
        part.unlink()
    assert ensure(cache, said.append) == folder
    assert len(said) == 1


@pytest.mark.parametrize("damage", ["a file is gone", "a file is short", "no record", "a broken record", "empty"])
@pytest.mark.usefixtures("package")
def test_a_folder_that_is_not_whole_is_made_again(cache: Path, damage: str) -> None:
    folder = ensure(cache, print)
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
    assert ensure(cache, print) == folder
    assert (folder / "model.safetensors").read_bytes() == weights
    assert list(cache.iterdir()) == [folder]


@pytest.mark.usefixtures("package")
def test_two_programs_may_make_it_at_once(cache: Path) -> None:
    with ThreadPoolExecutor(3) as programs:
        folders = list(programs.map(lambda _: ensure(cache, print), range(3)))
    assert len(set(folders)) == 1
    assert list(cache.iterdir()) == folders[:1]
    assert ensure(cache, pytest.fail) == folders[0]


@pytest.mark.usefixtures("package")
def test_what_another_program_made_meanwhile_is_kept(cache: Path, tmp_path: Path) -> None:
    folder = ensure(cache, print)
    shutil.copytree(folder, tmp_path / "slower")
    theirs = (folder / "model.safetensors").stat().st_ino
    starter_text._move_into_place(tmp_path / "slower", folder)
    assert (folder / "model.safetensors").stat().st_ino == theirs


def test_a_part_that_was_changed_is_refused_and_nothing_left(cache: Path, package: list[Path]) -> None:
    changed = bytearray(package[1].read_bytes())
    changed[100] ^= 1
    package[1].write_bytes(changed)
    with pytest.raises(WeightsError, match="expected sha256"):
        ensure(cache, print)
    assert list(cache.iterdir()) == []


def test_parts_that_are_too_long_are_not_read_into_memory(cache: Path, package: list[Path]) -> None:
    package[2].write_bytes(package[2].read_bytes() + b"x")
    with pytest.raises(WeightsError, match="found more"):
        ensure(cache, print)


@pytest.mark.usefixtures("package")
def test_a_conversion_that_is_cancelled_leaves_nothing(cache: Path) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        ensure(cache, print, check)
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("package")
def test_what_a_killed_program_left_is_swept_away_after_an_hour(cache: Path) -> None:
    old, young = (cache / f"{starter_text._UNFINISHED}{name}" for name in ("old", "young"))
    for left in (old, young):
        left.mkdir(parents=True)
        (left / "model.safetensors").touch()
    os.utime(old, (0, 0))
    folder = ensure(cache, print)
    assert set(cache.iterdir()) == {folder, young}


@pytest.mark.usefixtures("package")
def test_a_cache_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match="could not be prepared in"):
        ensure(tmp_path / "file" / "cache", print)


@pytest.mark.usefixtures("package")
def test_the_folder_is_known_only_once_it_is_whole(cache: Path) -> None:
    assert gemma_270m_folder(cache) is None
    folder = ensure(cache, print)
    assert gemma_270m_folder(cache) == folder
    (folder / "config.json").unlink()
    assert gemma_270m_folder(cache) is None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_installed_package_becomes_gemma(cache: Path) -> None:
    folder = ensure_gemma_270m(cache, print)
    assert json.loads((folder / "made.json").read_text())["source_sha256"] == starter_conversion.SOURCE_SHA256
    encoder = load_gemma(folder, torch.bfloat16, torch.device("cpu"), nothing)
    tokens = encoder.tokenizer.encode("a red apple")
    assert tokens == [2, 236746, 2604, 17810]
    states_LE = encoder.states(tokens).float()
    assert states_LE.shape == (4, 640)
    assert states_LE[1:].std().item() == pytest.approx(SPREAD, rel=0.02)
